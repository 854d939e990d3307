"""Hides numbers of one and the same cases that differ by one to four, whatever else is told.

A last pass over a publication, over measures that are not each other's sums: discussions, whom an
organisation was invited to, and what the kinds of table count. It judges the true numbers, told or
not, and takes away whole rows, so that what it hides is no remainder of what is left.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Final

from app.domain.kinds import Measure
from app.domain.report import QUARTERS_A_YEAR, WHOLE, Discussed, Span
from app.domain.small_counts import STEP

# Of a kind so many figures are told at the most: every sum of them is held against the others.
MOST_FIGURES: Final = 10


@dataclass(frozen=True, slots=True)
class Counted:
    """One stored number of a quarter; ``kind`` of the table when that was counted."""

    quarter_on: date
    table_id: uuid.UUID
    organisation_id: uuid.UUID | None
    measure: Measure
    category: str
    number: int
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """One number of the publication; neither table nor kind: the region, or all tables."""

    measure: Measure
    span: Span
    category: str = WHOLE
    table_id: uuid.UUID | None = None
    organisation_id: uuid.UUID | None = None
    kind: str = ""


def hidden(
    counted: Collection[Counted],
    told: Collection[Key],
    span: Span,
    kinds: Mapping[uuid.UUID, str] | None = None,
) -> frozenset[Key]:
    """Which numbers of a quarter, or of a year and its quarters, may not be told after all."""
    organisations = _organisations(counted, span)
    figures = _figures(counted, kinds, told, span) if kinds is not None else set()
    return frozenset(
        one
        for one in told
        if one.span == span
        and (
            (one.measure is Measure.ATTENDANCE and one.organisation_id in organisations)
            or (one.measure is Measure.ANNUAL and _figure_of(one, kinds or {}) in figures)
        )
    )


def _organisations(counted: Collection[Counted], span: Span) -> set[uuid.UUID | None]:
    """Who was invited to nearly all discussions, at a table or together, in any of these periods.

    A year tells no more than its quarters where one of them may not be told.
    """
    days = span.quarter_days
    periods = [days, *((one,) for one in days)] if span.quarters == QUARTERS_A_YEAR else [days]
    return {one for period in periods for one in _nearly_all(counted, period)}


def _nearly_all(counted: Collection[Counted], days: Collection[date]) -> set[uuid.UUID | None]:
    cases: Counter[uuid.UUID | None] = Counter()
    seats: dict[uuid.UUID | None, Counter[uuid.UUID]] = defaultdict(Counter)
    for one in counted:
        if one.quarter_on in days and one.measure is Measure.CASES:
            cases[one.table_id] += one.number
        if one.quarter_on in days and one.measure is Measure.ATTENDANCE:
            seats[one.organisation_id][one.table_id] += one.number
    whole = sum(cases.values())
    return {
        organisation_id
        for organisation_id, at in seats.items()
        if _is_near(sum(at.values()), (whole, sum(cases[table_id] for table_id in at)))
        or any(_is_near(number, (cases[table_id],)) for table_id, number in at.items())
    }


def _figures(
    counted: Collection[Counted],
    kinds: Mapping[uuid.UUID, str],
    told: Collection[Key],
    span: Span,
) -> set[tuple[str, str]]:
    """The figures of kinds that nearly agree with the discussions, each other or their sums.

    One that agrees with them altogether is told only where they are: else it would stand for them.
    """
    cases: dict[tuple[str, uuid.UUID | None], Counter[str]] = defaultdict(Counter)
    figures: dict[tuple[str, uuid.UUID | None], Counter[str]] = defaultdict(Counter)
    for one in counted:
        kind = kinds.get(one.table_id, "")
        found = {Measure.CASES: cases, Measure.ANNUAL: figures}.get(one.measure)
        if found is not None:
            for scope in (one.table_id, None):
                found[kind, scope][one.category] += one.number
    gone: set[tuple[str, str]] = set()
    for (kind, table_id), of in figures.items():
        bases = _bases(cases[kind, table_id])
        within = [one for at, one in cases if at == kind and one and table_id in (None, one)]
        untold = {
            number
            for number, names in bases
            if any(
                Key(Measure.CASES, span, name, at) not in told for name in names for at in within
            )
        }
        left = {code: number for code, number in of.items() if (kind, code) not in gone}
        again = [code for code in left if left[code] in untold]
        numbers = [number for number, _ in bases if number]
        gone.update((kind, code) for code in (*again, *_related(left, numbers)))
    whole = {kind: _bases(of) for (kind, table_id), of in cases.items() if table_id is None}
    agreeing = {
        (kind, code): number
        for (kind, table_id), of in figures.items()
        for code, number in of.items()
        if table_id is None
        and (kind, code) not in gone
        and Key(Measure.ANNUAL, span, code, kind=kind) in told
    }
    return gone | _leaving_few(whole, agreeing)


def _leaving_few(
    whole: Mapping[str, Sequence[tuple[int, tuple[str, ...]]]],
    figures: Mapping[tuple[str, str], int],
) -> set[tuple[str, str]]:
    """The figures that stand for all discussions of their kinds, where few are left of the others.

    Taken away by kind, the one with the fewest first, until what is left are none or five at least.
    """
    gone: set[tuple[str, str]] = set()
    for bases in zip(*(whole[kind] for kind in sorted(whole)), strict=True):
        numbers = {kind: number for kind, (number, _) in zip(sorted(whole), bases, strict=True)}
        telling: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for (kind, code), number in figures.items():
            if number == numbers[kind] and (kind, code) not in gone:
                telling[kind].add((kind, code))
        for kind in sorted(telling, key=lambda one: (numbers[one], one)):
            if not 0 < sum(numbers[one] for one in numbers if one not in telling) < STEP:
                break
            gone |= telling.pop(kind)
    return gone


def _bases(by_which: Mapping[str, int]) -> list[tuple[int, tuple[str, ...]]]:
    """The numbers of discussions that figures are held against, and which lines say them."""
    new, again = by_which.get(Discussed.NEW, 0), by_which.get(Discussed.AGAIN, 0)
    names = (Discussed.NEW, Discussed.AGAIN) if again else (Discussed.NEW,)
    return [(sum(by_which.values()), (WHOLE,)), (new, (Discussed.NEW,)), (new + again, names)]


def _related(figures: Mapping[str, int], bases: Collection[int]) -> Iterable[str]:
    """Taken away until no sum of them is near the discussions or the largest, nor one near another.

    The smaller one of two; and all but the largest few where there are very many.
    """
    kept: dict[str, int] = {}
    for code, number in sorted(figures.items(), key=lambda one: (-one[1], one[0])):
        others = list(kept.values())
        if (
            len(kept) == MOST_FIGURES
            or _is_near(number, others)
            or any(_is_near(number + one, bases) for one in _sums(others))
            or any(_is_near(number + one, others[:1]) for one in _sums(others[1:]))
        ):
            yield code
        else:
            kept[code] = number


def _sums(numbers: Sequence[int]) -> Iterator[int]:
    """Of each choice among these numbers; of none of them too."""
    return (sum(some) for many in range(len(numbers) + 1) for some in combinations(numbers, many))


def _is_near(number: int, others: Iterable[int]) -> bool:
    return any(0 < abs(number - other) < STEP for other in others)


def _figure_of(key: Key, kinds: Mapping[uuid.UUID, str]) -> tuple[str, str]:
    return (kinds.get(key.table_id, "") if key.table_id else key.kind, key.category)
