"""Why a number is not told: it is small, or it stands for a small one it hangs together with.

Numbers hang together that are each other's sum, or count the same discussions but for a few.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

SMALL = range(1, 5)
# Told of the same discussions as ``cases``, so one may give the other away.
OF_DISCUSSIONS = ("cases", "attendance", "annual", "outcomes")


class Place(NamedTuple):
    """One number as a reader would name it; ``days`` are the first days of its quarters."""

    what: str
    code: str
    days: tuple
    table_id: object = None
    organisation_id: object = None


def without_reason(untold, told_anew, tables) -> list[Place]:
    """Untold numbers that hang together with nothing small; ``untold`` to their true numbers."""
    groups = defaultdict(set)
    for one in untold:
        for name in _sums(one):
            groups[name].add(one)
    waiting = [one for one, number in untold.items() if _gives_away(one, number, told_anew, tables)]
    reached = set(waiting)
    while waiting:
        one = waiting.pop()
        for name in _sums(one):
            for other in groups.pop(name, ()):
                if other not in reached:
                    reached.add(other)
                    waiting.append(other)
    return [one for one in untold if one not in reached]


def _sums(one: Place):
    """The sums it is part or whole of, by name."""
    yield "categories", one.what, one.days, one.table_id, one.organisation_id
    yield "tables", one.what, one.code, one.days, one.organisation_id
    for day in one.days:
        yield "periods", one.what, one.code, one.table_id, one.organisation_id, day
    if one.what in OF_DISCUSSIONS:
        yield "discussions", one.days, one.table_id


def _gives_away(one: Place, number: int, told_anew, tables) -> bool:
    """Small itself, or so near to what staff of a table know or others are told."""
    if number in SMALL:
        return True
    near = [told_anew(one._replace(table_id=at)) for at in tables if one.table_id is None]
    if one.what in OF_DISCUSSIONS:
        near += [
            told_anew(Place("cases", which, one.days, at))
            for which in ("", "new")
            for at in (one.table_id, *tables)
        ]
    return any(abs(number - other) in SMALL for other in near)
