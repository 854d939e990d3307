"""Who has a room when: every booking passes here, and never tells whose the other one is."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.errors import Reason, Refusal
from app.domain.local_time import local_date
from app.models import Meeting, Room


@dataclass(frozen=True, slots=True)
class RoomChoice:
    """A room as it may be chosen."""

    id: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True)
class Booking:
    """When a meeting is in a room: aware moments, half-open ``[starts_at, ends_at)``."""

    meeting_id: uuid.UUID
    starts_at: datetime
    ends_at: datetime


def rooms_to_choose(session: Session, *, also: uuid.UUID | None = None) -> tuple[RoomChoice, ...]:
    """The rooms in use, and the one a meeting is in already."""
    rooms = session.scalars(
        select(Room).where(or_(Room.ended_at.is_(None), Room.id == also)).order_by(Room.name)
    )
    return tuple(RoomChoice(one.id, one.place) for one in rooms)


def claim(
    session: Session,
    room_id: uuid.UUID,
    bookings: Iterable[Booking],
    *,
    held: uuid.UUID | None = None,
) -> Room:
    """Hold the room until the end of this transaction; gives it when it is free for all bookings.

    Two statements whatever the number of bookings. ``held`` is the room the meetings are in
    already: one that ended meanwhile may stay theirs. Refusal VALUE_UNKNOWN, ROOM_TAKEN (``start``,
    ``end``) for one booking, ROOM_TAKEN_ON (``day`` as well) for several.
    """
    room = session.scalars(select(Room).where(Room.id == room_id).with_for_update()).one_or_none()
    if room is None or (room.ended_at is not None and room.id != held):
        raise Refusal(Reason.VALUE_UNKNOWN, "room")
    wanted = list(bookings)
    taken = taken_moments(session, room_id, wanted)
    if not taken:
        return room
    start, end = taken[0]
    if len(wanted) == 1:
        raise Refusal(Reason.ROOM_TAKEN, "room", start=start, end=end)
    raise Refusal(Reason.ROOM_TAKEN_ON, "room", day=local_date(start), start=start, end=end)


def taken_moments(
    session: Session,
    room_id: uuid.UUID,
    wanted: Collection[Booking],
    *,
    but: Collection[uuid.UUID] = (),
) -> list[tuple[datetime, datetime]]:
    """When meetings of others are in the room during these; cancelled ones are not, nor ``but``."""
    if not wanted:
        return []
    others = session.execute(
        select(Meeting.starts_at, Meeting.ends_at)
        .where(
            Meeting.room_id == room_id,
            Meeting.cancelled_at.is_(None),
            Meeting.starts_at < max(one.ends_at for one in wanted),
            Meeting.ends_at > min(one.starts_at for one in wanted),
            Meeting.id.not_in([*but, *(one.meeting_id for one in wanted)]),
        )
        .order_by(Meeting.starts_at)
    ).all()
    return [
        (starts_at, ends_at)
        for starts_at, ends_at in others
        if any(one.starts_at < ends_at and starts_at < one.ends_at for one in wanted)
    ]


def book(session: Session, meeting: Meeting, room_id: uuid.UUID | None) -> None:
    """Put a meeting in a room, which becomes its place, or out of any. Refusal as ``claim``."""
    if room_id is not None:
        booking = Booking(meeting.id, meeting.starts_at, meeting.ends_at)
        meeting.place = claim(session, room_id, [booking], held=meeting.room_id).place
    meeting.room_id = room_id
