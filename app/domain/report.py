"""What a report says: parts with lines of numbers, each told as it is or not at all.

A number that may not be told is ``None``, for whatever reason: were it said whether it is small
itself or stands in for a small one, that alone would tell of the small one.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from app.domain.kind_document import Words
from app.domain.kinds import Measure

MONTHS_A_QUARTER: Final = 3
QUARTERS_A_YEAR: Final = 4
# The whole of a measure, beside its categories.
WHOLE: Final = ""
UNTOLD: Final = "–"


class Unit(StrEnum):
    """What a line is counted in."""

    COUNT = "count"
    DAYS = "days"
    MINUTES = "minutes"
    PERCENT = "percent"


class Discussed(StrEnum):
    """Which discussion of a case at a table it was (Measure.CASES)."""

    NEW = "new"
    REPEAT = "repeat"
    AGAIN = "again"


class AllPresent(StrEnum):
    """Whether every organisation that was invited to an item was there (Measure.ALL_PRESENT)."""

    ALL = "all"
    NOT_ALL = "not-all"


class Attended(StrEnum):
    """What became of a seat (Measure.ATTENDANCE)."""

    PRESENT = "present"
    DEPUTY = "deputy"
    ABSENT = "absent"


class Given(StrEnum):
    """What became of asked input (Measure.INPUT)."""

    IN_TIME = "in-time"
    LATE = "late"
    SILENT = "silent"


class HandedOver(StrEnum):
    """Whether a handover was accepted within its term (Measure.HANDOVERS)."""

    IN_TIME = "in-time"
    NOT = "not"


class Worked(StrEnum):
    """What is worked out of numbers rather than counted: the code of a line of its own."""

    MEDIAN = "median"
    P90 = "p90"
    MEAN = "mean"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class Span:
    """Whole quarters: the first day of the first one, and how many they are."""

    first_on: date
    quarters: int = 1

    @property
    def quarter_days(self) -> tuple[date, ...]:
        """The first days of its quarters."""
        return tuple(later(self.first_on, number) for number in range(self.quarters))

    @property
    def is_year(self) -> bool:
        """Whether it is a calendar year."""
        return self.quarters == QUARTERS_A_YEAR and self.first_on.month == 1


def later(quarter_on: date, quarters: int) -> date:
    """The first day of the quarter that many after (before where negative) another one."""
    number = quarter_on.year * QUARTERS_A_YEAR + (quarter_on.month - 1) // MONTHS_A_QUARTER
    year, quarter = divmod(number + quarters, QUARTERS_A_YEAR)
    return date(year, quarter * MONTHS_A_QUARTER + 1, 1)


def year_span(year: int) -> Span:
    """A calendar year."""
    return Span(date(year, 1, 1), QUARTERS_A_YEAR)


@dataclass(frozen=True, slots=True)
class ReportScope:
    """What is asked for: a period, one table or the whole region, one organisation or all."""

    span: Span
    table_id: uuid.UUID | None = None
    organisation_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One number: as it is, or not at all; ``number`` is the length of its bar as well.

    ``sign`` where it is told only that it is at least or at most so much.
    """

    number: int | None
    sign: str = ""

    @property
    def text(self) -> str:
        """Digits, or the sign for what is not told; without its unit."""
        return UNTOLD if self.number is None else f"{self.sign}{self.number}"


@dataclass(frozen=True, slots=True)
class Line:
    """A category, the whole (``WHOLE``) or something worked out (``Worked``), per column.

    ``words`` where the kind of the table names it; else ``code`` is of the measure's own enum
    above (promises.Kept for actions, OrganisationKind and ReferralState for referrals).
    """

    code: str
    unit: Unit
    cells: tuple[Told, ...]
    words: Words | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of one organisation or one kind of table; no name where a part has just one."""

    name: Words | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One measure; ``columns`` are its quarters and then the whole span, or that alone."""

    measure: Measure
    columns: tuple[Span, ...]
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A table or organisation the reader may choose."""

    id: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a reader gets for a scope; by name, never by a number: it is no ranking.

    ``spans`` may be chosen, latest first: the years, and the last four quarters. ``next_on`` is
    from when the first quarter not yet counted is published. No parts: nothing is published.
    """

    scope: ReportScope
    parts: tuple[Part, ...]
    spans: tuple[Span, ...]
    tables: tuple[Choice, ...]
    organisations: tuple[Choice, ...]
    next_on: date
