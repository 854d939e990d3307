"""Finds the unbroken stretches of a meeting that belong to one person; must never see who or what.

One stretch is one invitation (calendar.md §0.8): whoever has two items with somebody else's item in
between gets two, so that no entry covers time that is not the person's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Slot:
    """One agenda item on the clock, own or fixed. Raises ValueError unless it takes time."""

    item_id: UUID
    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        """Refuse what cannot be laid on a clock."""
        if self.starts_at.utcoffset() is None or self.ends_at.utcoffset() is None:
            message = "a slot needs aware times"
            raise ValueError(message)
        if self.ends_at <= self.starts_at:
            message = "a slot ends after it starts"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Span:
    """An unbroken stretch of own items, in order; a break inside it belongs to it."""

    item_ids: tuple[UUID, ...]
    starts_at: datetime
    ends_at: datetime

    def is_at_same_time_as(self, other: Span) -> bool:
        """Whether a calendar entry for one would do for the other."""
        return (self.starts_at, self.ends_at) == (other.starts_at, other.ends_at)


@dataclass(frozen=True, slots=True)
class SpanChanges:
    """What happens to the entries a person already has; keys are the caller's.

    ``unchanged`` needs no mail (its items may differ), ``moved`` an update with a higher sequence,
    ``ended`` a withdrawal with the old times, ``created`` a new entry with a new UID.
    """

    unchanged: tuple[tuple[UUID, Span], ...]
    moved: tuple[tuple[UUID, Span], ...]
    ended: tuple[UUID, ...]
    created: tuple[Span, ...]


def spans(own: Iterable[Slot], *, fixed: Iterable[Slot] = ()) -> tuple[Span, ...]:
    """Return the person's stretches in order of time.

    Own items are joined when one starts where the other ends (or earlier), or when nothing but
    fixed items (a break) fills the time between them. A fixed item before the first or after the
    last own item never belongs to a stretch.
    """
    breaks = sorted(fixed, key=_order)
    found: list[Span] = []
    for slot in sorted(own, key=_order):
        if found and _reach(found[-1].ends_at, breaks, until=slot.starts_at) >= slot.starts_at:
            found[-1] = _joined(found[-1], slot)
        else:
            found.append(Span((slot.item_id,), slot.starts_at, slot.ends_at))
    return tuple(found)


def match_spans(old: Mapping[UUID, Span], new: Sequence[Span]) -> SpanChanges:
    """Decide per new stretch which old entry it continues: the one sharing most items.

    Equal counts go to the entry at the same time, then to the earliest; a stretch that shares no
    item with any free entry is new, an entry left over has ended. Deterministic.
    """
    pairs = sorted(
        (
            (-shared, not entry.is_at_same_time_as(span), entry.starts_at, span.starts_at, key, n)
            for key, entry in old.items()
            for n, span in enumerate(new)
            if (shared := len(set(entry.item_ids) & set(span.item_ids)))
        ),
    )
    partner: dict[int, UUID] = {}
    for *_, key, n in pairs:
        if n not in partner and key not in partner.values():
            partner[n] = key
    continued = [(key, new[n]) for n, key in sorted(partner.items())]
    return SpanChanges(
        unchanged=tuple((k, span) for k, span in continued if old[k].is_at_same_time_as(span)),
        moved=tuple((k, span) for k, span in continued if not old[k].is_at_same_time_as(span)),
        ended=tuple(key for key in old if key not in partner.values()),
        created=tuple(span for n, span in enumerate(new) if n not in partner),
    )


def _order(slot: Slot) -> tuple[datetime, datetime, UUID]:
    return slot.starts_at, slot.ends_at, slot.item_id


def _reach(moment: datetime, breaks: Sequence[Slot], *, until: datetime) -> datetime:
    """How far breaks that follow each other without a gap carry on from ``moment``."""
    for block in breaks:
        if block.starts_at <= moment < block.ends_at <= until:
            moment = block.ends_at
    return moment


def _joined(span: Span, slot: Slot) -> Span:
    return Span((*span.item_ids, slot.item_id), span.starts_at, max(span.ends_at, slot.ends_at))
