"""Over which days figures are counted: a calendar year or a quarter of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app.domain.local_time import start_of_day


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days in Amsterdam, half-open; ``year`` is None for a quarter."""

    first: date
    after: date
    year: int | None = None

    @property
    def since(self) -> datetime:
        """The moment it begins."""
        return start_of_day(self.first)

    @property
    def until(self) -> datetime:
        """The moment it is over."""
        return start_of_day(self.after)


def year_of(year: int) -> Period:
    """A calendar year."""
    return Period(date(year, 1, 1), date(year + 1, 1, 1), year)
