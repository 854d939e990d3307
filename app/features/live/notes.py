"""Mending a note of an item until the minutes are adopted: its words, and taking it back."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.access import Actor, LoadedItem, Permission, audit
from app.access.meetings.live import seats_at
from app.access.messages.naming_hidden import refuse_naming
from app.access.records import addressing
from app.access.records.item_log import What
from app.access.records.taken_back import load_any
from app.domain.errors import StaleEdit
from app.domain.kinds import RetentionClass
from app.features.live.pages import Place, Removed
from app.features.live.reading_item import place_of
from app.features.live.recording import refuse_others
from app.features.live.service import live_item, record, refuse_empty
from app.infra import clock, crypto
from app.infra.crypto import KeyScope, Sealed
from app.infra.db import transaction
from app.models import Note


@dataclass(frozen=True, slots=True)
class NoteToEdit:
    """A note as it stands, for changing it."""

    id: uuid.UUID
    meeting_id: uuid.UUID
    item_id: uuid.UUID
    is_running: bool
    text: str
    version: int
    places: tuple[Place, ...]
    reader_ids: tuple[uuid.UUID, ...]


def note_to_edit(actor: Actor, note_id: uuid.UUID) -> NoteToEdit:
    """Open one note for editing; recorded as read."""
    with transaction() as session:
        note, at = load_any(session, actor, Note, note_id, deleted=False)
        seats = seats_at(session, at.item)
        readers = addressing.readers_of(session, note)
        _record_reading(session, actor, at, note_id)
    return NoteToEdit(
        note_id,
        at.meeting.id,
        note.item_id,
        at.meeting.closed_at is None,
        crypto.unseal(_sealed(note)),
        note.version,
        tuple(place_of(one) for one in seats),
        tuple(one.seat.id for one in seats if one.seat.id in readers),
    )


def change_note(
    actor: Actor,
    note_id: uuid.UUID,
    *,
    text: str,
    version: int,
    reader_ids: tuple[uuid.UUID, ...] | None = None,
) -> None:
    """Change its words, and who reads it: None leaves that. VALUE_UNKNOWN for a seat elsewhere.

    StaleEdit, recorded as a reading, when somebody else saved first.
    """
    refuse_empty(text, "text")
    with transaction() as session:
        note, at = load_any(session, actor, Note, note_id, deleted=False)
        live_item(session, actor, note.item_id, Permission.DECISION_RECORD)
        is_late = note.version != version
        if is_late:
            _record_reading(session, actor, at, note_id)
        else:
            scope = KeyScope.of_case(note.case_id, RetentionClass.DECISIONS)
            note.text_ct = crypto.seal(scope, text, belongs_to=_sealed(note).belongs_to)
            if reader_ids is not None:
                seats = seats_at(session, at.item)
                refuse_others(seats, reader_ids, "readers")
                refuse_naming(actor, at, seats, text, readers=reader_ids)
                addressing.let_read(session, at, note, set(reader_ids))
            record(session, actor, at.meeting, "note", at, object_id=note_id)
    if is_late:
        raise StaleEdit(crypto.unseal(_sealed(note)), note.version)


def delete_note(actor: Actor, note_id: uuid.UUID, *, version: int) -> tuple[uuid.UUID, Removed]:
    """Take a note back as it was seen; gives the meeting, and what puts it back."""
    with transaction() as session:
        note, at = load_any(session, actor, Note, note_id, deleted=False)
        live_item(session, actor, note.item_id, Permission.DECISION_RECORD)
        if note.version != version:
            raise StaleEdit("", note.version)
        note.deleted_at = clock.now()
        record(session, actor, at.meeting, "note", at, object_id=note_id)
        session.flush()
        removed = Removed(note.item_id, What.NOTE, note_id, note.recorded_at, note.version)
        return at.meeting.id, removed


def _sealed(note: Note) -> Sealed:
    return Sealed(note.text_ct, f"note:{note.id}:text")


def _record_reading(session: Session, actor: Actor, at: LoadedItem, note_id: uuid.UUID) -> None:
    record(session, actor, at.meeting, "note", at, object_id=note_id, event=audit.Event.READ)
