"""For whom something is printed, and what the paper says beside the words; it opens no text."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.access import audit, checks
from app.access.actor import Actor, load_actor
from app.access.conditions import is_held
from app.access.loaders import LoadedSeat, load_seat
from app.access.permissions import Permission
from app.access.records.extracts import Extract
from app.access.records.kept_extracts import latest_of
from app.access.scopes import own_slots, staff_holds, staff_meetings
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import Ground
from app.models import Meeting, Seat, SeatHold


@dataclass(frozen=True, slots=True)
class Reader:
    """The occupant of a seat that staff print for."""

    loaded: LoadedSeat
    actor: Actor


def load_reader(
    session: Session, actor: Actor, seat_id: uuid.UUID, permission: Permission, *, now: datetime
) -> Reader:
    """A seat of a table served with who holds it; Refusal where that is nobody active."""
    loaded = load_seat(session, actor, seat_id, permission)
    person_id = session.scalar(
        staff_holds(actor, now=now)
        .where(Seat.id == seat_id, is_held(now))
        .with_only_columns(SeatHold.person_id)
    )
    if person_id is None:
        raise Refusal(Reason.NO_OCCUPANT)
    try:
        return Reader(loaded, load_actor(session, person_id, now=now))
    except NotVisible:
        raise Refusal(Reason.PERSON_NOT_ACTIVE) from None


def with_version(session: Session, reader: Actor, found: Extract) -> Extract:
    """The extract staff read for somebody, with the version that was last fixed for that person.

    Whether it reads like that version is seen once it is opened; its kept texts stay shut.
    """
    latest = latest_of(session, reader, found.meeting_id)
    return replace(found, latest=replace(latest, parts={})) if latest else found


def record_page(
    session: Session, actor: Actor, kind: str, meeting_id: uuid.UUID | None, *, now: datetime
) -> None:
    """A page was printed by the browser itself; NotVisible for a meeting the actor has no part in.

    What stood on it was recorded when it was opened.
    """
    checks.note()
    meeting = _meeting_of(session, actor, meeting_id, now) if meeting_id else None
    audit.record(
        session,
        actor,
        audit.Entry(
            event=audit.Event.COPY,
            object_kind=kind,
            object_id=meeting.id if meeting else None,
            table_id=meeting.table_id if meeting else None,
            meeting_id=meeting.id if meeting else None,
        ),
    )


def _meeting_of(session: Session, actor: Actor, meeting_id: uuid.UUID, now: datetime) -> Meeting:
    for scope in (staff_meetings(actor), own_slots(actor, now=now)):
        row = session.execute(scope.where(Meeting.id == meeting_id).limit(1)).one_or_none()
        if row is not None:
            found: Meeting = row.Meeting
            return found
    raise NotVisible


def record_copy(
    session: Session, actor: Actor, found: Extract, *, seat_id: uuid.UUID | None = None
) -> None:
    """The extract left the screen; ``seat_id`` is whose it is where staff print it."""
    audit.record(
        session,
        actor,
        audit.Entry(
            event=audit.Event.COPY,
            object_kind="seat-extract" if seat_id else "extract",
            object_id=seat_id or found.meeting_id,
            ground=Ground.STAFF if seat_id else None,
            table_id=found.table_id,
            meeting_id=found.meeting_id,
        ),
    )
