"""Planning, changing, extending and ending a series; a year of meetings is one unit of work."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from app import access
from app.access import Actor, Permission, audit
from app.access.meetings import steps
from app.access.meetings.pictures import Scope
from app.access.meetings.series import FreeDays, hold, load_series, recipients, with_entries
from app.access.meetings.series_meetings import meetings_of
from app.access.meetings.steps import Picture
from app.domain.errors import Reason, Refusal
from app.domain.local_time import local_date
from app.features.series import deadlines
from app.features.series.carrying import (
    carry_out,
    claim_again,
    claim_room,
    in_room,
    plan_days,
    record_meetings,
    record_series,
)
from app.features.series.plans import (
    TypedRhythm,
    days_ahead,
    extension,
    has_same_days,
    plan_change,
    starting_on,
    stopping_on,
)
from app.infra import clock
from app.infra.calendar_queue import queue_series
from app.infra.db import transaction
from app.models import CaseTable, Series

_DAY = timedelta(days=1)


def plan_series(actor: Actor, table_id: uuid.UUID, typed: TypedRhythm) -> uuid.UUID:
    """Plan all meetings of a rhythm, as drafts; staff get it in their calendars."""
    with transaction() as session:
        table = access.load_staff_table(session, actor, table_id, Permission.MEETING_CREATE)
        before = steps.picture_of(session, Scope())
        typed = in_room(session, typed)
        series = _new_series(table.id, typed)
        session.add(series)
        plan_days(session, table, series, days_ahead(session, table.id, typed))
        claim_room(session, series)
        _tell(session, series, recipients(session, table, now=clock.now()))
        steps.keep(session, actor, series, before)
        _record(session, actor, audit.Event.ADD, series)
        return series.id


def change_series(
    actor: Actor,
    series_id: uuid.UUID,
    typed: TypedRhythm,
    *,
    from_on: date | None,
    with_deadlines: bool = False,
) -> uuid.UUID:
    """Change a series from a day on (None: all that lies ahead); gives the series that goes on.

    A series that has not met yet keeps its identity when its days stay the same. Otherwise the old
    one ends before that day and a new one begins (calendar.md §0.7). ``with_deadlines`` also gives
    open questions the deadlines that were proposed.
    """
    with transaction() as session:
        series, table, before = _load_live(session, actor, series_id)
        starts_on = max(from_on or clock.today(), clock.today())
        typed = in_room(session, typed, held=series.room_id)
        changed = starting_on(series, typed, starts_on)
        plan = plan_change(session, series, changed, from_on=starts_on)
        asked = deadlines.propose(session, actor, plan) if with_deadlines else []
        told = with_entries(session, series.id) | recipients(session, table, now=clock.now())
        goes_on = series
        if _is_untouched(session, series, starts_on) and has_same_days(series, typed):
            _write(series, changed)
        else:
            _end_before(series, starts_on)
            goes_on = _new_series(table.id, changed)
            session.add(goes_on)
        carry_out(session, actor, table, goes_on, plan)
        deadlines.give(session, actor, asked)
        claim_room(session, goes_on)
        for one in {series.id: series, goes_on.id: goes_on}.values():
            _tell(session, one, told)
        steps.keep(session, actor, goes_on, before)
        _record(session, actor, audit.Event.CHANGE, goes_on)
        return goes_on.id


def extend_series(actor: Actor, series_id: uuid.UUID, last_on: date) -> uuid.UUID:
    """Plan on to a later day, at most twelve months from today; gives the series that goes on.

    One series is a year at most: what lies beyond is a new one in the same rhythm.
    """
    with transaction() as session:
        series, table, before = _load_live(session, actor, series_id)
        longer, days = extension(session, series, typed_of(series), last_on)
        goes_on = series
        if longer.first_on == series.first_on:
            series.last_on = last_on
        else:
            goes_on = _new_series(table.id, longer)
            session.add(goes_on)
        plan_days(session, table, goes_on, days)
        claim_room(session, goes_on)
        _tell(session, goes_on, recipients(session, table, now=clock.now()))
        steps.keep(session, actor, goes_on, before)
        _record(session, actor, audit.Event.CHANGE, goes_on)
        return goes_on.id


def end_series(actor: Actor, series_id: uuid.UUID, *, from_on: date | None) -> int:
    """Cancel every meeting from a day on that nothing was prepared for; gives how many.

    Prepared ones stay, outside the series: each is cancelled on its own page, where its partners
    show.
    """
    with transaction() as session:
        series, table, before = _load_live(session, actor, series_id)
        starts_on = max(from_on or clock.today(), clock.today())
        told = with_entries(session, series.id) | recipients(session, table, now=clock.now())
        plan = stopping_on(session, series, from_on=starts_on)
        _end_before(series, starts_on)
        carry_out(session, actor, table, series, plan)
        _tell(session, series, told)
        steps.keep(session, actor, series, before)
        _record(session, actor, audit.Event.CHANGE, series)
        return len(plan.removed)


@dataclass(frozen=True, slots=True)
class Undone:
    """After an act was taken back: a series to show, if one is left, and whether more waits."""

    series_id: uuid.UUID | None
    is_more_waiting: bool


def undo(actor: Actor, series_id: uuid.UUID, step_id: uuid.UUID) -> Undone:
    """Take an own act on a series back while its messages wait, so that nobody hears of it."""
    with transaction() as session:
        series = load_series(session, actor, series_id, Permission.MEETING_CREATE)
        table_id = series.table_id
        back = steps.take_back(session, actor, series, step_id)
        claim_again(session, back.meetings)
        record_meetings(session, actor, table_id, back.meetings)
        record_series(session, actor, audit.Event.CHANGE, series_id=series_id, table_id=table_id)
        if series_id not in back.series:
            return Undone(next(iter(back.series), None), is_more_waiting=False)
        more = steps.is_more_waiting(session, series, now=clock.now())
        return Undone(series_id, more)


def typed_of(series: Series) -> TypedRhythm:
    """A stored series as somebody would type it, one that ended before its first day included."""
    end = datetime.combine(series.first_on, series.start) + timedelta(minutes=series.minutes)
    return TypedRhythm(
        kind=series.kind,
        first_on=series.first_on,
        last_on=series.last_on,
        start=series.start,
        end=end.time(),
        interval=series.interval,
        weekdays=frozenset(int(day) for day in series.weekdays),
        nth=series.nth,
        free=FreeDays(
            series.skips_holidays, series.free_on_good_friday, series.free_on_liberation_day
        ),
        place=series.place,
        link=series.link,
        room_id=series.room_id,
    )


def _load_live(
    session: Session, actor: Actor, series_id: uuid.UUID
) -> tuple[Series, CaseTable, Picture]:
    """A series that may still change, held with its coming meetings, and how all that stands."""
    series = load_series(session, actor, series_id, Permission.MEETING_CREATE)
    coming = hold(session, series, now=clock.now())
    refuse_ended(series)
    scope = Scope(meetings=coming, series=frozenset({series.id}))
    before = steps.picture_of(session, scope)
    return series, session.get_one(CaseTable, series.table_id), before


def refuse_ended(series: Series) -> None:
    """Refuse to change what is over; one that ends on a later day can still change until then.

    One that ended before its first day is over too: it has no rhythm left.
    """
    if series.ended_at is not None and series.last_on < max(clock.today(), series.first_on):
        raise Refusal(Reason.SERIES_ENDED)


def _new_series(table_id: uuid.UUID, typed: TypedRhythm) -> Series:
    series = Series(id=uuid.uuid4(), table_id=table_id, made_at=clock.now())
    _write(series, typed)
    return series


def _write(series: Series, typed: TypedRhythm) -> None:
    rhythm = typed.to_rhythm()
    series.kind, series.interval, series.nth = rhythm.kind, rhythm.interval, rhythm.nth
    series.weekdays = "".join(str(day) for day in sorted(rhythm.weekdays))
    series.first_on, series.last_on = rhythm.first_on, rhythm.last_on
    series.start, series.minutes = rhythm.start, rhythm.minutes
    series.skips_holidays = typed.free.skips_holidays
    series.free_on_good_friday = typed.free.good_friday
    series.free_on_liberation_day = typed.free.liberation_day
    series.place, series.link, series.room_id = typed.place, typed.link, typed.room_id


def _is_untouched(session: Session, series: Series, starts_on: date) -> bool:
    """Whether no meeting of the series lies before that day: then it can change as a whole."""
    return all(
        local_date(one.meeting.planned_at) >= starts_on
        for one in meetings_of(session, series)
        if one.meeting.planned_at is not None
    )


def _end_before(series: Series, day: date) -> None:
    series.last_on = min(series.last_on, day - _DAY)
    series.ended_at = clock.now()


def _tell(session: Session, series: Series, people: Iterable[uuid.UUID]) -> None:
    queue_series(session, series.id, people)


def _record(session: Session, actor: Actor, event: audit.Event, series: Series) -> None:
    record_series(session, actor, event, series_id=series.id, table_id=series.table_id)
