"""The numbers of a quarter or a year, and which of them are sums of others that somebody knows."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import permutations
from typing import Final

from app.domain.kinds import Measure
from app.domain.related import Counted, Key
from app.domain.report import WHOLE, Span
from app.domain.suppression import Sum, is_small

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


def is_line(key: Key) -> bool:
    """Whether a report may have it; of the others it is only seen to that they do not follow."""
    if key.measure is Measure.ANNUAL:
        return not key.category.startswith(f"{_REST}:")
    return not key.kind and not is_at_table_in_quarter(key)


def is_at_table_in_quarter(key: Key) -> bool:
    """Whether it is of one organisation at one table in a quarter: of that no number is told."""
    return key.organisation_id is not None and key.table_id is not None and not key.span.is_year


@dataclass(slots=True)
class Lattice:
    """The numbers of a year as it grows, and which of them are sums of others."""

    counted: Collection[Counted]
    kinds: Mapping[uuid.UUID, str]
    numbers: dict[Key, int] = field(default_factory=dict)
    sums: list[Sum[Key]] = field(default_factory=list)
    withheld: set[Key] = field(default_factory=set)
    guarded: set[Key] = field(default_factory=set)

    def take(self, other: Lattice) -> None:
        """Hold what another one holds as well."""
        self.numbers |= other.numbers
        self.sums += other.sums
        self.withheld |= other.withheld
        self.guarded |= other.guarded

    def without(self, table_id: uuid.UUID, keys: Iterable[Key]) -> dict[Key, int]:
        """What is left of numbers over all tables for who knows what this table has."""
        own: Counter[tuple[Measure, date, str, uuid.UUID | None]] = Counter()
        for one in self.counted:
            if one.table_id == table_id:
                for category in {one.category, WHOLE}:
                    own[one.measure, one.quarter_on, category, one.organisation_id] += one.number
        return {
            key: self.numbers[key]
            - sum(
                own[key.measure, day, key.category, key.organisation_id]
                for day in key.span.quarter_days
            )
            for key in keys
        }

    def add(self, span: Span, counted: Iterable[Counted]) -> None:
        """A quarter or a year: tables and the region, and organisations at tables and over all."""
        counts = _by_key(span, counted)
        for measure in PLAIN:
            self._plain(measure, span, counts)
        for measure in OF_ORGANISATIONS:
            self._of_organisations(measure, span, counts)
        self.withheld.update(key for key in self.numbers if is_at_table_in_quarter(key))

    def add_year(self, span: Span) -> None:
        """The year of quarters that were added, and what is only counted per year."""
        before = set(self.numbers)
        self.add(span, self.counted)
        for key in [one for one in self.numbers if one not in before]:
            parts = tuple(
                Key(key.measure, Span(day), key.category, key.table_id, key.organisation_id)
                for day in span.quarter_days
            )
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
        """Guard a sum over tables of which one leaves little: its staff know what it has."""
        if any(is_small(self.numbers[whole] - counts.get(one, 0)) for one in at_tables):
            self.guarded.add(whole)

    def _cell(self, key: Key, counts: Mapping[Key, int]) -> Key:
        self.numbers[key] = counts.get(key, 0)
        return key

    def _of_organisations(self, measure: Measure, span: Span, counts: Mapping[Key, int]) -> None:
        """Each organisation over all tables, and at each of its tables."""
        of: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
        for key in counts:
            if key.measure is measure and key.organisation_id and key.table_id:
                of[key.organisation_id].add(key.table_id)
        found = {key.category for key in counts if key.measure is measure} - {WHOLE}
        for organisation_id in sorted(of, key=str):
            tables = (*sorted(of[organisation_id], key=str), None)
            for name in (*sorted(found), WHOLE):
                rows = [Key(measure, span, name, one, organisation_id) for one in tables]
                names = found if name == WHOLE else ()
                for row in rows:
                    self._cell(row, counts)
                    if names:
                        parts = [
                            Key(measure, span, one, row.table_id, organisation_id)
                            for one in sorted(names)
                        ]
                        self._sum(row, parts)
                self._sum(rows[-1], rows[:-1])
                self._hold_from_those_who_know(rows[-1], counts, rows[:-1])

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
