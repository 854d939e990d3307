"""Which days are public holidays in the Netherlands; counting working days is the domain's work."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import holidays

_LIBERATION_DAY = (5, 5)
_GOOD_FRIDAY = "Goede vrijdag"


def is_holiday(day: date) -> bool:
    """Whether people are free on this day; Good Friday counts, 5 May does not (holidays.NL)."""
    return day in _holidays_of(day.year)


def named_holidays(
    first_on: date, last_on: date, *, good_friday: bool, liberation_day: bool
) -> dict[date, str]:
    """Dutch names of the holidays between two days, both included.

    Good Friday and 5 May are holidays in some collective agreements only: each by its setting.
    """
    found = {}
    for year in range(first_on.year, last_on.year + 1):
        for day, name in _named(year).items():
            is_wanted = (
                good_friday
                if name == _GOOD_FRIDAY
                else liberation_day
                if (day.month, day.day) == _LIBERATION_DAY
                else True
            )
            if is_wanted and first_on <= day <= last_on:
                found[day] = name
    return found


@lru_cache(maxsize=64)
def _holidays_of(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("NL", years=year))


@lru_cache(maxsize=64)
def _named(year: int) -> dict[date, str]:
    """With 5 May in every year: the public list has it once in five."""
    return dict(
        holidays.country_holidays(
            "NL", years=year, language="nl", categories=("public", "optional")
        )
    )
