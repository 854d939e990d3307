"""The gate of an item: who is in the room without a seat leaves, or stays with a reason."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from app.access import Actor, LoadedItem, audit
from app.access.seats import bystanders
from app.domain.errors import NotVisible, Reason, Refusal
from app.features.live.service import live_item, record, refuse_empty
from app.infra import clock, crypto
from app.infra.db import transaction


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody of whom nobody has said yet what happens."""

    id: uuid.UUID
    name: str
    meeting_id: uuid.UUID
    item_id: uuid.UUID
    reference: str


def note(actor: Actor, item_id: uuid.UUID, name: str) -> uuid.UUID:
    """Somebody is there without a seat: the item waits. Gives the meeting."""
    refuse_empty(name, "who")
    with transaction() as session:
        loaded = live_item(session, actor, item_id)
        if loaded.case is None:
            raise NotVisible
        bystanders.add(session, actor, loaded.item, loaded.case.id, name)
        record(session, actor, loaded.meeting, "bystander", loaded)
        return loaded.meeting.id


def read_waiting(actor: Actor, bystander_id: uuid.UUID) -> Waiting:
    """The one that is let in; reading the name is recorded."""
    with transaction() as session:
        found, loaded = bystanders.load(session, actor, bystander_id)
        audit.record(session, actor, bystanders.reading_of(found, loaded))
        reference = loaded.case.reference if loaded.case else ""
    name = crypto.unseal(bystanders.name_of(found))
    return Waiting(found.id, name, loaded.meeting.id, loaded.item.id, reference)


def send_out(actor: Actor, bystander_id: uuid.UUID) -> LoadedItem:
    """The person left the room."""
    return _settle(actor, bystander_id, reason=None)


def admit(actor: Actor, bystander_id: uuid.UUID, reason: str) -> LoadedItem:
    """The person stays, and why; nothing opens to them by it."""
    refuse_empty(reason, "reason")
    return _settle(actor, bystander_id, reason=reason)


def _settle(actor: Actor, bystander_id: uuid.UUID, *, reason: str | None) -> LoadedItem:
    with transaction() as session:
        found, loaded = bystanders.load(session, actor, bystander_id)
        if found.settled_at is not None:
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        found.settled_at, found.settled_by_id = clock.now(), actor.person_id
        found.is_admitted = reason is not None
        if reason is not None and loaded.case is not None:
            belongs_to = f"bystander:{found.id}:reason"
            found.reason_ct = bystanders.seal(loaded.case.id, reason, belongs_to=belongs_to)
        kind = "bystander-admitted" if found.is_admitted else "bystander-left"
        record(session, actor, loaded.meeting, kind, loaded, object_id=found.id)
        return loaded
