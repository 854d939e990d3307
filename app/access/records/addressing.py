"""The seats a decision, or a note, of a loaded item is for: who may read it, and nobody besides."""

from __future__ import annotations

import uuid
from collections.abc import Set as AbstractSet

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.access.loaders import LoadedItem
from app.models import Decision, DecisionAddressee, Note, NoteReader, Seat

Ids = AbstractSet[uuid.UUID]


def addressees_of(session: Session, decision: Decision) -> set[uuid.UUID]:
    """The seats a loaded decision is for."""
    found = select(DecisionAddressee.seat_id).where(DecisionAddressee.decision_id == decision.id)
    return set(session.scalars(found))


def readers_of(session: Session, note: Note) -> set[uuid.UUID]:
    """The seats a loaded note is for."""
    return set(session.scalars(select(NoteReader.seat_id).where(NoteReader.note_id == note.id)))


def address(session: Session, at: LoadedItem, decision: Decision, chosen: Ids) -> None:
    """From now on a loaded decision is for these seats, and for those that were taken away."""
    was = addressees_of(session, decision)
    gone = (was - chosen) & _offered(session, at)
    session.execute(
        delete(DecisionAddressee).where(
            DecisionAddressee.decision_id == decision.id, DecisionAddressee.seat_id.in_(gone)
        )
    )
    for seat_id in chosen - was:
        session.add(DecisionAddressee(decision_id=decision.id, seat_id=seat_id))


def let_read(session: Session, at: LoadedItem, note: Note, chosen: Ids) -> None:
    """From now on a loaded note is for these seats, and for those that were taken away."""
    was = readers_of(session, note)
    gone = (was - chosen) & _offered(session, at)
    session.execute(
        delete(NoteReader).where(NoteReader.note_id == note.id, NoteReader.seat_id.in_(gone))
    )
    for seat_id in chosen - was:
        session.add(NoteReader(note_id=note.id, seat_id=seat_id))


def _offered(session: Session, at: LoadedItem) -> set[uuid.UUID]:
    """Seats that still stand at the item: only these could have been left out by choice."""
    standing = select(Seat.id).where(
        Seat.item_id == at.item.id, Seat.removed_at.is_(None), Seat.is_proposed.is_(False)
    )
    return set(session.scalars(standing))
