"""What is worked out of a period rather than counted, when its last quarter is closed.

Each rests on a number of the publication: where that is not told, or is little, neither is this.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from app.domain.kinds import Measure
from app.domain.publication import WORKED_OUT, Publication
from app.domain.related import Counted, Key
from app.domain.report import WHOLE, AllPresent, Discussed, Span, Worked, later
from app.domain.small_counts import STEP

# Of fewer than so many the ninth of ten is one of them.
LEAST_P90: Final = 10
# Over a tenth of so many is five: a share that is told between the ends leaves nothing small.
LEAST_SHARE: Final = 40
SHARE_STEP: Final = 5
SHARE_END: Final = 10
_RANKS: Final = ((Worked.MEDIAN, 50, STEP), (Worked.P90, 90, LEAST_P90))
_Counts = Mapping[Measure, Counter[str]]


def worked_out(
    told: Publication, counted: Iterable[Counted], last_on: date
) -> dict[Key, int | None]:
    """Of every period that ends with this quarter, at each table and of the region.

    ``counted`` holds at least what was counted of ``WORKED_OUT``, in every quarter; ``None`` where
    it may not be told. A share is in percents of a calendar year, lead times are in days.
    """
    by_day: dict[date, list[Counted]] = defaultdict(list)
    for one in counted:
        if one.measure in WORKED_OUT:
            by_day[one.quarter_on].append(one)
    tables = {key.table_id for key in told.numbers if key.measure is Measure.CASES}
    tables |= {one.table_id for of_day in by_day.values() for one in of_day} | {None}
    ever = {one.measure for of_day in by_day.values() for one in of_day}
    within: dict[uuid.UUID | None, dict[Measure, Counter[str]]] = {
        at: {measure: Counter() for measure in WORKED_OUT} for at in tables
    }
    found: dict[Key, int | None] = {}
    quarters, day = 1, last_on
    while day in told.closed:
        for one in by_day[day]:
            for at in (one.table_id, None):
                within[at][one.measure][one.category] += one.number
        for at, counts in within.items():
            of_span = _of_span(told, Span(day, quarters), at, counts)
            found |= {key: number for key, number in of_span if key.measure in ever}
        quarters, day = quarters + 1, later(day, -1)
    return found


def _of_span(
    told: Publication, span: Span, table_id: uuid.UUID | None, counts: _Counts
) -> Iterator[tuple[Key, int | None]]:
    cases = told.number(Key(Measure.CASES, span, WHOLE, table_id))
    new = told.number(Key(Measure.CASES, span, Discussed.NEW, table_id))
    if counts[Measure.ALL_PRESENT] and (span.is_year or span.quarters == 1):
        is_told = span.is_year and cases is not None
        share = _share(counts[Measure.ALL_PRESENT]) if is_told else None
        yield Key(Measure.ALL_PRESENT, span, Worked.SHARE, table_id), share
    for code, hundredths, least in _RANKS:
        if counts[Measure.LEAD_DAYS]:
            is_told = new is not None and new >= least
            days = _days(counts[Measure.LEAD_DAYS], hundredths) if is_told else None
            yield Key(Measure.LEAD_DAYS, span, code, table_id), days
    minutes = sum(counts[Measure.MINUTES].values())
    if cases is not None and cases >= STEP:
        yield Key(Measure.MINUTES, span, Worked.MEAN, table_id), round(minutes / cases)
    elif minutes:
        yield Key(Measure.MINUTES, span, Worked.MEAN, table_id), None


def _share(counts: Counter[str]) -> int | None:
    """In steps, and between the ends or at one of them, so that no discussion follows."""
    known = counts[AllPresent.ALL] + counts[AllPresent.NOT_ALL]
    if known < LEAST_SHARE:
        return None
    share = 100 * counts[AllPresent.ALL] / known
    if share >= 100 - SHARE_END:
        return 100 - SHARE_END
    if share <= SHARE_END:
        return SHARE_END
    step = SHARE_STEP * round(share / SHARE_STEP)
    return min(max(step, SHARE_END + SHARE_STEP), 100 - SHARE_END - SHARE_STEP)


def _days(counts: Counter[str], hundredths: int) -> int | None:
    """Within how many days so many of a hundred were discussed; nearest rank."""
    wanted, seen = -(-hundredths * counts.total() // 100), 0
    for days in sorted(map(int, counts)):
        seen += counts[str(days)]
        if seen >= wanted:
            return days
    return None
