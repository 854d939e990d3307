"""Writes a period of whole quarters as it stands in an address or on a command line, and reads it.

``2026`` is a year, ``2026-Q3`` a quarter, ``2025-Q4..2026-Q3`` quarters behind each other.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from app.domain.report import MONTHS_A_QUARTER, QUARTERS_A_YEAR, Span, year_span

BETWEEN: Final = ".."
# No further than a column of eight quarters can be read.
LONGEST: Final = 8
_YEAR: Final = re.compile(r"20[0-9]{2}", re.ASCII)
_QUARTER: Final = re.compile(r"(20[0-9]{2})-[Qq]([1-4])", re.ASCII)


def written(span: Span) -> str:
    """The shortest way to write a period."""
    if span.is_year:
        return str(span.first_on.year)
    first, last = _code(span.quarter_days[0]), _code(span.quarter_days[-1])
    return first if first == last else f"{first}{BETWEEN}{last}"


def read(text: str) -> Span | None:
    """The period that is written, None where it is none."""
    if _YEAR.fullmatch(text):
        return year_span(int(text))
    first, _, last = text.partition(BETWEEN)
    start, end = _quarter(first), _quarter(last or first)
    if start is None or end is None:
        return None
    quarters = _number(end) - _number(start) + 1
    return Span(start, quarters) if 1 <= quarters <= LONGEST else None


def _code(quarter_on: date) -> str:
    return f"{quarter_on.year}-Q{(quarter_on.month - 1) // MONTHS_A_QUARTER + 1}"


def _quarter(text: str) -> date | None:
    found = _QUARTER.fullmatch(text)
    return date(int(found[1]), (int(found[2]) - 1) * MONTHS_A_QUARTER + 1, 1) if found else None


def _number(quarter_on: date) -> int:
    return quarter_on.year * QUARTERS_A_YEAR + (quarter_on.month - 1) // MONTHS_A_QUARTER
