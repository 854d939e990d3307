"""A table's rhythm: which days a series of meetings falls on; it must never look at a case.

Days are Dutch calendar days and clock times Dutch wall-clock times, so a series keeps its hour over
both clock changes. Weekdays count from 0 (Monday).
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from app.domain.errors import CasustafelError
from app.domain.local_time import local_to_utc

LONGEST_MONTHS = 12
MOST_INTERVAL = 12
DAY_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LAST = -1
MOST_NTH = 4
_SATURDAY = 5
_WEEK = timedelta(days=7)
_DAY = timedelta(days=1)
_MINUTES_A_DAY = 24 * 60


class RhythmKind(StrEnum):
    """How a series repeats."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    WORKING_DAYS = "working-days"
    EVERY_DAY = "every-day"


class RhythmFault(StrEnum):
    """What is wrong with a rhythm."""

    INTERVAL_OUT_OF_RANGE = "interval-out-of-range"
    NO_WEEKDAY = "no-weekday"
    ONE_WEEKDAY = "one-weekday"
    NTH_OUT_OF_RANGE = "nth-out-of-range"
    LAST_BEFORE_FIRST = "last-before-first"
    TOO_LONG = "too-long"
    LENGTH_OUT_OF_RANGE = "length-out-of-range"


class ImpossibleRhythm(CasustafelError, ValueError):  # noqa: N818 - named after what it is
    """A rhythm nobody can keep."""

    def __init__(self, fault: RhythmFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """Days from ``first_on`` to ``last_on``, both included; ``minutes`` long from ``start``.

    ``interval`` counts weeks or months. ``nth`` is 1 to 4, or ``LAST``, of the one weekday of a
    monthly rhythm. The other kinds ignore what they do not need.

    :raises ImpossibleRhythm: with the fault.
    """

    kind: RhythmKind
    first_on: date
    last_on: date
    start: time
    minutes: int
    interval: int = 1
    weekdays: frozenset[int] = frozenset()
    nth: int = 1

    def __post_init__(self) -> None:
        """Refuse what has no days, or too many."""
        fault = next(_faults(self), None)
        if fault is not None:
            raise ImpossibleRhythm(fault)

    @property
    def end(self) -> time:
        """The clock time at which every meeting ends."""
        return (datetime.combine(date.min, self.start) + timedelta(minutes=self.minutes)).time()


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One day of a series; ``skipped`` names the holiday or closure that takes it away.

    It is "" where the meeting of that day was cancelled by hand.
    """

    day: date
    starts_at: datetime
    ends_at: datetime
    skipped: str | None = None


def days_of(rhythm: Rhythm) -> Iterator[date]:
    """The days the rhythm names, holidays included, in order."""
    walk = {
        RhythmKind.WEEKLY: _weekly,
        RhythmKind.MONTHLY: _monthly,
        RhythmKind.WORKING_DAYS: lambda one: (d for d in _daily(one) if d.weekday() < _SATURDAY),
        RhythmKind.EVERY_DAY: _daily,
    }[rhythm.kind]
    return (day for day in walk(rhythm) if rhythm.first_on <= day <= rhythm.last_on)


def occurrences(rhythm: Rhythm, free: Mapping[date, str]) -> tuple[Occurrence, ...]:
    """Every day of the rhythm with its moments; ``free`` names the days without a meeting.

    :raises ImpossibleTime: on a day the clock skips or doubles the start or the end. A day without
        a meeting too: calendars have to be told of it as a moment that is taken out of the rule.
    """
    return tuple(
        Occurrence(
            day,
            local_to_utc(day, rhythm.start),
            local_to_utc(day, rhythm.end),
            free.get(day),
        )
        for day in days_of(rhythm)
    )


def in_step(rhythm: Rhythm, day: date) -> date:
    """The day itself, or the first after it in a week or month the rhythm counts."""
    if rhythm.kind is RhythmKind.WEEKLY:
        monday = day - timedelta(days=day.weekday())
        anchor = rhythm.first_on - timedelta(days=rhythm.first_on.weekday())
        late = (anchor - monday).days // 7 % rhythm.interval
        return monday + _WEEK * late if late else day
    if rhythm.kind is RhythmKind.MONTHLY:
        month = day.year * 12 + day.month - 1
        anchor_month = rhythm.first_on.year * 12 + rhythm.first_on.month - 1
        late = (anchor_month - month) % rhythm.interval
        year, number = divmod(month + late, 12)
        return date(year, number + 1, 1) if late else day
    return day


def last_allowed(first_on: date) -> date:
    """The last day a series that begins on ``first_on`` may reach: a year later, less a day."""
    year, month = first_on.year + LONGEST_MONTHS // 12, first_on.month
    day = min(first_on.day, calendar.monthrange(year, month)[1])
    return date(year, month, day) - _DAY


def rrule(rhythm: Rhythm) -> dict[str, object]:
    """The rhythm as the parts of an RRULE (RFC 5545 3.3.10), without its UNTIL."""
    match rhythm.kind:
        case RhythmKind.WEEKLY:
            return {
                "freq": "WEEKLY",
                "interval": rhythm.interval,
                "byday": [DAY_CODES[day] for day in sorted(rhythm.weekdays)],
                # Weeks are counted from Monday, here and in every client.
                "wkst": "MO",
            }
        case RhythmKind.MONTHLY:
            (weekday,) = rhythm.weekdays
            return {
                "freq": "MONTHLY",
                "interval": rhythm.interval,
                "byday": [f"{rhythm.nth}{DAY_CODES[weekday]}"],
            }
        case RhythmKind.WORKING_DAYS:
            return {"freq": "WEEKLY", "byday": list(DAY_CODES[:_SATURDAY]), "wkst": "MO"}
        case RhythmKind.EVERY_DAY:
            return {"freq": "DAILY"}


def _faults(rhythm: Rhythm) -> Iterator[RhythmFault]:
    if rhythm.last_on < rhythm.first_on:
        yield RhythmFault.LAST_BEFORE_FIRST
    if rhythm.last_on > last_allowed(rhythm.first_on):
        yield RhythmFault.TOO_LONG
    begins = rhythm.start.hour * 60 + rhythm.start.minute
    if not 1 <= rhythm.minutes < _MINUTES_A_DAY - begins:
        yield RhythmFault.LENGTH_OUT_OF_RANGE
    if rhythm.kind in {RhythmKind.WEEKLY, RhythmKind.MONTHLY}:
        if not 1 <= rhythm.interval <= MOST_INTERVAL:
            yield RhythmFault.INTERVAL_OUT_OF_RANGE
        if not rhythm.weekdays or not rhythm.weekdays <= frozenset(range(7)):
            yield RhythmFault.NO_WEEKDAY
    if rhythm.kind is RhythmKind.MONTHLY:
        if len(rhythm.weekdays) > 1:
            yield RhythmFault.ONE_WEEKDAY
        if rhythm.nth != LAST and not 1 <= rhythm.nth <= MOST_NTH:
            yield RhythmFault.NTH_OUT_OF_RANGE


def _daily(rhythm: Rhythm) -> Iterator[date]:
    day = rhythm.first_on
    while day <= rhythm.last_on:
        yield day
        day += _DAY


def _weekly(rhythm: Rhythm) -> Iterator[date]:
    """Every ``interval`` weeks counted from the Monday of the first day's week."""
    monday = rhythm.first_on - timedelta(days=rhythm.first_on.weekday())
    while monday <= rhythm.last_on:
        for weekday in sorted(rhythm.weekdays):
            yield monday + timedelta(days=weekday)
        monday += _WEEK * rhythm.interval


def _monthly(rhythm: Rhythm) -> Iterator[date]:
    (weekday,) = rhythm.weekdays
    year, month = rhythm.first_on.year, rhythm.first_on.month
    while date(year, month, 1) <= rhythm.last_on:
        yield _nth_weekday(year, month, weekday, rhythm.nth)
        months = year * 12 + (month - 1) + rhythm.interval
        year, month = divmod(months, 12)
        month += 1


def _nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    if nth == LAST:
        last = date(year, month, calendar.monthrange(year, month)[1])
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
