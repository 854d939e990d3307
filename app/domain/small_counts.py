"""How a number is told to whoever may not learn of a single case from it (security.md, G17)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeVar

# A number is told in steps of this many: none is smaller, and no two differ by less.
STEP: Final = 5
# How a number under a step is told, as it is in the reports.
SMALL: Final = "–"

What = TypeVar("What")


def coarse(number: int) -> int:
    """The multiple of ``STEP`` at or under a number; 0 may be any number under ``STEP``."""
    return number - number % STEP


def coarse_all(counts: Mapping[What, int]) -> dict[What, int]:
    """Each number by itself; what was counted is left out where nothing may be told of it."""
    told = {what: coarse(number) for what, number in counts.items()}
    return {what: number for what, number in told.items() if number}


def told(numbers: Sequence[int]) -> tuple[str, ...]:
    """How numbers that still grow are told: in steps of five, a dash for none to four.

    None is not told apart: the first that comes would show on the day it does.
    """
    return tuple(_in_steps(one) for one in numbers)


def _in_steps(number: int) -> str:
    return f"≥ {coarse(number)}" if number >= STEP else SMALL
