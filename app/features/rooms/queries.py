"""What an administrator reads about rooms; never which table meets where."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import func, select

from app.access import Actor, Permission, load_managed
from app.domain.paging import Paging, page_of
from app.infra.db import reading
from app.models import Room

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class RoomRow:
    """One room, in the list and in its form."""

    room_id: uuid.UUID
    name: str
    address: str
    has_ended: bool
    version: int


@dataclass(frozen=True, slots=True)
class RoomList:
    """One page of the rooms."""

    rows: tuple[RoomRow, ...]
    paging: Paging


def list_rooms(asked: str | None) -> RoomList:
    """All rooms, those in use first."""
    with reading() as session:
        found = session.scalar(select(func.count()).select_from(Room)) or 0
        paging = page_of(found, asked, size=PER_PAGE)
        rooms = session.scalars(
            select(Room)
            .order_by(Room.ended_at.is_not(None), Room.name, Room.id)
            .limit(PER_PAGE)
            .offset(paging.offset)
        )
        return RoomList(tuple(_row(room) for room in rooms), paging)


def room_edit(actor: Actor, room_id: uuid.UUID) -> RoomRow:
    """One room as the form shows it. NotVisible."""
    with reading() as session:
        return _row(load_managed(session, actor, Room, room_id, Permission.ROOM_MANAGE))


def _row(room: Room) -> RoomRow:
    return RoomRow(room.id, room.name, room.address, room.ended_at is not None, room.version)
