"""Writes dates and times the way readers of Dutch or English expect; never in another zone.

Every moment is shown in Dutch time (Europe/Amsterdam). The functions are pure; register_filters
ties them to the language of the request.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from functools import wraps
from typing import Any

from babel.dates import format_date
from flask import Flask

from app.domain.local_time import to_local
from app.web.i18n import language as current_language

Day = date | datetime


def _day(value: Day) -> date:
    return to_local(value).date() if isinstance(value, datetime) else value


def _write(value: Day, pattern: str, language: str) -> str:
    return format_date(_day(value), pattern, locale=language)


def date_long(value: Day, language: str) -> str:
    """Donderdag 26 november 2026."""
    return _write(value, "EEEE d MMMM y", language)


def date_medium(value: Day, language: str) -> str:
    """Donderdag 26 november, for a day whose year is clear."""
    return _write(value, "EEEE d MMMM", language)


def date_plain(value: Day, language: str) -> str:
    """26 november 2026, without the day of the week."""
    return _write(value, "d MMMM y", language)


def date_short(value: Day, language: str) -> str:
    """26-11-2026; in English 26 Nov 2026, where figures alone would be read two ways."""
    return _write(value, "d MMM y" if language == "en" else "dd-MM-y", language)


def weekday_short(value: Day, language: str) -> str:
    """Do 26-11-2026, in small letters."""
    name = _write(value, "EEE", language)
    return f"{name} {date_short(value, language)}"


def month(value: Day, language: str) -> str:
    """November 2026, in small letters where the language writes them so."""
    return _write(value, "MMMM y", language)


def weekday(value: Day, language: str) -> str:
    """Do, in small letters."""
    return _write(value, "EEE", language)


def clock(value: datetime | time, language: str) -> str:
    """13.10, in English 13:10; a time without a day is Dutch time already."""
    local = to_local(value) if isinstance(value, datetime) else value
    return local.strftime("%H:%M" if language == "en" else "%H.%M")


def clock_seconds(value: datetime, language: str) -> str:
    """13.10.04, in English 13:10:04."""
    return to_local(value).strftime("%H:%M:%S" if language == "en" else "%H.%M.%S")


def stamp(value: datetime, language: str) -> str:
    """26-11-2026, 13.10."""
    return f"{date_short(value, language)}, {clock(value, language)}"


def deadline(value: datetime, language: str) -> str:
    """Dinsdag 24 november, 12.00 uur."""
    return f"{date_medium(value, language)}, {_hour(clock(value, language), language)}"


def period(start: datetime, end: datetime, language: str) -> str:
    """13.00 tot 15.20 uur; a stretch that ends on another day names that day."""
    first, last = clock(start, language), clock(end, language)
    if _day(start) != _day(end):
        last = f"{date_short(end, language)}, {last}"
    between = "to" if language == "en" else "tot"
    return _hour(f"{first} {between} {last}", language)


def minutes(value: int, language: str) -> str:
    """30 min; from one hour on 1 u 15 min."""
    hours, rest = divmod(value, 60)
    if not hours:
        return f"{value} min"
    letter = "h" if language == "en" else "u"
    return f"{hours} {letter} {rest} min" if rest else f"{hours} {letter}"


def tenths(value: Decimal, language: str) -> str:
    """A number with one digit after the comma, or the point in English."""
    text = f"{value:.1f}"
    return text if language == "en" else text.replace(".", ",")


def iso(value: Day, language: str) -> str:  # noqa: ARG001 - one shape for all filters
    """The machine's form for <time datetime>: a day, or a Dutch moment with its offset."""
    if isinstance(value, datetime):
        return to_local(value).isoformat(timespec="minutes")
    return value.isoformat()


def _hour(text: str, language: str) -> str:
    return text if language == "en" else f"{text} uur"


FILTERS: tuple[Callable[..., str], ...] = (
    date_long,
    date_medium,
    date_plain,
    date_short,
    month,
    weekday,
    weekday_short,
    clock,
    clock_seconds,
    stamp,
    deadline,
    minutes,
    tenths,
    iso,
)


def _localised(function: Callable[..., str]) -> Callable[..., str]:
    @wraps(function)
    def write(value: Any, *more: Any) -> str:  # noqa: ANN401 - whatever the filter takes
        return "" if value is None else function(value, *more, current_language())

    return write


def register_filters(app: Flask) -> None:
    """Make every format a Jinja filter, and `period` a function for templates."""
    for function in FILTERS:
        app.add_template_filter(_localised(function), function.__name__)
    app.add_template_global(_localised(period), "period")
