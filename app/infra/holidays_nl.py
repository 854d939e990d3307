"""Which days are public holidays in the Netherlands; counting working days is the domain's work."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import holidays


def is_holiday(day: date) -> bool:
    """Whether people are free on this day; Good Friday counts, 5 May does not (holidays.NL)."""
    return day in _holidays_of(day.year)


@lru_cache(maxsize=64)
def _holidays_of(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("NL", years=year))
