"""Which numbers may be published so that no subtraction of any others gives a small one away.

A number from 1 to 4 tells of somebody. It stays hidden, and so does whatever it would follow from:
of a sum whose whole is published at least two parts are hidden, more where these together are
small, and no sum of sums leaves a small remainder. A 0 is published: it tells of nobody. So it
never hides a small number either, and a reader knows every hidden number to be 1 at least: bounds
that leave only one possibility count as well. Of two numbers as small as each other the first is
hidden, so the order of the numbers must never be that of people.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Final, Generic, TypeVar

from app.domain.elimination import Row, eliminated, small_sums
from app.domain.small_counts import STEP

Key = TypeVar("Key", bound=Hashable)
# How often bounds are drawn closer; they close in within a few rounds or not at all.
_ROUNDS: Final = 40


@dataclass(frozen=True, slots=True)
class Sum(Generic[Key]):
    """A number that is the sum of others; the reader knows that it is."""

    whole: Key
    parts: tuple[Key, ...]


class CannotHideError(ValueError):
    """What was published before gives a small number away whatever is hidden now."""


def publishable(
    numbers: Mapping[Key, int],
    sums: Sequence[Sum[Key]],
    *,
    withheld: Collection[Key] = frozenset(),
    guarded: Collection[Key] = frozenset(),
    told: Collection[Key] = frozenset(),
) -> frozenset[Key]:
    """Which of the numbers may be published together.

    ``withheld`` are never published, and where they are small nothing they follow from is either;
    of ``guarded`` that holds whatever their size. ``told`` were published before and stay so.
    Raises CannotHideError.
    """
    keys = list(numbers)
    at = {key: place for place, key in enumerate(keys)}
    counted = [numbers[key] for key in keys]
    linked = [(at[one.whole], tuple(at[part] for part in one.parts)) for one in sums]
    never, fixed = {at[key] for key in (*withheld, *guarded)}, {at[key] for key in told}
    kept = frozenset(at[key] for key in guarded)
    shown: set[Key] = set()
    for cells, equations in _apart(len(keys), linked):
        part = _Part(counted, equations, fixed, kept)
        part.hidden = {
            one for one in cells if one in never or (one not in fixed and is_small(counted[one]))
        }
        part.settle()
        shown.update(keys[one] for one in cells if one not in part.hidden)
    return frozenset(shown)


def more_to_hide(
    left: Mapping[Key, int],
    sums: Sequence[Sum[Key]],
    *,
    hidden: Collection[Key],
    may_hide: Collection[Key],
) -> frozenset[Key]:
    """What else to hide from somebody who can take an own part off every number.

    ``left`` is what is left of each then. Where nothing of ``may_hide`` would help, all of it that
    hangs together with what is given away.
    """
    keys = list(left)
    at = {key: place for place, key in enumerate(keys)}
    linked = [(at[one.whole], tuple(at[part] for part in one.parts)) for one in sums]
    free = {at[key] for key in may_hide}
    fixed = set(range(len(keys))) - free
    found: set[Key] = set()
    for cells, equations in _apart(len(keys), linked):
        part = _Part([left[key] for key in keys], equations, fixed, frozenset())
        before = {one for one in cells if keys[one] in hidden}
        part.hidden = set(before)
        try:
            part.settle()
        except CannotHideError:
            part.hidden |= free.intersection(cells)
        found.update(keys[one] for one in part.hidden - before)
    return frozenset(found)


def is_small(number: int) -> bool:
    """Whether a number tells of somebody."""
    return 0 < number < STEP


_Linked = tuple[int, tuple[int, ...]]


def _apart(number: int, linked: Iterable[_Linked]) -> Iterator[tuple[list[int], list[_Linked]]]:
    """The cells and sums that have nothing to do with each other, in order."""
    leader = list(range(number))

    def found(one: int) -> int:
        while leader[one] != one:
            leader[one] = leader[leader[one]]
            one = leader[one]
        return one

    linked = list(linked)
    for whole, parts in linked:
        for part in parts:
            first, second = sorted((found(whole), found(part)))
            leader[second] = first
    cells: dict[int, list[int]] = defaultdict(list)
    for one in range(number):
        cells[found(one)].append(one)
    equations: dict[int, list[_Linked]] = defaultdict(list)
    for equation in linked:
        equations[found(equation[0])].append(equation)
    for first, members in cells.items():
        yield members, equations[first]


class _Part:
    """Cells that hang together; ``hidden`` grows until nothing small follows."""

    def __init__(
        self,
        numbers: Sequence[int],
        sums: Sequence[_Linked],
        fixed: set[int],
        guarded: frozenset[int],
    ) -> None:
        self.numbers = numbers
        self.guarded = guarded
        self.sums = [(whole, *parts) for whole, parts in sums]
        self.fixed = fixed
        self.hidden: set[int] = set()
        self.sums_of: dict[int, list[int]] = defaultdict(list)
        for number, members in enumerate(self.sums):
            for one in members:
                self.sums_of[one].append(number)

    def settle(self) -> None:
        """Hide until no sum, no sum of sums and no bound gives a small number away."""
        if not self.hidden:
            return
        while True:
            for number in range(len(self.sums)):
                self._settle_sum(number)
            given = self._small_sums() or self._bounds()
            if not given:
                return
            touched: set[int] = set()
            for sums in given:
                if not sums & touched and not (touched and self._is_all_hidden()):
                    touched.update(self.sums_of[self._hide_one(sums)])

    def _settle_sum(self, number: int) -> None:
        """The hidden parts of a published whole are none, or together not small."""
        whole, *parts = self.sums[number]
        while whole not in self.hidden:
            left = sum(self.numbers[one] for one in parts if one in self.hidden)
            if not is_small(left):
                return
            self._hide_one({number})

    def _hide_one(self, sums: Iterable[int]) -> int:
        """The smallest number of these sums that can be hidden; of sums beside them else."""
        near = set(sums)
        while True:
            within = {one for number in near for one in self.sums[number]}
            free = [one for one in within if self._can_hide(one)]
            if free:
                smallest = min(free, key=lambda one: (self.numbers[one], one))
                self.hidden.add(smallest)
                return smallest
            wider = {number for one in within for number in self.sums_of[one]}
            if wider == near:
                raise CannotHideError
            near = wider

    def _is_all_hidden(self) -> bool:
        return not any(self._can_hide(one) for one in self.sums_of)

    def _can_hide(self, one: int) -> bool:
        return self.numbers[one] > 0 and one not in self.hidden and one not in self.fixed

    def _equations(self) -> dict[int, Row]:
        """What a reader knows of the hidden numbers; one that is 0 is no unknown."""
        found: dict[int, Row] = {}
        for number, (whole, *parts) in enumerate(self.sums):
            row = {one: 1 for one in parts if self._is_unknown(one)}
            if self._is_unknown(whole):
                row[whole] = -1
            if row:
                found[number] = row
        return found

    def _is_unknown(self, one: int) -> bool:
        return one in self.hidden and self.numbers[one] > 0

    def _small_sums(self) -> list[set[int]]:
        """The sums from which a small or a guarded number follows, for each such number."""
        unknown = {one: self.numbers[one] for one in self.hidden}
        derived = eliminated(self._equations())
        given = [one.made_of for one in derived if len(one.row) == 1 and one.pivot in self.guarded]
        return given + [made_of for _, made_of in small_sums(derived, unknown, below=STEP)]

    def _bounds(self) -> list[set[int]]:
        """The sums of the first small number that is all that is left between its bounds.

        Every hidden number is known to be 1 at least, for a 0 is published.
        """
        equations = self._equations()
        bounds = {one: (1.0, inf) for row in equations.values() for one in row}
        for _ in range(_ROUNDS):
            before = dict(bounds)
            for row in equations.values():
                self._draw_closer(row, bounds)
            if bounds == before:
                break
        known = (one for one, (low, high) in bounds.items() if low == high)
        tells = (one for one in known if is_small(self.numbers[one]) or one in self.guarded)
        return [set(self.sums_of[one]) for one in tells][:1]

    def _draw_closer(self, row: Row, bounds: dict[int, tuple[float, float]]) -> None:
        """What the others of a sum leave for each of its hidden numbers."""
        total = sum(sign * self.numbers[one] for one, sign in row.items())
        for one, sign in row.items():
            others = [(at, other) for at, other in row.items() if at != one]
            least = sum(min(other * end for end in bounds[at]) for at, other in others)
            most = sum(max(other * end for end in bounds[at]) for at, other in others)
            ends = sorted((sign * (total - most), sign * (total - least)))
            low, high = bounds[one]
            bounds[one] = max(low, ends[0]), min(high, ends[1])
