"""What an act on a series would do and who hears of it, before anything is saved."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date

from sqlalchemy.orm import Session

from app import access
from app.access import Actor, Permission
from app.access.meetings.rooms import Booking, taken_moments
from app.access.meetings.series import load_series, recipients, with_entries
from app.access.meetings.series_preview import (
    days_with_meetings,
    has_closed,
    invited_at,
    named_people,
)
from app.domain.local_time import local_date
from app.features.series import deadlines
from app.features.series.pages import Hearer, Preview, line_of
from app.features.series.plans import (
    Plan,
    TypedRhythm,
    days_ahead,
    extension,
    plan_change,
    starting_on,
    stopping_on,
)
from app.features.series.service import refuse_ended, typed_of
from app.infra import clock
from app.infra.db import reading
from app.models import CaseTable, Series


def preview_new(actor: Actor, table_id: uuid.UUID, typed: TypedRhythm) -> Preview:
    """What a new series would plan; Refusal when it cannot be."""
    with reading() as session:
        table = access.load_staff_table(session, actor, table_id, Permission.MEETING_CREATE)
        plan = Plan(days=days_ahead(session, table.id, typed))
        told = recipients(session, table, now=clock.now())
        return _preview(session, actor, table, plan, told, room_id=typed.room_id)


def preview_change(
    actor: Actor, series_id: uuid.UUID, typed: TypedRhythm, *, from_on: date | None
) -> Preview:
    """What another rhythm would do from a day on."""
    with reading() as session:
        series, table = _load(session, actor, series_id)
        refuse_ended(series)
        day = max(from_on or clock.today(), clock.today())
        changed = starting_on(series, typed, day)
        plan = plan_change(session, series, changed, from_on=day)
        told = recipients(session, table, now=clock.now()) | with_entries(session, series.id)
        return _preview(session, actor, table, plan, told, room_id=typed.room_id)


def preview_extension(actor: Actor, series_id: uuid.UUID, last_on: date) -> Preview:
    """Which days an extension would add, and who hears of them."""
    with reading() as session:
        series, table = _load(session, actor, series_id)
        _, days = extension(session, series, typed_of(series), last_on)
        told = recipients(session, table, now=clock.now())
        return _preview(session, actor, table, Plan(days=days), told, room_id=series.room_id)


def preview_end(actor: Actor, series_id: uuid.UUID, *, from_on: date | None) -> Preview:
    """What ending a series from a day on would take away."""
    with reading() as session:
        series, table = _load(session, actor, series_id)
        plan = stopping_on(session, series, from_on=max(from_on or clock.today(), clock.today()))
        return _preview(session, actor, table, plan, with_entries(session, series.id))


def _load(session: Session, actor: Actor, series_id: uuid.UUID) -> tuple[Series, CaseTable]:
    series = load_series(session, actor, series_id, Permission.MEETING_CREATE)
    return series, session.get_one(CaseTable, series.table_id)


def _preview(
    session: Session,
    actor: Actor,
    table: CaseTable,
    plan: Plan,
    told: frozenset[uuid.UUID],
    *,
    room_id: uuid.UUID | None = None,
) -> Preview:
    now = clock.now()
    ours = {one.meeting.id for one in (*plan.removed, *plan.kept)}
    ours |= {one.meeting.id for one, _ in plan.moved}
    moving = [one.meeting.id for one, _ in plan.moved if one.items]
    return Preview(
        days=plan.held,
        skipped=tuple(one for one in plan.days if one.skipped is not None),
        moved=len(plan.moved),
        removed=len(plan.removed),
        kept=tuple(line_of(one.meeting, one.items) for one in plan.kept),
        beside=_beside(session, table.id, plan, ours),
        taken=_taken(session, plan, room_id),
        deadlines=deadlines.as_lines(deadlines.propose(session, actor, plan)),
        people=tuple(Hearer(name, code) for name, code in named_people(session, told)),
        partners=len(invited_at(session, actor, moving, now=now) - told),
        has_closed=has_closed(session, actor, moving, now=now),
    )


def _beside(
    session: Session, table_id: uuid.UUID, plan: Plan, ours: Collection[uuid.UUID]
) -> tuple[date, ...]:
    days = [one.day for one in plan.held]
    if not days:
        return ()
    found = days_with_meetings(session, table_id, (min(days), max(days)), but=ours)
    return tuple(one.day for one in plan.held if local_date(one.starts_at) in found)


def _taken(session: Session, plan: Plan, room_id: uuid.UUID | None) -> tuple[date, ...]:
    """Days on which somebody else is in the room; whoever saves is refused then."""
    if room_id is None:
        return ()
    going = [one.meeting.id for one in plan.removed] + [one.meeting.id for one, _ in plan.moved]
    wanted = [Booking(uuid.uuid4(), one.starts_at, one.ends_at) for one in plan.held]
    found = taken_moments(session, room_id, wanted, but=going)
    return tuple(sorted({local_date(starts_at) for starts_at, _ends_at in found}))
