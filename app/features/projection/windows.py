"""Windows in the room: a code for one, one on this very computer, pairing, ending, going dark."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app import access
from app.access import Actor, Permission, audit, throttling
from app.access.meetings import room_screen, room_view, room_windows
from app.access.meetings.room_view import RoomRead
from app.access.meetings.room_windows import NewCode, Window
from app.access.throttling import Counted
from app.domain import throttle
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import Ground
from app.infra import clock, wall
from app.infra.db import reading, transaction
from app.infra.wall import System
from app.models import CaseTable, Meeting


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """What staff see of the windows of one meeting."""

    meeting_id: uuid.UUID
    table_name: str
    starts_at: datetime
    is_over: bool
    windows: tuple[Window, ...]


def overview(actor: Actor, meeting_id: uuid.UUID) -> Windows:
    """The windows that show the screen of a meeting just now."""
    with reading() as session:
        meeting = _load(session, actor, meeting_id)
        return Windows(
            meeting_id=meeting.id,
            table_name=session.get_one(CaseTable, meeting.table_id).name,
            starts_at=meeting.starts_at,
            is_over=meeting.closed_at is not None or meeting.cancelled_at is not None,
            windows=tuple(room_windows.windows_of(session, meeting)),
        )


def make_code(actor: Actor, meeting_id: uuid.UUID) -> NewCode:
    """A code that pairs one window; Refusal once the meeting is over."""
    with transaction() as session:
        return room_windows.make_code(session, actor, _load(session, actor, meeting_id))


def open_here(actor: Actor, meeting_id: uuid.UUID) -> str:
    """The token of a window on the computer staff work at; Refusal once the meeting is over."""
    with transaction() as session:
        return room_windows.open_here(session, actor, _load(session, actor, meeting_id))


def pair(typed: str, *, address: str) -> str:
    """The token of a window, for a code; Refusal CODE_WRONG or TOO_MANY_TRIES."""
    counted = (Counted(throttle.PROJECTION_CODE, f"projection:{address}"),)
    throttling.count_try(counted)
    with transaction() as session:
        token = room_windows.pair(session, typed, address=address)
        throttling.forgive(session, counted)
    return token


def end(actor: Actor, window_id: uuid.UUID) -> uuid.UUID:
    """End one window; gives the meeting."""
    with transaction() as session:
        return room_windows.end(session, actor, window_id)


def read(token: str) -> RoomRead:
    """What a window shows, before its sentences are opened; NotVisible once it ended."""
    now = clock.now()
    with wall.acting_as(System.PROJECTION), reading() as session:
        found = room_view.read_for_window(session, room_windows.hash_token(token), now=now)
    if found is None:
        raise NotVisible
    return found


def darken(token: str, *, address: str) -> None:
    """What a window may do beside showing: empty the screen. NotVisible once it ended."""
    with transaction() as session:
        found = room_windows.meeting_of(session, room_windows.hash_token(token))
        meeting, window_id = found
        if room_screen.cover(session, meeting.id, is_blank=True):
            _record(session, None, meeting, window_id, address=address)


def cover(actor: Actor, meeting_id: uuid.UUID, *, is_blank: bool) -> None:
    """Staff empty the screen, or show again what was on it."""
    with transaction() as session:
        meeting = _load(session, actor, meeting_id)
        if meeting.closed_at is not None:
            raise Refusal(Reason.ALREADY_CLOSED)
        if room_screen.cover(session, meeting.id, is_blank=is_blank):
            _record(session, actor, meeting, meeting.id)


def _load(session: Session, actor: Actor, meeting_id: uuid.UUID) -> Meeting:
    return access.load_meeting(session, actor, meeting_id, Permission.MEETING_CLOSE)


def _record(
    session: Session,
    actor: Actor | None,
    meeting: Meeting,
    object_id: uuid.UUID,
    *,
    address: str = "",
) -> None:
    audit.record(
        session,
        actor,
        audit.Entry(
            event=audit.Event.CHANGE,
            object_kind="room-screen",
            object_id=object_id,
            ground=Ground.STAFF if actor else None,
            table_id=meeting.table_id,
            meeting_id=meeting.id,
            address=address,
        ),
    )
