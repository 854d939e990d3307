"""Works out what a new or changed rhythm does to a table's calendar, before anything is saved."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from sqlalchemy.orm import Session

from app.access.meetings.series import FreeDays, closures_of, free_days, rhythm_of
from app.access.meetings.series_meetings import PlannedMeeting, cancelled_days, meetings_of
from app.domain.errors import Reason, Refusal
from app.domain.local_time import ImpossibleTime, local_date, start_of_day
from app.domain.rhythm import (
    ImpossibleRhythm,
    Occurrence,
    Rhythm,
    RhythmFault,
    RhythmKind,
    days_of,
    in_step,
    last_allowed,
    occurrences,
)
from app.infra import clock
from app.models import Series

_FIELD_OF = {
    RhythmFault.INTERVAL_OUT_OF_RANGE: (Reason.NUMBER_OUT_OF_RANGE, "interval"),
    RhythmFault.NO_WEEKDAY: (Reason.WEEKDAY_MISSING, "weekdays"),
    RhythmFault.ONE_WEEKDAY: (Reason.ONE_WEEKDAY, "weekdays"),
    RhythmFault.NTH_OUT_OF_RANGE: (Reason.VALUE_UNKNOWN, "nth"),
    RhythmFault.LAST_BEFORE_FIRST: (Reason.END_BEFORE_START, "last_on"),
    RhythmFault.TOO_LONG: (Reason.SERIES_TOO_LONG, "last_on"),
    RhythmFault.LENGTH_OUT_OF_RANGE: (Reason.END_BEFORE_START, "end"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedRhythm:
    """A rhythm as typed, with which holidays it skips and where it meets."""

    kind: RhythmKind
    first_on: date
    last_on: date
    start: time
    end: time
    interval: int
    weekdays: frozenset[int]
    nth: int
    free: FreeDays
    place: str
    link: str
    room_id: uuid.UUID | None = None

    def to_rhythm(self) -> Rhythm:
        """The rhythm; Refusal at the field that cannot be."""
        starts = self.start.hour * 60 + self.start.minute
        try:
            return Rhythm(
                kind=self.kind,
                first_on=self.first_on,
                last_on=self.last_on,
                start=self.start,
                minutes=self.end.hour * 60 + self.end.minute - starts,
                interval=self.interval,
                weekdays=self.weekdays,
                nth=self.nth,
            )
        except ImpossibleRhythm as impossible:
            reason, field = _FIELD_OF[impossible.fault]
            raise Refusal(reason, field) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What saving would do: days to come with those skipped, and meetings that move or go.

    ``moved`` pairs a meeting with its new occurrence; ``kept`` stay as they are, outside the
    series, because something was prepared for them already.
    """

    days: tuple[Occurrence, ...]
    moved: tuple[tuple[PlannedMeeting, Occurrence], ...] = ()
    removed: tuple[PlannedMeeting, ...] = ()
    kept: tuple[PlannedMeeting, ...] = ()

    @property
    def held(self) -> tuple[Occurrence, ...]:
        """The days on which there is a meeting."""
        return tuple(one for one in self.days if one.skipped is None)

    @property
    def added(self) -> tuple[Occurrence, ...]:
        """Days that get a meeting of their own."""
        taken = {occurrence.day for _, occurrence in self.moved}
        return tuple(one for one in self.held if one.day not in taken)


def days_ahead(session: Session, table_id: uuid.UUID, typed: TypedRhythm) -> tuple[Occurrence, ...]:
    """The days of a typed rhythm that are not past; Refusal when there is none at all."""
    rhythm = typed.to_rhythm()
    closures = closures_of(session, table_id)
    free = free_days(closures, typed.free, first_on=rhythm.first_on, last_on=rhythm.last_on)
    try:
        found = occurrences(rhythm, free)
    except ImpossibleTime:
        raise Refusal(Reason.HOUR_DOES_NOT_EXIST, "start") from None
    ahead = tuple(one for one in found if one.starts_at > clock.now())
    if not any(one.skipped is None for one in ahead):
        raise Refusal(Reason.NO_DAY_LEFT, "last_on")
    return ahead


