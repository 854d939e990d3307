"""Gives agenda items their clock times and order; it must never know what an item is about.

All moments are aware UTC, all lengths whole minutes.
"""

from __future__ import annotations

from collections.abc import Container, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Generic, TypeVar

MAX_ITEM_MINUTES = 24 * 60

K = TypeVar("K", bound=Hashable)


class WarningKind(StrEnum):
    """What a chair should look at; a warning never blocks."""

    RUNS_INTO_FIXED = "runs-into-fixed"
    STARTS_BEFORE_MEETING = "starts-before-meeting"
    RUNS_PAST_END = "runs-past-end"


class Direction(StrEnum):
    """Where an item goes in the order."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class AgendaEntry(Generic[K]):
    """One item as planned: its length, and its own clock time when it is pinned to one."""

    key: K
    minutes: int
    fixed_at: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse lengths that are not minutes of one day."""
        if not 1 <= self.minutes <= MAX_ITEM_MINUTES:
            message = f"an item lasts 1 to {MAX_ITEM_MINUTES} minutes, not {self.minutes}"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class PlannedItem(Generic[K]):
    """One item with its clock times, half-open ``[starts_at, ends_at)``."""

    key: K
    starts_at: datetime
    ends_at: datetime
    minutes: int


@dataclass(frozen=True, slots=True)
class PlanWarning(Generic[K]):
    """``minutes`` too many (or too early) for item ``key``; ``fixed_key`` is what it runs into."""

    kind: WarningKind
    key: K
    minutes: int
    fixed_key: K | None = None


@dataclass(frozen=True, slots=True)
class AgendaPlan(Generic[K]):
    """The agenda in clock times; ``ends_at`` is the last end, the start when it is empty."""

    items: tuple[PlannedItem[K], ...]
    warnings: tuple[PlanWarning[K], ...]
    total_minutes: int
    ends_at: datetime


def plan(
    start: datetime, items: Iterable[AgendaEntry[K]], *, planned_end: datetime | None = None
) -> AgendaPlan[K]:
    """Lay the items one after another from ``start``; a pinned item keeps its own time.

    After a pinned item the next begins at its end, or later when an earlier item ran past it.

    :raises ValueError: a moment without a zone.
    """
    entries = tuple(items)
    for moment in (start, planned_end, *(entry.fixed_at for entry in entries)):
        if moment is not None and moment.tzinfo is None:
            message = "an agenda needs moments with a zone"
            raise ValueError(message)
    planned = tuple(_laid_out(start, entries))
    pinned = {entry.key for entry in entries if entry.fixed_at is not None}
    return AgendaPlan(
        items=planned,
        warnings=tuple(_warnings(start, planned, pinned, planned_end)),
        total_minutes=sum(item.minutes for item in planned),
        ends_at=max((item.ends_at for item in planned), default=start),
    )


def move(order: Sequence[K], item: K, direction: Direction) -> tuple[K, ...]:
    """Return the order with ``item`` one place up or down; unchanged at the edge.

    :raises ValueError: the item is not in the order.
    """
    step = -1 if direction is Direction.UP else 1
    return move_to(order, item, order.index(item) + step)


def move_to(order: Sequence[K], item: K, index: int) -> tuple[K, ...]:
    """Return the order with ``item`` at ``index`` (from 0), held within the list.

    :raises ValueError: the item is not in the order.
    """
    place = order.index(item)
    rest = [*order[:place], *order[place + 1 :]]
    rest.insert(max(0, min(index, len(rest))), item)
    return tuple(rest)


def personal_numbers(order: Iterable[K], visible: Container[K]) -> dict[K, int]:
    """Number, from 1, only what somebody sees, so that no gap tells of others (access.md §2)."""
    seen = (item for item in order if item in visible)
    return {item: number for number, item in enumerate(seen, 1)}


def _laid_out(start: datetime, entries: Iterable[AgendaEntry[K]]) -> Iterator[PlannedItem[K]]:
    free_from = start
    for entry in entries:
        starts_at = entry.fixed_at or free_from
        ends_at = starts_at + timedelta(minutes=entry.minutes)
        free_from = max(free_from, ends_at)
        yield PlannedItem(entry.key, starts_at, ends_at, entry.minutes)


def _warnings(
    start: datetime,
    planned: Sequence[PlannedItem[K]],
    pinned: Container[K],
    planned_end: datetime | None,
) -> Iterator[PlanWarning[K]]:
    for place, item in enumerate(planned):
        if item.starts_at < start:
            early = _minutes(start - item.starts_at)
            yield PlanWarning(WarningKind.STARTS_BEFORE_MEETING, item.key, early)
        later = (other for other in planned[place + 1 :] if other.key in pinned)
        into = next((other for other in later if other.starts_at < item.ends_at), None)
        if into is not None:
            over = _minutes(item.ends_at - into.starts_at)
            yield PlanWarning(WarningKind.RUNS_INTO_FIXED, item.key, over, into.key)
        if planned_end is not None and item.ends_at > planned_end:
            over = _minutes(item.ends_at - planned_end)
            yield PlanWarning(WarningKind.RUNS_PAST_END, item.key, over)


def _minutes(span: timedelta) -> int:
    """Round up: a second too many is still too late."""
    return -(-span // timedelta(minutes=1))
