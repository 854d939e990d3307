"""The one publication of the region's figures: which numbers of closed quarters may be told at all.

A quarter is published when it is closed, its year with the last quarter of it; what was published
stays. No table or organisation of a reader plays a part. Per quarter and year: every table, and the
region, with categories; per quarter every organisation over all tables, per year at each table too.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from itertools import permutations
from typing import Final

from app.domain import related
from app.domain.kinds import Measure
from app.domain.related import Counted, Key
from app.domain.report import QUARTERS_A_YEAR, WHOLE, Span, later
from app.domain.suppression import CannotHideError, Sum, is_small, publishable

PLAIN: Final = (
    Measure.MEETINGS,
    Measure.CASES,
    Measure.REFERRAL_SOURCES,
    Measure.REFERRAL_OUTCOMES,
    Measure.HANDOVERS,
)
OF_ORGANISATIONS: Final = (Measure.ATTENDANCE, Measure.INPUT, Measure.ACTIONS)
# What one number leaves of another one.
_REST: Final = "rest"


@dataclass(frozen=True, slots=True)
class Publication:
    """What may be told; ``closed`` are the quarters it speaks of."""

    closed: frozenset[date]
    numbers: Mapping[Key, int]
    shown: frozenset[Key]

    def number(self, key: Key) -> int | None:
        """A number of a span: of its years and quarters, where each of them is published."""
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


@lru_cache(maxsize=4)
def publication(
    counted: frozenset[Counted], closed: frozenset[date], kinds: frozenset[tuple[uuid.UUID, str]]
) -> Publication:
    """What may be told of these numbers.

    ``kinds`` says of which kind a table is where its numbers do not; a year is told of the kind of
    its last quarter, so a table that gets another one later moves nothing that was told.
    """
    numbers: dict[Key, int] = {}
    shown: set[Key] = set()
    for year in sorted({day.year for day in closed}):
        of_year = frozenset(one for one in counted if one.quarter_on.year == year)
        quarters = frozenset(day for day in closed if day.year == year)
        of_this, told = _year(of_year, quarters, kinds)
        numbers |= of_this
        shown |= told
    return Publication(closed, numbers, frozenset(shown))


@lru_cache(maxsize=16)
def _year(
    counted: frozenset[Counted], quarters: frozenset[date], kinds: frozenset[tuple[uuid.UUID, str]]
) -> tuple[dict[Key, int], frozenset[Key]]:
    """Quarter by quarter, none knowing of a later one; then the year over what was published."""
    of_kind = dict(kinds) | _kinds(counted)
    whole = _Lattice(counted, of_kind)
    told: frozenset[Key] = frozenset()
    gone: frozenset[Key] = frozenset()
    for day in sorted(quarters):
        alone = _Lattice([one for one in counted if one.quarter_on == day], {})
        alone.add(Span(day), alone.counted)
        alone_told = publishable(alone.numbers, alone.sums, withheld=alone.withheld)
        gone |= related.hidden(alone.counted, alone_told, Span(day))
        told |= alone_told - gone
        whole.take(alone)
    if len(quarters) == QUARTERS_A_YEAR:
        whole.add_year(Span(min(quarters), QUARTERS_A_YEAR))
        year = Span(min(quarters), QUARTERS_A_YEAR)
        told = _of_year(whole, told) - gone
        told -= related.hidden(counted, told, year, of_kind)
    return whole.numbers, told


def _kinds(counted: Iterable[Counted]) -> dict[uuid.UUID, str]:
    """Of which kind each table was in its last quarter."""
    in_order = sorted(counted, key=lambda one: one.quarter_on)
    return {one.table_id: one.kind for one in in_order if one.kind}


def _of_year(whole: _Lattice, told: frozenset[Key]) -> frozenset[Key]:
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
    whole: _Lattice, keys: Iterable[Key], told: frozenset[Key]
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


def _told_of(whole: _Lattice, keys: frozenset[Key], told: frozenset[Key]) -> frozenset[Key]:
    """What may be told of these numbers, where of all others nothing is."""
    return publishable(
        {one: whole.numbers[one] for one in whole.numbers if one in keys},
        [one for one in whole.sums if one.whole in keys and keys.issuperset(one.parts)],
        withheld=whole.withheld & keys,
        told=told & keys,
    )


@dataclass(slots=True)
class _Lattice:
    """The numbers of a year as it grows, and which of them are sums of others."""

    counted: Collection[Counted]
    kinds: Mapping[uuid.UUID, str]
    numbers: dict[Key, int] = field(default_factory=dict)
    sums: list[Sum[Key]] = field(default_factory=list)
    withheld: set[Key] = field(default_factory=set)

    def take(self, other: _Lattice) -> None:
        """Hold what another one holds as well."""
        self.numbers |= other.numbers
        self.sums += other.sums
        self.withheld |= other.withheld

    def add(self, span: Span, counted: Iterable[Counted]) -> None:
        """A quarter: tables and the region, and each organisation over all tables."""
        counts = _by_key(span, counted)
        for measure in PLAIN:
            self._plain(measure, span, counts)
        for measure in OF_ORGANISATIONS:
            self._of_organisations(measure, span, counts, at_tables=span.is_year)

    def add_year(self, span: Span) -> None:
        """The year of quarters that were added, and what is only counted per year."""
        before = set(self.numbers)
        self.add(span, self.counted)
        for key in [one for one in self.numbers if one not in before]:
            parts = tuple(
                Key(key.measure, Span(day), key.category, key.table_id, key.organisation_id)
                for day in span.quarter_days
            )
            if not (key.table_id and key.organisation_id):
                self._sum(key, parts)
        self._annual(span)

    def _sum(self, whole: Key, parts: Iterable[Key]) -> None:
        """Say that it is one; a part that was never counted is 0, and known to be."""
        self.sums.append(Sum(whole, tuple(one for one in parts if one in self.numbers)))

    def _plain(self, measure: Measure, span: Span, counts: Mapping[Key, int]) -> None:
        tables = sorted({key.table_id for key in counts if key.table_id}, key=str)
        names = sorted({key.category for key in counts if key.measure is measure} - {WHOLE})
        for table_id in (*tables, None):
            whole = self._cell(Key(measure, span, WHOLE, table_id), counts)
            parts = [self._cell(Key(measure, span, name, table_id), counts) for name in names]
            if parts:
                self._sum(whole, parts)
        for name in (*names, WHOLE):
            of_tables = [Key(measure, span, name, table_id) for table_id in tables]
            self._sum(Key(measure, span, name), of_tables)
            self._hold_from_those_who_know(Key(measure, span, name), counts, of_tables)

    def _hold_from_those_who_know(
        self, whole: Key, counts: Mapping[Key, int], at_tables: Iterable[Key]
    ) -> None:
        """Withhold a sum over tables of which one leaves little: its staff know what it has."""
        if any(is_small(self.numbers[whole] - counts.get(one, 0)) for one in at_tables):
            self.withheld.add(whole)

    def _cell(self, key: Key, counts: Mapping[Key, int]) -> Key:
        self.numbers[key] = counts.get(key, 0)
        return key

    def _of_organisations(
        self, measure: Measure, span: Span, counts: Mapping[Key, int], *, at_tables: bool
    ) -> None:
        """Each organisation over all tables; at each of its tables too where so asked."""
        of: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
        for key in counts:
            if key.measure is measure and key.organisation_id and key.table_id:
                of[key.organisation_id].add(key.table_id)
        found = {key.category for key in counts if key.measure is measure} - {WHOLE}
        for organisation_id in sorted(of, key=str):
            tables = sorted(of[organisation_id], key=str) if at_tables else []
            for name in (*sorted(found), WHOLE):
                rows = [
                    Key(measure, span, name, table_id, organisation_id)
                    for table_id in (*tables, None)
                ]
                names = found if name == WHOLE else ()
                for row in rows:
                    self._cell(row, counts)
                    if names:
                        parts = [
                            Key(measure, span, one, row.table_id, organisation_id)
                            for one in sorted(names)
                        ]
                        self._sum(row, parts)
                if tables:
                    self._sum(rows[-1], rows[:-1])
                self._hold_from_those_who_know(
                    rows[-1],
                    counts,
                    [replace(rows[-1], table_id=one) for one in of[organisation_id]],
                )

    def _annual(self, span: Span) -> None:
        """What the kinds count, and what is left between any two figures of a kind."""
        by_table: Counter[Key] = Counter()
        for one in self.counted:
            if one.measure is Measure.ANNUAL:
                by_table[Key(Measure.ANNUAL, span, one.category, one.table_id)] += one.number
        by_kind: dict[tuple[str, str], list[Key]] = defaultdict(list)
        for key, number in by_table.items():
            self.numbers[key] = number
            if key.table_id:
                by_kind[self.kinds[key.table_id], key.category].append(key)
        wholes: dict[str, list[Key]] = defaultdict(list)
        for (kind, code), parts in sorted(by_kind.items()):
            whole = Key(Measure.ANNUAL, span, code, kind=kind)
            self.numbers[whole] = sum(self.numbers[one] for one in parts)
            self._sum(whole, parts)
            self._hold_from_those_who_know(whole, self.numbers, parts)
            wholes[kind].append(whole)
        for kind, figures in wholes.items():
            discussed = self._discussions(kind, span)
            for more, less in permutations([*figures, discussed], 2):
                self._difference(more, less)

    def _discussions(self, kind: str, span: Span) -> Key:
        """All discussions at tables of a kind: more than its cases by what was discussed again."""
        whole = Key(Measure.CASES, span, kind=kind)
        tables = [
            key
            for key in self.numbers
            if key.measure is Measure.CASES
            and key.span == span
            and key.category == WHOLE
            and key.table_id
            and self.kinds[key.table_id] == kind
        ]
        self.numbers[whole] = sum(self.numbers[one] for one in tables)
        self.withheld.add(whole)
        self._sum(whole, tables)
        return whole

    def _difference(self, one: Key, other: Key) -> None:
        if self.numbers[one] <= self.numbers[other]:
            return
        names = f"{_REST}:{one.measure}:{one.category}:{other.measure}:{other.category}"
        rest = Key(Measure.ANNUAL, one.span, names, kind=one.kind)
        self.numbers[rest] = self.numbers[one] - self.numbers[other]
        self.withheld.add(rest)
        self._sum(one, (other, rest))


def _by_key(span: Span, counted: Iterable[Counted]) -> Mapping[Key, int]:
    """Each number at its table and over all tables, by category and as a whole."""
    found: Counter[Key] = Counter()
    for one in counted:
        for table_id in (one.table_id, None):
            for category in {one.category, WHOLE}:
                key = Key(one.measure, span, category, table_id, one.organisation_id)
                found[key] += one.number
    return found
