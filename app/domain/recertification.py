"""When an organisation is asked who still works there, and what follows while it does not answer.

Twice a year, on the first weekday of March and of September at eight: days on which nobody is on
holiday. It must never know whom it is about.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from app.domain.local_time import local_date, local_to_utc

_MONTHS: Final = (3, 9)
_HOUR: Final = time(8)
_SATURDAY: Final = 5
# Since a round was opened: when it is repeated, when others are told, when access ends.
REMINDED: Final = timedelta(days=14)
ESCALATED: Final = timedelta(days=28)
ENDED: Final = timedelta(days=42)


@dataclass(frozen=True, slots=True)
class Steps:
    """What is due of a round that is not answered whole."""

    remind: bool
    escalate: bool
    end: bool


def began_at(now: datetime) -> datetime:
    """When the last round began; a moment in aware UTC, never after ``now``."""
    year = local_date(now).year
    moments = [_opening(date(of, month, 1)) for of in (year - 1, year) for month in _MONTHS]
    return max(one for one in moments if one <= now)


def steps(opened_at: datetime, *, now: datetime) -> Steps:
    """What is due so long after a round was opened."""
    since = now - opened_at
    return Steps(since >= REMINDED, since >= ESCALATED, since >= ENDED)


def _opening(day: date) -> datetime:
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    return local_to_utc(day, _HOUR)
