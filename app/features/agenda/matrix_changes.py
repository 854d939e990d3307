"""What became different since the papers were opened: given, withdrawn, or rewritten."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.features.agenda.matrix_pages import Change, ChangeKind, MatrixSection, Pair
from app.models import Disclosure


def changes_of(
    published_at: datetime | None,
    seats: Sequence[Any],
    sections: Sequence[Any],
    named: Mapping[uuid.UUID, MatrixSection],
    given: Mapping[Pair, Sequence[Disclosure]],
) -> tuple[Change, ...]:
    """Newest first; nothing before publication. What was given and taken back again is nothing."""
    if published_at is None:
        return ()
    changes = [
        Change(_kind_of(named[row.Section.id]), named[row.Section.id], "", row.Section.updated_at)
        for row in sections
        if row.Section.updated_at > published_at
    ]
    for seat in seats:
        words = seat.Organisation.name + (f", {seat.Person.name}" if seat.Person else "")
        for section_id, section in named.items():
            decided = given.get((seat.Seat.id, section_id), ())
            changes += _of_pair(published_at, decided, section, words)
    return tuple(sorted(changes, key=lambda one: one.at, reverse=True))


def _kind_of(section: MatrixSection) -> ChangeKind:
    return ChangeKind.TEXT if section.recalled_at is None else ChangeKind.RECALLED


def _of_pair(
    published_at: datetime, decided: Sequence[Disclosure], section: MatrixSection, words: str
) -> Iterable[Change]:
    stood = any(_stood(one, published_at) for one in decided)
    last = decided[-1] if decided else None
    stands = last is not None and last.withdrawn_at is None
    if last is None or stood == stands:
        return
    if stands:
        yield Change(ChangeKind.ADDED, section, words, last.decided_at)
    elif last.withdrawn_at is not None:
        yield Change(ChangeKind.WITHDRAWN, section, words, last.withdrawn_at)


def _stood(one: Disclosure, published_at: datetime) -> bool:
    return one.decided_at <= published_at and (
        one.withdrawn_at is None or one.withdrawn_at > published_at
    )
