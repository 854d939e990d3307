"""Reads the date behind > in a captured line; what is past or does not exist is asked, not guessed.

It never looks at a clock: today, and the moment itself for hours, are handed in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.local_time import UnreadableDate, local_date, parse_date

# A day and month that were, read as next year's: only when that is nearer than half a year ahead.
NEXT_YEAR_WITHIN: Final = timedelta(days=183)
_WEEK: Final = 7
_SHORTEST: Final = 2
_DAYS: Final = (
    ("maandag", "monday"),
    ("dinsdag", "tuesday"),
    ("woensdag", "wednesday"),
    ("donderdag", "thursday"),
    ("vrijdag", "friday"),
    ("zaterdag", "saturday"),
    ("zondag", "sunday"),
)
_AHEAD: Final = {"vandaag": 0, "today": 0, "morgen": 1, "tomorrow": 1, "overmorgen": 2}
_NEXT: Final = ("volgende", "next")
_LATER: Final = re.compile(r"\+(\d{1,3})([dw])[a-z]{0,6}", re.ASCII)
_HOURS: Final = re.compile(r"\+(\d{1,3})(?:u(?:ur)?|h(?:ours?)?)", re.ASCII)
_NUMBERS: Final = re.compile(r"(\d{1,2})([-/.])(\d{1,2})(?:\2(\d+))?", re.ASCII)
_ISO: Final = re.compile(r"\d{4}-\d{1,2}-\d{1,2}", re.ASCII)
_NAMED: Final = re.compile(r"(\d{1,2})[-.]?([a-z]{3,9})[-.]?(\d{4})?", re.ASCII)


class DateQuestion(StrEnum):
    """Why a date has to be asked."""

    PAST = "date-past"
    IMPOSSIBLE = "date-impossible"
    NO_NEXT_MEETING = "no-next-meeting"


@dataclass(frozen=True, slots=True)
class ReadDate:
    """A date, or the question instead of it; ``at`` where it is due at an hour of that date."""

    day: date | None
    question: DateQuestion | None = None
    at: datetime | None = None


def read_date(
    token: str, *, today: date, next_meeting: date | None, now: datetime | None = None
) -> ReadDate | None:
    """What stands behind >; None when it is no date at all and the text stays text.

    ``+4u`` is so many hours from ``now``, to the minute; without a moment it is no date.
    """
    word = token.casefold()
    hours = _HOURS.fullmatch(word)
    if hours is not None and now is not None:
        at = now.replace(second=0, microsecond=0) + timedelta(hours=int(hours[1]))
        return ReadDate(local_date(at), at=at)
    later = _LATER.fullmatch(word)
    if later is not None:
        days = int(later[1]) * (_WEEK if later[2] == "w" else 1)
        return ReadDate(today + timedelta(days=days))
    if word.isalpha():
        return _of_word(word, today, next_meeting)
    return _of_numbers(word, today)


def _of_word(word: str, today: date, next_meeting: date | None) -> ReadDate | None:
    """The name of a day, whole or from its second letter on, as long as only one is meant."""
    if len(word) < _SHORTEST:
        return None
    meant = {day for name, day in _names(today, next_meeting) if name.startswith(word)}
    exact = {day for name, day in _names(today, next_meeting) if name == word}
    found = exact or meant
    if len(found) != 1:
        return None
    day = found.pop()
    return ReadDate(day) if day else ReadDate(None, DateQuestion.NO_NEXT_MEETING)


def _names(today: date, next_meeting: date | None) -> list[tuple[str, date | None]]:
    named: list[tuple[str, date | None]] = [(name, next_meeting) for name in _NEXT]
    named += [(name, today + timedelta(days=days)) for name, days in _AHEAD.items()]
    for number, names in enumerate(_DAYS):
        ahead = (number - today.weekday() - 1) % _WEEK + 1
        named += [(name, today + timedelta(days=ahead)) for name in names]
    return named


def _of_numbers(word: str, today: date) -> ReadDate | None:
    numbers, named = _NUMBERS.fullmatch(word), _NAMED.fullmatch(word)
    if _ISO.fullmatch(word):
        return _checked(word, today)
    if numbers is not None and numbers[4]:
        return _checked(word, today)
    if numbers is not None:
        return _without_year(numbers[1], numbers[3], today)
    if named is None or not _is_month(named[2]):
        return None
    if named[3]:
        return _checked(f"{named[1]} {named[2]} {named[3]}", today)
    return _without_year(named[1], named[2], today)


def _is_month(name: str) -> bool:
    try:
        parse_date(f"1 {name} 2000")
    except UnreadableDate:
        return False
    return True


def _without_year(day: str, month: str, today: date) -> ReadDate:
    """That of this year, or next year's where that is near; else what was meant is asked."""
    this = _day_of(day, month, today.year)
    if this is not None and this >= today:
        return ReadDate(this)
    following = _day_of(day, month, today.year + 1)
    if following is not None and following - today <= NEXT_YEAR_WITHIN:
        return ReadDate(following)
    return ReadDate(None, DateQuestion.PAST if this else DateQuestion.IMPOSSIBLE)


def _day_of(day: str, month: str, year: int) -> date | None:
    try:
        return parse_date(f"{day}-{month}-{year}")
    except UnreadableDate:
        return None


def _checked(text: str, today: date) -> ReadDate:
    try:
        found = parse_date(text)
    except UnreadableDate:
        return ReadDate(None, DateQuestion.IMPOSSIBLE)
    return ReadDate(found) if found >= today else ReadDate(None, DateQuestion.PAST)
