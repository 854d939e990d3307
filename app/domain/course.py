"""Says when a running meeting is expected to end; it must never know what an item is about.

All moments are aware UTC, all lengths whole minutes; nothing here moves an item by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One item of the agenda in its order, as far as time goes.

    ``ends_at`` is the end of an item on the table, by its timer. A block that is no case is never
    taken up: it lasts its minutes, from ``fixed_at`` if it has a time of its own.
    """

    minutes: int
    is_case: bool = True
    fixed_at: datetime | None = None
    ends_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """When it is expected to end, and how many whole minutes that is past what was planned."""

    ends_at: datetime
    minutes_over: int

    @property
    def is_on_schedule(self) -> bool:
        """Less than a minute late, or early."""
        return self.minutes_over == 0


def outlook(
    legs: Sequence[Leg], *, started_at: datetime, planned_end: datetime, now: datetime
) -> Outlook:
    """Lay what is left of the agenda after what was done, and compare with the planned end.

    :raises ValueError: a moment without a zone.
    """
    if any(moment.tzinfo is None for moment in (started_at, planned_end, now)):
        message = "an outlook needs moments with a zone"
        raise ValueError(message)
    free_from = max(_done(legs), default=started_at)
    for leg in _to_come(legs):
        if leg.ends_at is not None:
            free_from = max(leg.ends_at, now)
            continue
        begins = max(free_from, leg.fixed_at or free_from)
        free_from = (max(begins, now) if leg.is_case else begins) + timedelta(minutes=leg.minutes)
    ends_at = max(free_from, now)
    over = max(timedelta(), ends_at - planned_end)
    return Outlook(ends_at, over // timedelta(minutes=1))


def _done(legs: Iterable[Leg]) -> list[datetime]:
    return [leg.closed_at for leg in legs if leg.closed_at is not None]


def _to_come(legs: Sequence[Leg]) -> list[Leg]:
    """Cases not closed yet, and the other blocks after the last case that was taken up.

    The case on the table comes first, wherever it stands in the order.
    """
    taken = [at for at, leg in enumerate(legs) if leg.is_case and (leg.ends_at or leg.closed_at)]
    last = max(taken, default=-1)
    left = [
        leg for at, leg in enumerate(legs) if leg.closed_at is None and (leg.is_case or at > last)
    ]
    return sorted(left, key=lambda leg: leg.ends_at is None)