def plan_change(session: Session, series: Series, typed: TypedRhythm, *, from_on: date) -> Plan:
    """What happens to the meetings planned from a day on under another rhythm.

    The same days: they keep their preparation and only the hour or place changes. Other days: bare
    meetings go, prepared ones are kept as they are, and new ones are planned. A day that was
    cancelled by hand stays so.
    """
    gone = cancelled_days(session, series)
    days = tuple(
        replace(one, skipped="") if one.skipped is None and one.day in gone else one
        for one in days_ahead(session, series.table_id, typed)
    )
    start = start_of_day(from_on)
    # One that was moved into the time from that day on keeps what it was moved to.
    coming = [
        one
        for one in _coming(session, series, from_on)
        if one.meeting.planned_at is not None and one.meeting.planned_at >= start
    ]
    if has_same_days(series, typed):
        return _on_same_days(days, coming)
    return _without(coming, days)


def stopping_on(session: Session, series: Series, *, from_on: date) -> Plan:
    """What ending a series takes away: bare meetings; prepared ones are kept as they are."""
    return _without(_coming(session, series, from_on), ())


def _coming(session: Session, series: Series, from_on: date) -> list[PlannedMeeting]:
    now = clock.now()
    found = meetings_of(session, series, from_at=start_of_day(from_on))
    return [one for one in found if one.meeting.starts_at > now]


def _without(coming: Sequence[PlannedMeeting], days: tuple[Occurrence, ...]) -> Plan:
    return Plan(
        days=days,
        removed=tuple(one for one in coming if one.is_bare),
        kept=tuple(one for one in coming if not one.is_bare),
    )


def starting_on(series: Series, typed: TypedRhythm, day: date) -> TypedRhythm:
    """The typed rhythm from a day on; the same days keep their week where only some weeks count."""
    first_on = max(typed.first_on, day)
    if has_same_days(series, typed):
        first_on = in_step(rhythm_of(series), first_on)
    return replace(typed, first_on=first_on)


def extension(
    session: Session, series: Series, typed: TypedRhythm, last_on: date
) -> tuple[TypedRhythm, tuple[Occurrence, ...]]:
    """The rhythm until a later day and the days that come with it; Refusal when it cannot be."""
    if series.ended_at is not None:
        raise Refusal(Reason.SERIES_ENDED)
    if last_on <= series.last_on:
        raise Refusal(Reason.END_BEFORE_START, "last_on")
    if last_on > last_allowed(clock.today()):
        raise Refusal(Reason.SERIES_TOO_LONG, "last_on")
    longer = going_on(series, typed, last_on)
    days = days_ahead(session, series.table_id, longer)
    return longer, tuple(one for one in days if one.day > series.last_on)


def going_on(series: Series, typed: TypedRhythm, last_on: date) -> TypedRhythm:
    """The rhythm until a later day; past a year it begins anew on its next day still to come.

    Every other week stays the same week, however long ago the last meeting was. Refusal when no
    day of the rhythm is left before ``last_on``.
    """
    if last_on <= last_allowed(series.first_on):
        return replace(typed, last_on=last_on)
    soonest = max(series.last_on + timedelta(days=1), clock.today())
    step = in_step(rhythm_of(series), soonest)
    if step > last_on:
        raise Refusal(Reason.NO_DAY_LEFT, "last_on")
    onwards = replace(typed, first_on=step, last_on=last_on)
    first_on = next(days_of(onwards.to_rhythm()), None)
    if first_on is None:
        raise Refusal(Reason.NO_DAY_LEFT, "last_on")
    return replace(typed, first_on=first_on, last_on=last_on)


def has_same_days(series: Series, typed: TypedRhythm) -> bool:
    """Whether a typed rhythm names the same days as the series, from its first day on."""
    now = rhythm_of(series)
    if typed.kind is not now.kind:
        return False
    if typed.kind in (RhythmKind.WORKING_DAYS, RhythmKind.EVERY_DAY):
        return True
    days = (typed.interval, typed.weekdays) == (now.interval, now.weekdays)
    return days and (typed.kind is RhythmKind.WEEKLY or typed.nth == now.nth)


def _on_same_days(days: Sequence[Occurrence], coming: Sequence[PlannedMeeting]) -> Plan:
    by_day = {one.day: one for one in days if one.skipped is None}
    moved, removed, kept = [], [], []
    for one in coming:
        planned = one.meeting.planned_at
        target = by_day.get(local_date(planned)) if planned else None
        if target is not None:
            moved.append((one, target))
        elif one.is_bare:
            removed.append(one)
        else:
            kept.append(one)
    return Plan(days=tuple(days), moved=tuple(moved), removed=tuple(removed), kept=tuple(kept))
