"""Cancels what was planned already on the days a table closes; prepared meetings stay."""

from __future__ import annotations

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app import access
from app.access import Actor, Permission
from app.access.administration.accounts import staff_of
from app.access.meetings import steps
from app.access.meetings.pictures import Scope
from app.access.meetings.series import closures_of, recipients, with_entries
from app.access.meetings.series_meetings import PlannedMeeting, hold_all
from app.access.meetings.series_preview import named_people
from app.domain.errors import NotVisible
from app.features.series.carrying import record_meetings, write_meetings
from app.features.series.closures import ClosureView, meetings_in, view_of
from app.features.series.pages import Hearer, MeetingLine, TableChoice, line_of
from app.infra import clock
from app.infra.calendar_queue import queue_calendar, queue_series
from app.infra.db import reading, transaction
from app.models import CaseTable, ClosurePeriod, Meeting, Series


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearingPage:
    """What is planned on the days of a closure: what can go at once, what was prepared, who hears.

    ``mark`` tells whether what is cancelled is what was shown.
    """

    table: TableChoice
    closure: ClosureView
    bare: tuple[MeetingLine, ...]
    prepared: tuple[MeetingLine, ...]
    people: tuple[Hearer, ...]
    mark: str


@dataclass(frozen=True, slots=True)
class Cleared:
    """How many meetings were cancelled, and the one series they were all of, if it is one."""

    meetings: int
    series_id: uuid.UUID | None


def read_clearing(actor: Actor, table_id: uuid.UUID, closure_id: uuid.UUID) -> ClearingPage:
    """The meetings on the days of a closure; NotVisible without such a closure."""
    with reading() as session:
        table, closure = _load(session, actor, table_id, closure_id)
        found = meetings_in(session, closure)
        bare = [one for one in found if one.is_bare]
        told = _told(session, table, bare)
        return ClearingPage(
            table=TableChoice(table.id, table.name),
            closure=view_of(closure, len(found)),
            bare=tuple(line_of(one.meeting, one.items) for one in bare),
            prepared=tuple(line_of(one.meeting, one.items) for one in found if not one.is_bare),
            people=tuple(Hearer(name, code) for name, code in named_people(session, told)),
            mark=_mark(bare),
        )


def clear(actor: Actor, table_id: uuid.UUID, closure_id: uuid.UUID, *, seen: str) -> Cleared | None:
    """Cancel the bare meetings on the days of a closure; None when other ones were shown."""
    with transaction() as session:
        table, closure = _load(session, actor, table_id, closure_id)
        held = hold_all(session, meetings_in(session, closure))
        bare = [one for one in meetings_in(session, closure) if one.is_bare]
        if not bare or _mark(bare) != seen:
            return None
        of_series: dict[uuid.UUID | None, list[Meeting]] = defaultdict(list)
        for one in bare:
            of_series[one.meeting.series_id].append(one.meeting)
        record_meetings(session, actor, table.id, [one.meeting.id for one in bare])
        for series_id, meetings in of_series.items():
            if series_id is None:
                _cancel_single(session, actor, table, meetings)
            else:
                _cancel_of(session, actor, table, held[series_id], meetings)
        only = next(iter(of_series)) if len(of_series) == 1 else None
        return Cleared(len(bare), only)


def _load(
    session: Session, actor: Actor, table_id: uuid.UUID, closure_id: uuid.UUID
) -> tuple[CaseTable, ClosurePeriod]:
    table = access.load_staff_table(session, actor, table_id, Permission.MEETING_PUBLISH)
    for closure in closures_of(session, table.id):
        if closure.id == closure_id:
            return table, closure
    raise NotVisible


def _cancel_of(
    session: Session,
    actor: Actor,
    table: CaseTable,
    held: tuple[Series, frozenset[uuid.UUID]],
    meetings: Iterable[Meeting],
) -> None:
    """Days of one series: whoever has it hears of them in one go."""
    series, coming = held
    scope = Scope(meetings=coming, series=frozenset({series.id}))
    before = steps.picture_of(session, scope)
    write_meetings(session, {one: {"cancelled_at": clock.now()} for one in meetings})
    told = with_entries(session, series.id) | recipients(session, table, now=clock.now())
    queue_series(session, series.id, told)
    steps.keep(session, actor, series, before)


def _cancel_single(
    session: Session, actor: Actor, table: CaseTable, meetings: Iterable[Meeting]
) -> None:
    staff = staff_of(session, frozenset({table.id}), now=clock.now())
    for one in meetings:
        before = steps.picture(session, one)
        one.cancelled_at = clock.now()
        queue_calendar(session, one.id, staff)
        steps.keep(session, actor, one, before)


def _told(
    session: Session, table: CaseTable, found: Sequence[PlannedMeeting]
) -> frozenset[uuid.UUID]:
    """Who has any of these in the calendar; nobody is invited to a bare meeting."""
    now = clock.now()
    told: frozenset[uuid.UUID] = frozenset()
    ids = {one.meeting.series_id for one in found}
    if None in ids:
        told |= staff_of(session, frozenset({table.id}), now=now)
    for series_id in ids - {None}:
        if series_id is not None:
            told |= with_entries(session, series_id) | recipients(session, table, now=now)
    return told


def _mark(bare: Iterable[PlannedMeeting]) -> str:
    shown = [f"{one.meeting.id} {one.meeting.starts_at.isoformat()}" for one in bare]
    return hashlib.sha256("|".join(shown).encode()).hexdigest()
