"""What the pages of a series show: its days, what a change does, and who hears of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import or_
from sqlalchemy.orm import Session

from app import access
from app.access import Actor, Permission
from app.access.case_scopes import served_tables
from app.access.leak_findings import LeftOut, left_out_of
from app.access.rooms import RoomChoice, rooms_to_choose
from app.access.series import (
    load_series,
    meetings_of,
    recipients,
    staff_series,
    with_entries,
)
from app.access.series_preview import (
    coming_meetings,
    days_with_meetings,
    has_closed,
    invited_at,
    named_people,
)
from app.domain.local_time import local_date
from app.domain.rhythm import LAST, Occurrence, RhythmKind, last_allowed
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
from app.models import CaseTable, Meeting, Series

PER_PAGE = 26


@dataclass(frozen=True, slots=True)
class TableChoice:
    """A table served."""

    id: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesView:
    """One series as a sentence needs it."""

    id: uuid.UUID
    table_id: uuid.UUID
    table_name: str
    kind: RhythmKind
    interval: int
    weekdays: tuple[int, ...]
    nth: int
    first_on: date
    last_on: date
    start: time
    end: time
    place: str
    has_ended: bool
    coming: int = 0

    @property
    def is_over(self) -> bool:
        """Whether nothing of it can change any more."""
        return self.has_ended and self.last_on < max(clock.today(), self.first_on)

    @property
    def is_last_of_month(self) -> bool:
        """Whether it falls on the last such day of the month."""
        return self.nth == LAST

    @property
    def may_last_until(self) -> date:
        """The last day it may be extended to."""
        return last_allowed(clock.today())


@dataclass(frozen=True, slots=True)
class SeriesList:
    """The series of the tables served that still go on."""

    rows: tuple[SeriesView, ...]
    tables: tuple[TableChoice, ...]


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """One meeting of a series: when, and whether it stands apart from the rhythm."""

    id: uuid.UUID
    starts_at: datetime
    ends_at: datetime
    planned_at: datetime
    items: int

    @property
    def is_moved(self) -> bool:
        """Whether it is no longer at the moment its series gave it."""
        return self.starts_at != self.planned_at


@dataclass(frozen=True, slots=True)
class SeriesPage:
    """One series with a page of its coming meetings."""

    series: SeriesView
    meetings: tuple[MeetingLine, ...]
    number: int
    pages: int
    left_out: frozenset[LeftOut]


@dataclass(frozen=True, slots=True)
class Hearer:
    """Somebody who gets a message."""

    name: str
    organisation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What saving would do, and who hears of it. ``partners`` have a time of their own that moves.

    ``has_closed``: more of them may sit at a case closed to the reader. ``beside`` are days on
    which the table meets already.
    """

    days: tuple[Occurrence, ...]
    skipped: tuple[Occurrence, ...]
    moved: int
    removed: int
    kept: tuple[MeetingLine, ...]
    beside: tuple[date, ...]
    people: tuple[Hearer, ...]
    partners: int
    has_closed: bool


def list_series(actor: Actor) -> SeriesList:
    """Every series of the tables served with days to come, by table and hour."""
    with reading() as session:
        rows = session.execute(
            staff_series(actor)
            .add_columns(coming_meetings(clock.now()).label("coming"))
            .where(or_(Series.ended_at.is_(None), Series.last_on >= clock.today()))
            .order_by(CaseTable.name, Series.start, Series.first_on)
        )
        views = tuple(_view(row.Series, row.CaseTable.name, coming=row.coming) for row in rows)
    return SeriesList(views, tables_served(actor))


def tables_served(actor: Actor) -> tuple[TableChoice, ...]:
    """The tables a series may be of."""
    with reading() as session:
        tables = served_tables(actor)
        return tuple(TableChoice(one.id, one.name) for one in session.scalars(tables))


def rooms_to_book(also: uuid.UUID | None = None) -> tuple[RoomChoice, ...]:
    """The rooms a series may be in."""
    with reading() as session:
        return rooms_to_choose(session, also=also)


