"""Proposes a deadline for input after a meeting moved; it must never know whose input it is.

Wall-clock times of the Netherlands: the same distance to the start, but at an hour people work.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from app.domain.local_time import local_to_utc, to_local
from app.domain.working_days import IsHoliday, add_working_days, is_working_day
from app.domain.working_days import subtract_working_days as days_before

BEGIN, NOON, END = time(9), time(12), time(17)
_STEP = 5 * 60


def propose_deadline(
    deadline: datetime,
    *,
    old_start: datetime,
    new_start: datetime,
    now: datetime,
    is_holiday: IsHoliday,
) -> datetime:
    """A moment after ``now`` and not after ``new_start``, for a deadline that stood before.

    Within the hours of a working day unless the meeting is too soon for that. Aware moments.
    """
    ahead = max(timedelta(), _naive(old_start) - _naive(deadline))
    wished = _worked_before(_naive(new_start) - ahead, is_holiday)
    if wished > now:
        return min(wished, new_start)
    soonest = _worked_after(_naive(now), is_holiday)
    return soonest if soonest < new_start else _halfway(now, new_start)


def _naive(moment: datetime) -> datetime:
    return to_local(moment).replace(tzinfo=None)


def _worked_before(wished: datetime, is_holiday: IsHoliday) -> datetime:
    """The wish itself, or the end of the last working day before it."""
    day, clock = wished.date(), wished.time()
    if is_working_day(day, is_holiday) and clock >= BEGIN:
        return local_to_utc(day, min(clock, END))
    return local_to_utc(days_before(day, 1, is_holiday), END)


def _worked_after(soon: datetime, is_holiday: IsHoliday) -> datetime:
    """The end of the working day, or noon of the next one when it is nearly over."""
    today: date = soon.date()
    if is_working_day(today, is_holiday) and soon.time() < NOON:
        return local_to_utc(today, END)
    return local_to_utc(add_working_days(today, 1, is_holiday), NOON)


def _halfway(now: datetime, start: datetime) -> datetime:
    """Half of what is left, at whole five minutes; the start itself when nothing is left."""
    seconds = (now + (start - now) / 2).timestamp()
    moment = datetime.fromtimestamp(seconds - seconds % _STEP, UTC)
    return moment if moment > now else start
