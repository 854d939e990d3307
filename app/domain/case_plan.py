"""The parts a plan is made of and when it is looked at again; it must never know a case."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Final

EXIT: Final = "exit"
WEIGHING: Final = "weighing"
LIFE_DOMAINS: Final = tuple(f"life-{number}" for number in range(1, 13))


class Part(StrEnum):
    """Where a section of a case stands on the page of its plan."""

    WEIGHING = "weighing"
    PLAN = "plan"
    LIFE = "life"
    EXIT = "exit"


def part_of(code: str, *, is_plan: bool) -> Part | None:
    """The part a kind of section belongs to; None for what is no part of a plan."""
    if code == EXIT:
        return Part.EXIT
    if code == WEIGHING:
        return Part.WEIGHING
    if code in LIFE_DOMAINS:
        return Part.LIFE
    return Part.PLAN if is_plan else None


def next_review(due_on: date, every_weeks: int | None, today: date) -> date | None:
    """When a case is looked at after a review held ``today``; None when that was the last one.

    In the old rhythm, but never on a day that has passed.
    """
    if not every_weeks:
        return None
    step = timedelta(weeks=every_weeks)
    found = due_on + step
    while found <= today:
        found += step
    return found
