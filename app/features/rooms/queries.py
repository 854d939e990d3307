"""What an administrator reads about rooms; never which table meets where."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import select

from app.access import Actor, Permission, load_managed
from app.infra.db import reading
from app.models import Room


@dataclass(frozen=True, slots=True)
class RoomRow:
    """One room, in the list and in its form."""

    room_id: uuid.UUID
    name: str
    address: str
    has_ended: bool
    version: int


def list_rooms() -> tuple[RoomRow, ...]:
    """All rooms, those in use first."""
    with reading() as session:
        rooms = session.scalars(select(Room).order_by(Room.ended_at.is_not(None), Room.name))
        return tuple(_row(room) for room in rooms)


def room_edit(actor: Actor, room_id: uuid.UUID) -> RoomRow:
    """One room as the form shows it. NotVisible."""
    with reading() as session:
        return _row(load_managed(session, actor, Room, room_id, Permission.ROOM_MANAGE))


def _row(room: Room) -> RoomRow:
    return RoomRow(room.id, room.name, room.address, room.ended_at is not None, room.version)
