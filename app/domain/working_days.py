"""Counts working days (Monday to Friday); it must never know itself which days are holidays."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Protocol

from app.domain.local_time import local_date, start_of_day

# More free days in a row than any year has: then the holiday list is broken, not long.
_LONGEST_REST = 60
_SATURDAY = 5
_ONE_DAY = timedelta(days=1)


class IsHoliday(Protocol):
    """Says whether a day is a public holiday; ``frozenset(days).__contains__`` will do."""

    def __call__(self, day: date, /) -> bool: ...


def is_working_day(day: date, is_holiday: IsHoliday) -> bool:
    """Say whether people work on this day."""
    return day.weekday() < _SATURDAY and not is_holiday(day)


def add_working_days(day: date, count: int, is_holiday: IsHoliday) -> date:
    """Return the ``count``-th working day after ``day``; 0 gives ``day`` itself, whatever it is.

    :raises ValueError: the count is negative, or the holidays never end.
    """
    return _step(day, count, is_holiday, step=_ONE_DAY)


def subtract_working_days(day: date, count: int, is_holiday: IsHoliday) -> date:
    """Return the ``count``-th working day before ``day``; 0 gives ``day`` itself.

    :raises ValueError: the count is negative, or the holidays never end.
    """
    return _step(day, count, is_holiday, step=-_ONE_DAY)


def midnight_before(moment: datetime, count: int, is_holiday: IsHoliday) -> datetime:
    """Return the start (local midnight, UTC) of the ``count``-th working day before a moment."""
    return start_of_day(subtract_working_days(local_date(moment), count, is_holiday))


def midnight_after(moment: datetime, count: int, is_holiday: IsHoliday) -> datetime:
    """Return the end (next local midnight, UTC) of the ``count``-th working day after a moment."""
    return start_of_day(add_working_days(local_date(moment), count, is_holiday) + _ONE_DAY)


def _step(day: date, count: int, is_holiday: IsHoliday, *, step: timedelta) -> date:
    if count < 0:
        message = "count working days with a number from 0"
        raise ValueError(message)
    rest = 0
    while count:
        day += step
        if is_working_day(day, is_holiday):
            count -= 1
            rest = 0
        else:
            rest += 1
        if rest > _LONGEST_REST:
            message = f"no working day within {_LONGEST_REST} days of {day}"
            raise ValueError(message)
    return day
