"""What follows from sums some of whose members are known: exact, in whole numbers.

An equation is a mapping from unknown to coefficient; what it adds up to is not needed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import gcd

Row = dict[int, int]
_Exact = int | Fraction


@dataclass(slots=True)
class Derived:
    """An equation that follows, and of which it was made; ``pivot`` is in no other one."""

    row: Row
    pivot: int
    made_of: set[int]

    def take(self, other: Derived) -> None:
        """Rid it of the pivot of the other one."""
        ours, theirs = self.row[other.pivot], other.row[other.pivot]
        factor = gcd(ours, theirs)
        ours, theirs = ours // factor, theirs // factor
        row = {at: theirs * value for at, value in self.row.items()} if theirs != 1 else self.row
        for at, value in other.row.items():
            left = row.get(at, 0) - ours * value
            if left:
                row[at] = left
            else:
                row.pop(at, None)
        self.row = row
        self.made_of |= other.made_of
        self.shorten()

    def shorten(self) -> None:
        """Divide by what all coefficients share; the pivot's is positive."""
        if not self.row:
            return
        factor = gcd(*self.row.values())
        if self.row.get(self.pivot, 1) < 0:
            factor = -factor
        if factor != 1:
            self.row = {at: value // factor for at, value in self.row.items()}


def eliminated(equations: Mapping[int, Row]) -> list[Derived]:
    """The reduced equations: every sum of unknowns that follows is a sum of these.

    A single unknown that follows is a row of its own.
    """
    often = _occurrences(equations.values())
    found: list[Derived] = []
    by_pivot: dict[int, Derived] = {}
    for number, equation in equations.items():
        new = Derived(dict(equation), -1, {number})
        for at in [at for at in equation if at in by_pivot]:  # none brings another one's back
            new.take(by_pivot[at])
        if not new.row:
            continue
        new.pivot = min(new.row, key=lambda at: (often[at], at))
        new.shorten()
        for one in found:
            if new.pivot in one.row:
                one.take(new)
        found.append(new)
        by_pivot[new.pivot] = new
    return found


def _occurrences(rows: Iterable[Row]) -> dict[int, int]:
    counted: dict[int, int] = {}
    for row in rows:
        for at in row:
            counted[at] = counted.get(at, 0) + 1
    return counted


def small_sums(
    derived: list[Derived], numbers: Mapping[int, int], *, below: int
) -> Iterable[tuple[frozenset[int], set[int]]]:
    """Unknowns whose sum follows and is from 1 up to ``below``, each with what it was made of.

    ``numbers`` are at least 1 each, so such a sum has fewer than ``below`` members, and is made of
    no more rows than that: rows whose pivots are among its members.
    """
    rows = [one for one in derived if numbers[one.pivot] < below]
    by_column: dict[int, list[int]] = {}
    for place, one in enumerate(rows):
        for at in one.row:
            by_column.setdefault(at, []).append(place)
    pivots = frozenset(one.pivot for one in rows)
    search = _Search(rows, by_column, pivots, numbers, below)
    for place in range(len(rows)):
        yield from _grown(search, place)


@dataclass(frozen=True, slots=True)
class _Search:
    rows: list[Derived]
    by_column: dict[int, list[int]]
    pivots: frozenset[int]
    numbers: Mapping[int, int]
    below: int


def _grown(search: _Search, start: int) -> Iterable[tuple[frozenset[int], set[int]]]:
    """The first small sum of a row and later ones, each of which cancels what cannot stay."""
    alone: tuple[int, ...] = (start,)
    waiting = [(alone, _scaled(search.rows[start]))]
    seen = {alone}
    while waiting:
        chosen, made = waiting.pop()
        if _is_small(search, made):
            yield frozenset(made), set().union(*(search.rows[one].made_of for one in chosen))
            return
        left = search.below - 1 - sum(search.numbers[search.rows[one].pivot] for one in chosen)
        for further in _cancelling(search, made, chosen, left) if left > 0 else ():
            together = tuple(sorted((*chosen, further)))
            if further > start and together not in seen:
                seen.add(together)
                waiting.append((together, _added(made, _scaled(search.rows[further]))))


def _cancelling(
    search: _Search, made: Mapping[int, _Exact], chosen: tuple[int, ...], left: int
) -> list[int]:
    """Rows that change a member which cannot stay as it is, with a pivot of at most ``left``."""
    return sorted(
        {
            place
            for at in _in_the_way(search, made, left)
            for place in search.by_column[at]
            if place not in chosen
            and search.numbers[search.rows[place].pivot] <= left
            and _may_cancel(made[at], search.rows[place].row[at])
        }
    )


def _in_the_way(search: _Search, made: Mapping[int, _Exact], left: int) -> list[int]:
    """A member that cannot stay as it is; where each of them might, all that may be cancelled."""
    others = [at for at in made if at not in search.pivots]
    for at in others:
        if made[at] != 1 or search.numbers[at] > left:
            return [at]
    return others


def _may_cancel(held: _Exact, further: int) -> bool:
    return (held < 0) != (further < 0) or held.denominator != 1


def _scaled(one: Derived) -> dict[int, _Exact]:
    """With 1 at the pivot."""
    at_pivot = one.row[one.pivot]
    if at_pivot == 1:
        return dict(one.row)
    return {at: Fraction(value, at_pivot) for at, value in one.row.items()}


def _added(one: Mapping[int, _Exact], other: Mapping[int, _Exact]) -> dict[int, _Exact]:
    both = dict(one)
    for at, value in other.items():
        left = both.pop(at, 0) + value
        if left:
            both[at] = left
    return both


def _is_small(search: _Search, made: Mapping[int, _Exact]) -> bool:
    return all(value == 1 for value in made.values()) and (
        sum(search.numbers[at] for at in made) < search.below
    )
