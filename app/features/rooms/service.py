"""Adding, changing and ending rooms; meetings planned before keep the place they were given."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.access import Actor, Permission, audit, load_managed
from app.access.administration.taken_names import flush_or_refuse, refuse_taken
from app.domain.errors import StaleEdit
from app.infra import clock
from app.infra.db import transaction
from app.models import Room


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomData:
    """A room as typed."""

    name: str
    address: str


def add_room(actor: Actor, data: RoomData) -> uuid.UUID:
    """Add a room. Refusal NAME_TAKEN."""
    with transaction() as session:
        refuse_taken(session, Room.name, data.name, but=None)
        room = Room(id=uuid.uuid4(), name=data.name, address=data.address)
        session.add(room)
        flush_or_refuse(session)
        _record(session, actor, audit.Event.ADD, room.id)
        return room.id


def change_room(actor: Actor, room_id: uuid.UUID, data: RoomData, *, version: int) -> None:
    """Change a room. Refusal NAME_TAKEN, StaleEdit with what stands now."""
    with transaction() as session:
        room = _load(session, actor, room_id)
        if room.version != version:
            raise StaleEdit(room.place, room.version)
        refuse_taken(session, Room.name, data.name, but=room_id)
        room.name, room.address = data.name, data.address
        flush_or_refuse(session)
        _record(session, actor, audit.Event.CHANGE, room_id)


def set_in_use(actor: Actor, room_id: uuid.UUID, *, in_use: bool) -> None:
    """End a room, or take it into use again; meetings already there stay."""
    with transaction() as session:
        room = _load(session, actor, room_id)
        if in_use is (room.ended_at is None):
            return
        room.ended_at = None if in_use else clock.now()
        _record(session, actor, audit.Event.CHANGE, room_id)


def _load(session: Session, actor: Actor, room_id: uuid.UUID) -> Room:
    room: Room = load_managed(session, actor, Room, room_id, Permission.ROOM_MANAGE)
    session.refresh(room, with_for_update=True)
    return room


def _record(session: Session, actor: Actor, event: audit.Event, room_id: uuid.UUID) -> None:
    audit.record(session, actor, audit.Entry(event=event, object_kind="room", object_id=room_id))
