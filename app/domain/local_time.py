"""Reads and converts Dutch dates and times; it must never guess at a skipped or doubled hour."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.domain.errors import CasustafelError

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
FIRST_YEAR = 1900
LAST_YEAR = 2199


class ImpossibleTimeKind(StrEnum):
    """What is wrong with an hour of a clock-change night."""

    SKIPPED = "skipped"
    DOUBLED = "doubled"


class ImpossibleTime(CasustafelError, ValueError):  # noqa: N818 - named after what it is
    """A local time that does not exist, or exists twice (calendar.md §1a, night hours)."""

    def __init__(self, kind: ImpossibleTimeKind, day: date, clock: time) -> None:
        super().__init__(f"{kind}: {day} {clock}")
        self.kind = kind
        self.day = day
        self.clock = clock


class DateFault(StrEnum):
    """Why a typed date was not understood."""

    EMPTY = "empty"
    UNREADABLE = "unreadable"
    YEAR_NOT_FOUR_DIGITS = "year-not-four-digits"
    YEAR_OUT_OF_RANGE = "year-out-of-range"
    NO_SUCH_MONTH = "no-such-month"
    NO_SUCH_DAY = "no-such-day"


class UnreadableDate(CasustafelError, ValueError):  # noqa: N818 - named after what it is
    """A date that cannot be used; with NO_SUCH_DAY also the month and its last day."""

    def __init__(
        self, fault: DateFault, *, year: int | None = None, month: int | None = None
    ) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.year = year
        self.month = month
        self.last_day = calendar.monthrange(year, month)[1] if year and month else None


class TimeFault(StrEnum):
    """Why a typed clock time was not understood."""

    EMPTY = "empty"
    UNREADABLE = "unreadable"
    NO_SUCH_TIME = "no-such-time"


class UnreadableTime(CasustafelError, ValueError):  # noqa: N818 - named after what it is
    """A clock time that cannot be used."""

    def __init__(self, fault: TimeFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


_MONTH_NAMES = (
    ("jan", "januari", "january"),
    ("feb", "februari", "february", "febr"),
    ("mrt", "maart", "mar", "march"),
    ("apr", "april"),
    ("mei", "may"),
    ("jun", "juni", "june"),
    ("jul", "juli", "july"),
    ("aug", "augustus", "august"),
    ("sep", "september", "sept"),
    ("okt", "oktober", "oct", "october"),
    ("nov", "november"),
    ("dec", "december"),
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names}
_LONGEST_INPUT = 40
_DATE_GAPS = re.compile(r"[\s./,-]+")
_TIME = re.compile(r"(\d{1,2})(?:[.:uh](\d{2})(?:[.:]00)?|[uh])?", re.ASCII)
_BARE_TIME = re.compile(r"(\d{1,2})(\d{2})", re.ASCII)
_TIME_WORDS = re.compile(r"\s*(?:uur|hours?)\s*$")


def same_hour_on(day: date, moment: datetime) -> datetime:
    """The moment at the Dutch clock time of another one; the first of two where it is doubled."""
    clock = moment.astimezone(AMSTERDAM).time()
    return datetime.combine(day, clock, AMSTERDAM).astimezone(UTC)


def local_to_utc(day: date, clock: time) -> datetime:
    """Return the UTC moment of a Dutch date and clock time.

    :raises ImpossibleTime: the hour is skipped or doubled by a clock change.
    """
    naive = datetime.combine(day, clock.replace(tzinfo=None, fold=0))
    first = naive.replace(tzinfo=AMSTERDAM)
    second = naive.replace(tzinfo=AMSTERDAM, fold=1)
    if first.utcoffset() != second.utcoffset():
        round_trip = first.astimezone(UTC).astimezone(AMSTERDAM).replace(tzinfo=None)
        exists = round_trip == naive
        kind = ImpossibleTimeKind.DOUBLED if exists else ImpossibleTimeKind.SKIPPED
        raise ImpossibleTime(kind, day, clock)
    return first.astimezone(UTC)


def to_local(moment: datetime) -> datetime:
    """Return an aware moment in Dutch time; a naive one is a fault of the caller (ValueError)."""
    if moment.tzinfo is None:
        message = "a moment must carry its zone"
        raise ValueError(message)
    return moment.astimezone(AMSTERDAM)


def local_date(moment: datetime) -> date:
    """Return the Dutch calendar day of an aware moment."""
    return to_local(moment).date()


def start_of_day(day: date) -> datetime:
    """Return the UTC moment at which this Dutch day begins (local midnight)."""
    return local_to_utc(day, time.min)


def parse_date(text: str) -> date:
    """Read 3-12-2026, 3/12/2026, 2026-12-03, 3 december 2026, 3 dec 2026 or December 3, 2026.

    :raises UnreadableDate: with the exact fault.
    """
    stripped = text[:_LONGEST_INPUT].strip().casefold()
    if not stripped:
        raise UnreadableDate(DateFault.EMPTY)
    parts = [part for part in _DATE_GAPS.split(stripped) if part]
    if len(parts) != 3:  # noqa: PLR2004 - day, month, year
        raise UnreadableDate(DateFault.UNREADABLE)
    day, month, year = _in_order(*parts)
    return _checked_date(_number(year, 4), _month(month), _number(day, 2))


def parse_time(text: str) -> time:
    """Read 13.10, 13:10, 1310, 9u30, 9u or 13.10 uur.

    :raises UnreadableTime: with the exact fault.
    """
    stripped = text[:_LONGEST_INPUT].strip().casefold()
    if not stripped:
        raise UnreadableTime(TimeFault.EMPTY)
    bare = _TIME_WORDS.sub("", stripped)
    found = _TIME.fullmatch(bare) or _BARE_TIME.fullmatch(bare)
    if found is None:
        raise UnreadableTime(TimeFault.UNREADABLE)
    try:
        return time(int(found[1]), int(found[2] or 0))
    except ValueError:
        raise UnreadableTime(TimeFault.NO_SUCH_TIME) from None


def _in_order(first: str, second: str, third: str) -> tuple[str, str, str]:
    """Return day, month, year as texts; the place of the year and a month's name decide."""
    if len(first) == 4 and first.isdecimal():  # noqa: PLR2004 - ISO 8601, year first
        return third, second, first
    if first in _MONTHS:
        return second, first, third
    return first, second, third


def _number(text: str, digits: int) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise UnreadableDate(DateFault.UNREADABLE)
    if digits == 4 and len(text) != digits:  # noqa: PLR2004 - only a year has four
        raise UnreadableDate(DateFault.YEAR_NOT_FOUR_DIGITS)
    if len(text) > digits:
        raise UnreadableDate(DateFault.UNREADABLE)
    return int(text)


def _month(text: str) -> int:
    return _MONTHS[text] if text in _MONTHS else _number(text, 2)


def _checked_date(year: int, month: int, day: int) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise UnreadableDate(DateFault.YEAR_OUT_OF_RANGE)
    if not 1 <= month <= len(_MONTH_NAMES):
        raise UnreadableDate(DateFault.NO_SUCH_MONTH)
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        raise UnreadableDate(DateFault.NO_SUCH_DAY, year=year, month=month)
    return date(year, month, day)
