"""Which days the generated part of the demo fills; it knows of no table and makes no row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from app.domain.local_time import local_date, start_of_day

YEAR: Final = 365
DAYS_AHEAD: Final = 14
# Days around today are for the hand-written meetings.
KEPT_FREE: Final = 4


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days counted from today, ``until`` not included, and the share of a year's cases in them.

    ``carries``: its first cases came before it.
    """

    since: int
    until: int
    share: float = 1.0
    carries: bool = True

    def days(self, times_a_year: int) -> tuple[list[int], list[int]]:
        """Evenly spread days before today and after it."""
        span = self.until - self.since
        count = round(times_a_year * self.share)
        days = [self.since + number * span // count for number in range(count)]
        return [one for one in days if one <= -KEPT_FREE], [one for one in days if one >= KEPT_FREE]


def one_year_back() -> tuple[Stretch, ...]:
    """The 365 days before today and the fortnight ahead, as one stretch."""
    return (Stretch(-YEAR, DAYS_AHEAD),)


def last_and_this(today: date) -> tuple[Stretch, ...]:
    """The last calendar year that is over, and this one with the fortnight ahead."""
    gone = (today - date(today.year, 1, 1)).days
    whole = (date(today.year, 1, 1) - date(today.year - 1, 1, 1)).days
    share = (gone + DAYS_AHEAD) / YEAR
    return (
        Stretch(-gone - whole, -gone),
        Stretch(-gone, DAYS_AHEAD, share=share, carries=False),
    )


def opening_of(stretch: Stretch, now: datetime) -> datetime:
    """The first moment of a stretch."""
    return start_of_day(local_date(now) + timedelta(days=stretch.since))
