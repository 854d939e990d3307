"""For whom a decision or note of an item is, by organisation: staff alone ask it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import scopes
from app.access.actor import Actor
from app.models import DecisionAddressee, NoteReader, Organisation, Seat


@dataclass(frozen=True, slots=True)
class Seated:
    """An organisation with a seat at an item; ``is_hidden`` where only staff may know of it."""

    id: uuid.UUID
    name: str
    code: str
    is_hidden: bool


def seated_at(
    session: Session, actor: Actor, item_ids: Collection[uuid.UUID], *, now: datetime
) -> dict[uuid.UUID, list[Seated]]:
    """Per item the organisations with a seat there, as staff of the table see them."""
    rows = session.execute(
        scopes.staff_seats(actor, now=now)
        .join(Organisation, Organisation.id == Seat.organisation_id)
        .with_only_columns(
            Seat.item_id, Organisation.id, Organisation.name, Organisation.code, Seat.is_staff_only
        )
        .where(Seat.item_id.in_(item_ids), Seat.is_proposed.is_(False))
        .order_by(Organisation.name)
    )
    found: dict[uuid.UUID, list[Seated]] = defaultdict(list)
    for row in dict.fromkeys(rows):
        found[row[0]].append(Seated(row[1], row[2], row[3], row[4]))
    return found


def readers_at(
    session: Session, item_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, set[uuid.UUID]]:
    """Per decision and note at items that ``seated_at`` gave: the organisations it is for."""
    found: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for model, key in (
        (DecisionAddressee, DecisionAddressee.decision_id),
        (NoteReader, NoteReader.note_id),
    ):
        statement = (
            select(key, Seat.organisation_id)
            .join(Seat, Seat.id == model.seat_id)
            .where(Seat.item_id.in_(item_ids))
        )
        for text_id, organisation_id in session.execute(statement):
            found[text_id].add(organisation_id)
    return found