def read_series(actor: Actor, series_id: uuid.UUID, *, number: int = 1) -> SeriesPage:
    """A series with the meetings still to come; a page beyond the last is the last.

    At most a year of them: that is how far a series reaches.
    """
    with reading() as session:
        series, view = _load(session, actor, series_id)
        found = meetings_of(session, series, from_at=clock.now())
        pages = max(1, -(-len(found) // PER_PAGE))
        number = min(max(1, number), pages)
        shown = found[(number - 1) * PER_PAGE : number * PER_PAGE]
        lines = tuple(_line(one.meeting, one.items) for one in shown)
        left_out = left_out_of(session, actor, series, {one.meeting.place for one in found})
        return SeriesPage(view, lines, number, pages, left_out)


def read_typed(actor: Actor, series_id: uuid.UUID) -> tuple[SeriesView, TypedRhythm]:
    """A series as its form starts out."""
    with reading() as session:
        series, view = _load(session, actor, series_id)
        return view, typed_of(series)


def preview_new(actor: Actor, table_id: uuid.UUID, typed: TypedRhythm) -> Preview:
    """What a new series would plan; Refusal when it cannot be."""
    with reading() as session:
        table = access.load_staff_table(session, actor, table_id, Permission.MEETING_CREATE)
        plan = Plan(days=days_ahead(session, table.id, typed))
        told = recipients(session, table, now=clock.now())
        return _preview(session, actor, table, plan, told)


def preview_change(
    actor: Actor, series_id: uuid.UUID, typed: TypedRhythm, *, from_on: date | None
) -> Preview:
    """What another rhythm would do from a day on."""
    with reading() as session:
        series, _ = _load(session, actor, series_id)
        refuse_ended(series)
        table = session.get_one(CaseTable, series.table_id)
        day = max(from_on or clock.today(), clock.today())
        changed = starting_on(series, typed, day)
        plan = plan_change(session, series, changed, from_on=day)
        told = recipients(session, table, now=clock.now()) | with_entries(session, series.id)
        return _preview(session, actor, table, plan, told)


def preview_extension(actor: Actor, series_id: uuid.UUID, last_on: date) -> Preview:
    """Which days an extension would add, and who hears of them."""
    with reading() as session:
        series, _ = _load(session, actor, series_id)
        table = session.get_one(CaseTable, series.table_id)
        _, days = extension(session, series, typed_of(series), last_on)
        told = recipients(session, table, now=clock.now())
        return _preview(session, actor, table, Plan(days=days), told)


def preview_end(actor: Actor, series_id: uuid.UUID, *, from_on: date | None) -> Preview:
    """What ending a series from a day on would take away."""
    with reading() as session:
        series, _ = _load(session, actor, series_id)
        table = session.get_one(CaseTable, series.table_id)
        plan = stopping_on(session, series, from_on=max(from_on or clock.today(), clock.today()))
        return _preview(session, actor, table, plan, with_entries(session, series.id))


def _load(session: Session, actor: Actor, series_id: uuid.UUID) -> tuple[Series, SeriesView]:
    series = load_series(session, actor, series_id, Permission.MEETING_CREATE)
    table = session.get_one(CaseTable, series.table_id)
    return series, _view(series, table.name)


def _view(series: Series, table_name: str, *, coming: int = 0) -> SeriesView:
    typed = typed_of(series)
    return SeriesView(
        id=series.id,
        table_id=series.table_id,
        table_name=table_name,
        kind=series.kind,
        interval=series.interval,
        weekdays=tuple(sorted(typed.weekdays)),
        nth=series.nth,
        first_on=series.first_on,
        last_on=series.last_on,
        start=typed.start,
        end=typed.end,
        place=series.place,
        has_ended=series.ended_at is not None,
        coming=coming,
    )


def _line(meeting: Meeting, items: int) -> MeetingLine:
    planned_at = meeting.planned_at or meeting.starts_at
    return MeetingLine(meeting.id, meeting.starts_at, meeting.ends_at, planned_at, items)


def _preview(
    session: Session, actor: Actor, table: CaseTable, plan: Plan, told: frozenset[uuid.UUID]
) -> Preview:
    now = clock.now()
    ours = {one.meeting.id for one in (*plan.removed, *plan.kept)}
    ours |= {one.meeting.id for one, _ in plan.moved}
    moments = [one.starts_at for one in plan.held]
    beside = (
        days_with_meetings(session, table.id, (min(moments), max(moments)), but=ours)
        if moments
        else frozenset()
    )
    moving = [one.meeting.id for one, _ in plan.moved if one.items]
    return Preview(
        days=plan.held,
        skipped=tuple(one for one in plan.days if one.skipped is not None),
        moved=len(plan.moved),
        removed=len(plan.removed),
        kept=tuple(_line(one.meeting, one.items) for one in plan.kept),
        beside=tuple(one.day for one in plan.held if local_date(one.starts_at) in beside),
        people=tuple(Hearer(name, code) for name, code in named_people(session, told)),
        partners=len(invited_at(session, actor, moving, now=now) - told),
        has_closed=has_closed(session, actor, moving, now=now),
    )
