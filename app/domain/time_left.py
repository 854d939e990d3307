"""How long something may still wait, or by how much it is late, counted as people count days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.local_time import local_date
from app.domain.working_days import IsHoliday, is_working_day

_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """Working days that are left, or days it is late; 0 is today."""

    due_at: datetime
    is_late: bool
    days: int


def time_left(due_at: datetime, now: datetime, is_holiday: IsHoliday) -> TimeLeft:
    """Until the end of the last day; what is due at midnight is due on the day before."""
    today, last = local_date(now), local_date(due_at - _MOMENT)
    if due_at <= now:
        return TimeLeft(due_at, is_late=True, days=(today - last).days)
    ahead = (today + timedelta(days=number) for number in range(1, (last - today).days + 1))
    return TimeLeft(
        due_at, is_late=False, days=sum(is_working_day(day, is_holiday) for day in ahead)
    )
