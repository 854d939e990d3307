"""The one publication of the region's figures: which numbers of closed quarters may be told at all.

A quarter is published when it is closed, its year with the last quarter of it; what was published
stays, and what was not is never told later. No table or organisation of a reader plays a part. Per
quarter and year: every table, and the region, with categories; per quarter every organisation over
all tables, per year at each table too.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from app.domain import related
from app.domain.kinds import Measure
from app.domain.lattice import OF_ORGANISATIONS, PLAIN, Lattice, is_line
from app.domain.related import Counted, Key
from app.domain.report import QUARTERS_A_YEAR, Span, later, year_span
from app.domain.suppression import CannotHideError, Sum, more_to_hide, publishable

# Told of a span as it was worked out when its last quarter was closed: no sum of its quarters.
WORKED_OUT: Final = (Measure.ALL_PRESENT, Measure.LEAD_DAYS, Measure.MINUTES)


@dataclass(frozen=True, slots=True)
class Publication:
    """What may be told; ``closed`` are the quarters it speaks of.

    A number it does not hold, of quarters that are closed, is 0.
    """

    closed: frozenset[date]
    numbers: Mapping[Key, int]
    shown: frozenset[Key]

    @classmethod
    def of(cls, closed: frozenset[date], told: Mapping[Key, int | None]) -> Publication:
        """What was told: ``None`` where it was not."""
        shown = frozenset(key for key, number in told.items() if number is not None)
        return cls(closed, {key: number or 0 for key, number in told.items()}, shown)

    def told(self, key: Key) -> int | None:
        """One of the numbers it holds."""
        return self.numbers[key] if key in self.shown else None

    def number(self, key: Key) -> int | None:
        """A number of a span: of its years and quarters, where each of them is published."""
        if key.measure in WORKED_OUT:
            return self.told(key)
        if key.measure not in (*PLAIN, *OF_ORGANISATIONS, Measure.ANNUAL):
            return None
        total = 0
        for span in _within(key.span):
            one = Key(key.measure, span, key.category, key.table_id, key.organisation_id, key.kind)
            if not self.closed.issuperset(span.quarter_days):
                return None
            if one in self.numbers and one not in self.shown:
                return self._of_quarters(key)
            if span.quarters == 1 and _is_of_years(key):
                return None
            total += self.numbers.get(one, 0)
        return total

    def _of_quarters(self, key: Key) -> int | None:
        """The sum of its quarters; the same knowledge as these, where a year is not told."""
        keys = [
            Key(key.measure, Span(day), key.category, key.table_id, key.organisation_id, key.kind)
            for day in key.span.quarter_days
        ]
        if _is_of_years(key) or key.span.quarters == 1:
            return None
        if any(one in self.numbers and one not in self.shown for one in keys):
            return None
        return sum(self.numbers.get(one, 0) for one in keys)


def _is_of_years(key: Key) -> bool:
    """Whether it is counted of whole years alone, and of no quarter."""
    at_table = key.table_id is not None and key.organisation_id is not None
    return key.measure is Measure.ANNUAL or at_table


def _within(span: Span) -> Iterator[Span]:
    """The calendar years it holds, and the quarters beside them."""
    day, end = span.first_on, later(span.first_on, span.quarters)
    while day < end:
        year = day.month == 1 and later(day, QUARTERS_A_YEAR) <= end
        yield Span(day, QUARTERS_A_YEAR if year else 1)
        day = later(day, QUARTERS_A_YEAR if year else 1)


def publication(
    counted: Iterable[Counted],
    closed: frozenset[date],
    kinds: frozenset[tuple[uuid.UUID, str]],
    before: Publication | None = None,
) -> Publication:
    """What may be told of these numbers; of the quarters of ``before`` what was told then.

    ``kinds`` says of which kind a table is where its numbers do not; a year is told of the kind of
    its last quarter, so a table that gets another one later moves nothing that was told.
    """
    numbers: dict[Key, int] = {}
    shown: set[Key] = set()
    by_year: dict[int, list[Counted]] = defaultdict(list)
    for one in counted:
        by_year[one.quarter_on.year].append(one)
    for year in sorted({day.year for day in closed}):
        quarters = frozenset(day for day in closed if day.year == year)
        of_this, told = _year(by_year[year], quarters, dict(kinds), before)
        numbers |= of_this
        shown |= told
    return Publication(closed, numbers, frozenset(shown))


def _year(
    counted: list[Counted],
    quarters: frozenset[date],
    kinds: dict[uuid.UUID, str],
    before: Publication | None,
) -> tuple[dict[Key, int], frozenset[Key]]:
    """Quarter by quarter, none knowing of a later one; then the year over what was published."""
    of_kind = kinds | _kinds(counted)
    whole = Lattice(counted, of_kind)
    told: frozenset[Key] = frozenset()
    for day in sorted(quarters):
        alone = Lattice([one for one in counted if one.quarter_on == day], {})
        alone.add(Span(day), alone.counted)
        told |= _of_quarter(alone, day, before)
        whole.take(alone)
    if len(quarters) == QUARTERS_A_YEAR:
        whole.withheld |= whole.numbers.keys() - told
        year = year_span(min(quarters).year)
        whole.add_year(year)
        told = _of_year(whole, told)
        told -= _related(counted, told, year, of_kind)
    return whole.numbers, told


def _of_quarter(alone: Lattice, day: date, before: Publication | None) -> frozenset[Key]:
    """What is told of a quarter; what was told of it before, whatever is counted now."""
    if before is not None and day in before.closed:
        untold = before.numbers.keys() - before.shown
        return frozenset(one for one in alone.numbers.keys() - untold if is_line(one))
    told = _told_of(alone, frozenset(alone.numbers), frozenset())
    return told - _related(alone.counted, told, Span(day))


def _related(
    counted: Collection[Counted],
    told: frozenset[Key],
    span: Span,
    kinds: Mapping[uuid.UUID, str] = MappingProxyType({}),
) -> frozenset[Key]:
    """What differs by little from what else is told, or does without what one table has."""
    gone = set(related.hidden(counted, told, span, kinds))
    for table_id in {one.table_id for one in counted}:
        others = [one for one in counted if one.table_id != table_id]
        gone |= {one for one in related.hidden(others, told, span, kinds) if one.table_id is None}
    return frozenset(gone)


def _kinds(counted: Iterable[Counted]) -> dict[uuid.UUID, str]:
    """Of which kind each table was in its last quarter."""
    in_order = sorted(counted, key=lambda one: one.quarter_on)
    return {one.table_id: one.kind for one in in_order if one.kind}


def _of_year(whole: Lattice, told: frozenset[Key]) -> frozenset[Key]:
    """What is told of a year, beside what was told of its quarters.

    Where these leave no way to hide a small number among the tables of an organisation, nothing is
    told of that organisation at any of its tables.
    """
    groups: dict[object, list[Key]] = defaultdict(list)
    for key in whole.numbers:
        groups[(key.measure, key.organisation_id) if key.organisation_id else None].append(key)
    shown: set[Key] = set()
    for keys in groups.values():
        try:
            shown |= _told_of(whole, frozenset(keys), told)
        except CannotHideError:
            shown |= _told_without_tables(whole, keys, told)
    return frozenset(shown)


def _told_without_tables(
    whole: Lattice, keys: Iterable[Key], told: frozenset[Key]
) -> frozenset[Key]:
    """Nothing of the year's tables; of the year nothing at all where that is not enough.

    What was told of its quarters stays, also of tables.
    """
    before = told & frozenset(keys)
    try:
        left = frozenset(one for one in keys if one.span.quarters == 1 or not one.table_id)
        return _told_of(whole, left, told) | before
    except CannotHideError:
        return before


def _told_of(whole: Lattice, keys: frozenset[Key], told: frozenset[Key]) -> frozenset[Key]:
    """What may be told of these numbers, where of all others nothing is.

    To nobody who reads all of it, nor to the staff of any one table, who know what theirs has.
    """
    numbers = {one: whole.numbers[one] for one in whole.numbers if one in keys}
    sums = [one for one in whole.sums if one.whole in keys and keys.issuperset(one.parts)]
    withheld = whole.withheld & keys
    while True:
        shown = publishable(
            numbers, sums, withheld=withheld, guarded=whole.guarded & keys, told=told & keys
        )
        more = _hidden_from_staff(whole, numbers, sums, shown, told)
        if not more:
            return shown
        withheld |= more


def _hidden_from_staff(
    whole: Lattice,
    numbers: Mapping[Key, int],
    sums: Collection[Sum[Key]],
    shown: frozenset[Key],
    told: frozenset[Key],
) -> frozenset[Key]:
    over_tables = {one for one in numbers if one.table_id is None and not one.kind}
    among = [one for one in sums if one.whole in over_tables and over_tables.issuperset(one.parts)]
    may_hide = {one for one in over_tables & shown if numbers[one] and one not in told}
    return frozenset().union(
        *(
            more_to_hide(
                whole.without(table_id, over_tables),
                among,
                hidden=over_tables - shown,
                may_hide=may_hide,
            )
            for table_id in sorted({one.table_id for one in whole.counted}, key=str)
        )
    )
