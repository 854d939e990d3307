"""Inviting, asking for input and opening the papers: three separate acts (access.md §1)."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import and_
from sqlalchemy.orm import Session

from app.access import Actor, Permission, audit, scopes
from app.access.conditions import is_held
from app.access.meetings import steps
from app.access.meetings.timetable import load_for_change, set_window
from app.access.messages.notices import queue_asked, queue_papers
from app.access.seats.deputies import follow_window
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.local_time import ImpossibleTime, local_to_utc
from app.infra import clock
from app.infra.calendar_queue import queue_calendar
from app.infra.db import transaction
from app.models import AgendaItem, InputRequest, Meeting, Seat, SeatHold


class What(StrEnum):
    """What is asked of a seat: whether it knows the family, content, or first one then other."""

    CONTENT = "content"
    KNOWN_FIRST = "known-first"
    KNOWN = "known"


def invite(actor: Actor, meeting_id: uuid.UUID, *, seat_id: uuid.UUID | None = None) -> int:
    """Invite the occupants not yet invited, or of one seat; gives how many seats were invited."""
    with transaction() as session:
        meeting = load_for_change(session, actor, meeting_id, Permission.INVITATION_SEND)
        before = steps.picture(session, meeting)
        rows = _occupied(session, actor, meeting, seat_id)
        fresh = [row for row in rows if row.Seat.invited_at is None]
        for row in fresh:
            row.Seat.invited_at = clock.now()
        queue_calendar(session, meeting.id, {row.person_id for row in fresh})
        steps.keep(session, actor, meeting, before)
        audit.record_all(session, actor, [_entry(row.Seat, meeting, row) for row in fresh])
        return len(fresh)


def ask_input(
    actor: Actor,
    meeting_id: uuid.UUID,
    *,
    day: date,
    at: time,
    seat_id: uuid.UUID | None = None,
    what: What = What.CONTENT,
) -> int:
    """Ask occupants who were not asked yet, or of one seat, for input; gives how many were asked.

    An invitation is not needed, nor are the papers: a question stands on its own.
    """
    with transaction() as session:
        meeting = load_for_change(session, actor, meeting_id, Permission.INPUT_ASK)
        before = steps.picture(session, meeting)
        deadline_at = deadline_of(meeting, day, at)
        asked = [
            row
            for row in _occupied(session, actor, meeting, seat_id)
            if _ask(session, actor, row, deadline_at, what)
        ]
        told = [(row.Seat.id, row.person_id) for row in asked]
        queue_asked(session, meeting.id, told, waits=True)
        steps.keep(session, actor, meeting, before)
        audit.record_all(session, actor, [_entry(row.Seat, meeting, row) for row in asked])
        return len(asked)


def publish(actor: Actor, meeting_id: uuid.UUID) -> None:
    """Open the papers to the seats, within the access window; what is missing never blocks."""
    with transaction() as session:
        meeting = load_for_change(session, actor, meeting_id, Permission.MEETING_PUBLISH)
        if meeting.published_at is not None:
            raise Refusal(Reason.ALREADY_PUBLISHED)
        before = steps.picture(session, meeting)
        meeting.published_at = clock.now()
        set_window(meeting)
        follow_window(session, meeting)
        queue_papers(session, meeting)
        steps.keep(session, actor, meeting, before, unheard=True)
        audit.record(
            session,
            actor,
            audit.Entry(
                event=audit.Event.AUTHORISE,
                object_kind="meeting",
                object_id=meeting.id,
                table_id=meeting.table_id,
                meeting_id=meeting.id,
            ),
        )


def _occupied(
    session: Session, actor: Actor, meeting: Meeting, seat_id: uuid.UUID | None
) -> list[Any]:
    """Seats with their occupant and request; one seat asked for must have an occupant."""
    statement = (
        scopes.staff_seats(actor, now=clock.now())
        .outerjoin(SeatHold, and_(SeatHold.seat_id == Seat.id, is_held(clock.now())))
        .outerjoin(InputRequest, InputRequest.seat_id == Seat.id)
        .add_columns(SeatHold.person_id, InputRequest)
        .where(AgendaItem.meeting_id == meeting.id, Seat.is_proposed.is_(False))
    )
    if seat_id is None:
        rows = session.execute(statement.where(SeatHold.person_id.is_not(None))).all()
        return list(rows)
    row = session.execute(statement.where(Seat.id == seat_id)).one_or_none()
    if row is None:
        raise NotVisible
    if row.person_id is None:
        raise Refusal(Reason.NO_OCCUPANT)
    return [row]


def _ask(session: Session, actor: Actor, row: Any, deadline_at: datetime, what: What) -> bool:  # noqa: ANN401 - a row
    """Ask this seat; False when it was asked before. A withdrawn question is asked anew."""
    request = row.InputRequest
    if request is not None and request.withdrawn_at is None:
        return False
    values = {
        "asked_by_id": actor.person_id,
        "asked_at": clock.now(),
        "deadline_at": deadline_at,
        "asks_known": what is not What.CONTENT,
        "asks_content": what is not What.KNOWN,
        "known": None,
        "known_at": None,
        "known_by_id": None,
        "reminded_at": None,
    }
    if request is None:
        session.add(InputRequest(seat_id=row.Seat.id, **values))
    else:
        request.withdrawn_at = None
        for name, value in values.items():
            setattr(request, name, value)
    return True


def deadline_of(meeting: Meeting, day: date, at: time) -> datetime:
    """The typed moment, ahead and not after the start. Refusal otherwise."""
    try:
        moment = local_to_utc(day, at)
    except ImpossibleTime:
        raise Refusal(Reason.HOUR_DOES_NOT_EXIST, "at") from None
    if moment <= clock.now():
        raise Refusal(Reason.DATE_IN_PAST, "day")
    if moment > meeting.starts_at:
        raise Refusal(Reason.DEADLINE_AFTER_START, "day")
    return moment


def _entry(seat: Seat, meeting: Meeting, row: Any) -> audit.Entry:  # noqa: ANN401 - a row
    return audit.Entry(
        event=audit.Event.AUTHORISE,
        object_kind="seat",
        object_id=seat.id,
        table_id=meeting.table_id,
        meeting_id=meeting.id,
        item_id=seat.item_id,
        case_id=row.Case.id,
    )
