"""What became of an action that was agreed, and how long past its term it is; never whose."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.kinds import ActionState
from app.domain.local_time import local_date
from app.domain.working_days import IsHoliday, subtract_working_days


class Kept(StrEnum):
    """What became of an action."""

    IN_TIME = "in-time"
    LATE = "late"
    SILENT = "silent"
    NOT_POSSIBLE = "not-possible"
    NOT_DONE = "not-done"
    LAPSED = "lapsed"
    RUNNING = "running"


class Age(StrEnum):
    """By how many working days an unfinished action is past its term."""

    NOT_YET = "not-yet"
    TO_5 = "1-5"
    TO_10 = "6-10"
    TO_20 = "11-20"
    MORE = "over-20"


# The last working day past its term on which an action still counts as that old.
_LAST: Final = {Age.TO_5: 5, Age.TO_10: 10, Age.TO_20: 20}

_ENDED: Final[Mapping[ActionState, Kept]] = {
    ActionState.NOT_POSSIBLE: Kept.NOT_POSSIBLE,
    ActionState.NOT_DONE: Kept.NOT_DONE,
    ActionState.LAPSED: Kept.LAPSED,
}


def ended_as(
    state: ActionState, finished_at: datetime | None, *, due_on: date, due_at: datetime | None
) -> Kept:
    """What an action that is over counts as: done on its last day, or by its hour, is in time.

    :raises KeyError: it is not over.
    """
    if state is not ActionState.DONE:
        return _ENDED[state]
    if finished_at is None:
        return Kept.IN_TIME
    is_late = finished_at > due_at if due_at else local_date(finished_at) > due_on
    return Kept.LATE if is_late else Kept.IN_TIME


def oldest_terms(today: date, is_holiday: IsHoliday) -> dict[Age, date]:
    """The earliest term of an action that is past it and still as young as each age says.

    One whose hour is over today is past it by no working day, and counts with the youngest.
    """
    tomorrow = today + timedelta(days=1)
    return {
        age: subtract_working_days(tomorrow, days + 1, is_holiday) for age, days in _LAST.items()
    }


def quarter_of(day: date) -> date:
    """The first day of the quarter a day lies in."""
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
