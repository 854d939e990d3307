"""When a clock of a table kind runs out; days run on through weekends, working days do not.

Arithmetic on local time alone: it must never know what the clock is for.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.domain.kind_document import ClockRule, Weekly
from app.domain.kinds import ClockUnit
from app.domain.local_time import AMSTERDAM
from app.domain.working_days import IsHoliday, midnight_after


def due(rule: ClockRule, since: datetime, is_holiday: IsHoliday) -> datetime:
    """The moment, UTC, at which a clock that began ``since`` runs out.

    Hours are real hours; days and weeks keep the time on the wall, also where the clock changes.
    """
    local = since.astimezone(AMSTERDAM)
    if rule.weekly is not None:
        return _next(rule.weekly, local)
    if rule.unit is ClockUnit.HOURS:
        return since.astimezone(UTC) + timedelta(hours=rule.amount)
    if rule.unit is ClockUnit.WORKING_DAYS:
        return midnight_after(since, rule.amount, is_holiday)
    days = rule.amount * (7 if rule.unit is ClockUnit.WEEKS else 1)
    wall = local.replace(tzinfo=None) + timedelta(days=days)
    return wall.replace(tzinfo=AMSTERDAM).astimezone(UTC)


def _next(weekly: Weekly, local: datetime) -> datetime:
    """The first such moment after ``local``; exactly then it has passed."""
    ahead = (weekly.weekday - local.weekday()) % 7
    day = local.date() + timedelta(days=ahead)
    found = datetime.combine(day, weekly.at, AMSTERDAM)
    if found <= local:
        found = datetime.combine(day + timedelta(days=7), weekly.at, AMSTERDAM)
    return found.astimezone(UTC)
