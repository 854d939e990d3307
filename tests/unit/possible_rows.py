"""Whether the rows could have been others that read the same: a search through whole numbers.

A reader knows how many of each sort there may be: none less than nought, none told to be nought,
and of a line whose dash stands for something at least one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests.unit.published_rows import Knowledge, Sort

Cell = frozenset[int]


@dataclass(frozen=True)
class Sum:
    """So many of these unknowns together: from ``least`` to ``most``."""

    of: Cell
    least: int
    most: int


def is_only_possibility(known: Knowledge, asked: Iterable[Sort]) -> bool:
    """Whether the number of these rows is what it is in every world that reads the same."""
    asked = frozenset(asked)
    unknowns = _unknowns(known, asked)
    true = {at: known.number(sorts) for at, sorts in enumerate(unknowns)}
    sums = [_sum(unknowns, mask, known.number(mask)) for mask in known.told]
    hidden = [mask for mask in known.masks - known.told if known.number(mask)]
    sums += [Sum(_of(unknowns, mask), 1, 10**6) for mask in hidden]
    number, cell = known.number(asked), _of(unknowns, asked)
    others = (number - 1, number + 1, *(one for one in range(number + 9) if abs(one - number) > 1))
    return not any(
        _is_possible([*sums, Sum(cell, other, other)], true) for other in others if other >= 0
    )


def _unknowns(known: Knowledge, asked: frozenset[Sort]) -> list[list[Sort]]:
    """Sorts that nothing that is read or asked tells apart are one unknown."""
    masks = [*known.masks, asked]
    alike: dict[tuple[bool, ...], list[Sort]] = {}
    for sort in known.left:
        alike.setdefault(tuple(sort in mask for mask in masks), []).append(sort)
    return list(alike.values())


def _of(unknowns: list[list[Sort]], mask: frozenset[Sort]) -> Cell:
    return frozenset(at for at, sorts in enumerate(unknowns) if sorts[0] in mask)


def _sum(unknowns: list[list[Sort]], mask: frozenset[Sort], number: int) -> Sum:
    return Sum(_of(unknowns, mask), number, number)


def _is_possible(sums: list[Sum], near: Mapping[int, int]) -> bool:
    """Whether there are whole numbers with these sums; those near what is true are tried first."""
    bounds = {at: (0, 10**6) for one in sums for at in one.of}
    return _search(sums, near, bounds)


def _search(sums: list[Sum], near: Mapping[int, int], bounds: dict[int, tuple[int, int]]) -> bool:
    if not _draw_closer(sums, bounds):
        return False
    open_ones = [at for at, (least, most) in bounds.items() if least < most]
    if not open_ones:
        return True
    at = min(open_ones, key=lambda one: (bounds[one][1] - bounds[one][0], one))
    least, most = bounds[at]
    tried = sorted(range(least, min(most, least + 40) + 1), key=lambda one: abs(one - near[at]))
    return any(_search(sums, near, {**bounds, at: (one, one)}) for one in tried)


def _draw_closer(sums: list[Sum], bounds: dict[int, tuple[int, int]]) -> bool:
    """Take from each unknown what its sums do not leave it; False where one is left nothing."""
    is_closer = True
    while is_closer:
        is_closer = False
        for one in sums:
            least = sum(bounds[at][0] for at in one.of)
            most = sum(bounds[at][1] for at in one.of)
            if least > one.most or most < one.least:
                return False
            for at in one.of:
                low, high = bounds[at]
                new = max(low, one.least - (most - high)), min(high, one.most - (least - low))
                if new != (low, high):
                    bounds[at] = new
                    least, most = least + new[0] - low, most + new[1] - high
                    is_closer = True
    return True
