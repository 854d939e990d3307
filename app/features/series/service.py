"""Planning, changing, extending and ending a series; a year of meetings is one unit of work."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from app import access
from app.access import Actor, Permission, audit, rooms
from app.access.accounts import staff_of
from app.access.series import (
    FreeDays,
    PlannedMeeting,
    hold,
    load_series,
    meetings_of,
    recipients,
    with_entries,
)
from app.access.timetable import NewTimes, shift
from app.domain.errors import Reason, Refusal
from app.domain.local_time import local_date
from app.domain.rhythm import Occurrence
from app.features.series.plans import (
    Plan,
    TypedRhythm,
    days_ahead,
    extension,
    has_same_days,
    plan_change,
    starting_on,
    stopping_on,
)
from app.infra import clock
from app.infra.calendar_queue import queue_calendar, queue_series
from app.infra.db import transaction
from app.models import CaseTable, Meeting, Series

_DAY = timedelta(days=1)


def plan_series(actor: Actor, table_id: uuid.UUID, typed: TypedRhythm) -> uuid.UUID:
    """Plan all meetings of a rhythm, as drafts; staff get it in their calendars."""
    with transaction() as session:
        table = access.load_staff_table(session, actor, table_id, Permission.MEETING_CREATE)
        typed = _in_room(session, typed)
        series = _new_series(table.id, typed)
        session.add(series)
        _plan_days(session, table, series, days_ahead(session, table.id, typed))
        _claim_room(session, series)
        _tell(session, series, recipients(session, table, now=clock.now()))
        _record(session, actor, audit.Event.ADD, series)
        return series.id


def change_series(
    actor: Actor, series_id: uuid.UUID, typed: TypedRhythm, *, from_on: date | None
) -> uuid.UUID:
    """Change a series from a day on (None: all that lies ahead); gives the series that goes on.

    A series that has not met yet keeps its identity when its days stay the same. Otherwise the old
    one ends before that day and a new one begins (calendar.md §0.7).
    """
    with transaction() as session:
        series = _load_live(session, actor, series_id)
        table = session.get_one(CaseTable, series.table_id)
        starts_on = max(from_on or clock.today(), clock.today())
        typed = _in_room(session, typed, held=series.room_id)
        changed = starting_on(series, typed, starts_on)
        plan = plan_change(session, series, changed, from_on=starts_on)
        told = with_entries(session, series.id) | recipients(session, table, now=clock.now())
        goes_on = series
        if _is_untouched(session, series, starts_on) and has_same_days(series, typed):
            _write(series, changed)
        else:
            _end_before(series, starts_on)
            goes_on = _new_series(table.id, changed)
            session.add(goes_on)
        _carry_out(session, actor, table, goes_on, plan)
        _claim_room(session, goes_on)
        for one in {series.id: series, goes_on.id: goes_on}.values():
            _tell(session, one, told)
        _record(session, actor, audit.Event.CHANGE, goes_on)
        return goes_on.id


def extend_series(actor: Actor, series_id: uuid.UUID, last_on: date) -> uuid.UUID:
    """Plan on to a later day, at most twelve months from today; gives the series that goes on.

    One series is a year at most: what lies beyond is a new one in the same rhythm.
    """
    with transaction() as session:
        series = _load_live(session, actor, series_id)
        table = session.get_one(CaseTable, series.table_id)
        longer, days = extension(session, series, typed_of(series), last_on)
        goes_on = series
        if longer.first_on == series.first_on:
            series.last_on = last_on
        else:
            goes_on = _new_series(table.id, longer)
            session.add(goes_on)
        _plan_days(session, table, goes_on, days)
        _claim_room(session, goes_on)
        _tell(session, goes_on, recipients(session, table, now=clock.now()))
        _record(session, actor, audit.Event.CHANGE, goes_on)
        return goes_on.id


def end_series(actor: Actor, series_id: uuid.UUID, *, from_on: date | None) -> int:
    """Cancel every meeting from a day on that nothing was prepared for; gives how many.

    Prepared ones stay, outside the series: each is cancelled on its own page, where its partners
    show.
    """
    with transaction() as session:
        series = _load_live(session, actor, series_id)
        table = session.get_one(CaseTable, series.table_id)
        starts_on = max(from_on or clock.today(), clock.today())
        told = with_entries(session, series.id) | recipients(session, table, now=clock.now())
        plan = stopping_on(session, series, from_on=starts_on)
        _end_before(series, starts_on)
        _carry_out(session, actor, table, series, plan)
        _tell(session, series, told)
        _record(session, actor, audit.Event.CHANGE, series)
        return len(plan.removed)


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


def _load_live(session: Session, actor: Actor, series_id: uuid.UUID) -> Series:
    series = load_series(session, actor, series_id, Permission.MEETING_CREATE)
    hold(session, series, now=clock.now())
    refuse_ended(series)
    return series


def refuse_ended(series: Series) -> None:
    """Refuse to change what is over; one that ends on a later day can still change until then."""
    if series.ended_at is not None and series.last_on < clock.today():
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


def _carry_out(
    session: Session, actor: Actor, table: CaseTable, series: Series, plan: Plan
) -> None:
    """Move, detach and cancel meetings as planned, then plan the new days."""
    for one, occurrence in plan.moved:
        _move(session, actor, series, one, occurrence)
    for one in plan.kept:
        one.meeting.series_id = one.meeting.planned_at = None
    for one in plan.removed:
        one.meeting.cancelled_at = clock.now()
    _plan_days(session, table, series, plan.added)
    session.flush()
    staff = staff_of(session, frozenset({table.id}), now=clock.now()) if plan.kept else ()
    for one in plan.kept:
        queue_calendar(session, one.meeting.id, staff)


def _move(
    session: Session, actor: Actor, series: Series, one: PlannedMeeting, occurrence: Occurrence
) -> None:
    """The same day at another hour or place, with everything that was prepared."""
    meeting = one.meeting
    meeting.series_id, meeting.planned_at = series.id, occurrence.starts_at
    times = NewTimes(
        starts_at=occurrence.starts_at,
        ends_at=occurrence.ends_at,
        place=series.place,
        link=series.link,
        room_id=series.room_id,
    )
    if one.is_bare:
        meeting.starts_at, meeting.ends_at = times.starts_at, times.ends_at
        meeting.place, meeting.link, meeting.room_id = times.place, times.link, times.room_id
    else:
        shift(session, actor, meeting, times)


def _plan_days(
    session: Session, table: CaseTable, series: Series, days: Iterable[Occurrence]
) -> None:
    session.add_all(
        Meeting(
            id=uuid.uuid4(),
            table_id=table.id,
            series_id=series.id,
            planned_at=one.starts_at,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            room_id=series.room_id,
            place=series.place,
            link=series.link,
            opens_working_days=table.opens_working_days,
            closes_working_days=table.closes_working_days,
        )
        for one in days
        if one.skipped is None
    )


def _in_room(session: Session, typed: TypedRhythm, *, held: uuid.UUID | None = None) -> TypedRhythm:
    """The room is held from here on, and is the place of the series."""
    if typed.room_id is None:
        return typed
    return replace(typed, place=rooms.claim(session, typed.room_id, (), held=held).place)


def _claim_room(session: Session, series: Series) -> None:
    """All coming meetings that are in the room of the series, in one go."""
    if series.room_id is None:
        return
    session.flush()
    coming = [
        rooms.Booking(one.meeting.id, one.meeting.starts_at, one.meeting.ends_at)
        for one in meetings_of(session, series)
        if one.meeting.room_id == series.room_id and one.meeting.starts_at > clock.now()
    ]
    rooms.claim(session, series.room_id, coming, held=series.room_id)


def _tell(session: Session, series: Series, people: Iterable[uuid.UUID]) -> None:
    queue_series(session, series.id, people)


def _record(session: Session, actor: Actor, event: audit.Event, series: Series) -> None:
    audit.record(
        session,
        actor,
        audit.Entry(
            event=event, object_kind="series", object_id=series.id, table_id=series.table_id
        ),
    )
