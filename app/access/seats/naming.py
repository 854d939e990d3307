"""Naming who occupies a seat of a loaded item, for staff; nothing of the papers is decided here."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import audit, conditions, scopes
from app.access.actor import Actor
from app.access.conditions import is_held
from app.access.held import hold_seats
from app.access.loaders import LoadedSeat, possible_occupants
from app.access.messages.notices import queue_asked
from app.access.seats.deputies import forget_presence, free_seat
from app.domain.errors import NotVisible, Reason, Refusal
from app.infra import clock
from app.infra.calendar_queue import queue_calendar
from app.models import AgendaItem, Case, Covenant, InputRequest, Meeting, Seat, SeatHold


def name_occupant(
    session: Session, actor: Actor, loaded: LoadedSeat, person_id: uuid.UUID | None
) -> None:
    """Name who occupies the seat; a newly named person is not invited, nor asked for input, yet."""
    hold = live_hold(session, actor, loaded.seat.id)
    if person_id == (hold.person_id if hold else None):
        return
    if person_id is not None:
        _refuse_unfit(session, actor, loaded, person_id)
    end_hold(session, actor, loaded)
    withdraw_question(session, actor, loaded)
    loaded.seat.invited_at = None
    forget_presence(loaded.seat, loaded.item)
    if person_id is not None:
        session.add(SeatHold(seat_id=loaded.seat.id, person_id=person_id, from_at=clock.now()))
    record(session, actor, loaded, audit.Event.AUTHORISE)


def take_over(session: Session, actor: Actor, loaded: LoadedSeat, person_id: uuid.UUID) -> None:
    """Give a held seat whose occupant is gone to a colleague: invitation and question stay with it.

    Whoever gets it accepts confidentiality on the own account. Refusal VALUE_UNKNOWN, SEAT_EXISTS.
    """
    _refuse_unfit(session, actor, loaded, person_id)
    free_seat(session, loaded.seat.id)
    forget_presence(loaded.seat, loaded.item)
    session.add(SeatHold(seat_id=loaded.seat.id, person_id=person_id, from_at=clock.now()))
    session.flush()
    if loaded.seat.invited_at is not None:
        queue_calendar(session, loaded.meeting.id, [person_id])
    queue_asked(session, loaded.meeting.id, [(loaded.seat.id, person_id)])
    record(session, actor, loaded, audit.Event.TRANSFER)


def live_hold(session: Session, actor: Actor, seat_id: uuid.UUID) -> SeatHold | None:
    """Who holds the seat just now."""
    statement = scopes.staff_holds(actor, now=clock.now()).where(
        Seat.id == seat_id, is_held(clock.now())
    )
    row = session.execute(statement).one_or_none()
    return row.SeatHold if row else None


def hold_item(session: Session, item: AgendaItem) -> None:
    """Let two acts on the seats of one item happen one after the other.

    Rows that point at it go on: whoever holds its meeting may wait for it, and we for nobody.
    """
    session.refresh(item, with_for_update={"key_share": True})


def hold_seat(session: Session, loaded: LoadedSeat) -> None:
    """Like ``hold_item`` for a loaded seat; NotVisible when it was taken away meanwhile."""
    hold_item(session, loaded.item)
    hold_seats(session, [loaded.seat.id])
    session.refresh(loaded.seat)
    if loaded.seat.removed_at is not None:
        raise NotVisible


def refuse_when_over(meeting: Meeting) -> None:
    """Seats and disclosures may change during a meeting, not after it."""
    if meeting.cancelled_at is not None:
        raise Refusal(Reason.MEETING_CANCELLED)
    if meeting.closed_at is not None:
        raise Refusal(Reason.ALREADY_CLOSED)


def record(session: Session, actor: Actor, loaded: LoadedSeat, event: audit.Event) -> None:
    """Write that something about this seat was decided."""
    audit.record(session, actor, entry_of(loaded, event))


def entry_of(
    loaded: LoadedSeat, event: audit.Event, section_id: uuid.UUID | None = None
) -> audit.Entry:
    """The line in the access log for an act on this seat, about one section or the seat itself."""
    return audit.Entry(
        event=event,
        object_kind="disclosure" if section_id else "seat",
        object_id=loaded.seat.id,
        section_id=section_id,
        table_id=loaded.meeting.table_id,
        meeting_id=loaded.meeting.id,
        item_id=loaded.item.id,
        case_id=loaded.case.id,
    )


def refuse_without_covenant(session: Session, meeting: Meeting, organisation_id: uuid.UUID) -> None:
    """The organisation takes part in the table on the day of the meeting."""
    live = conditions.is_live(Covenant.from_at, Covenant.until_at, meeting.starts_at)
    found = session.scalar(
        select(Covenant.id)
        .where(
            Covenant.organisation_id == organisation_id,
            Covenant.table_id == meeting.table_id,
            live,
        )
        .limit(1)
    )
    if found is None:
        raise Refusal(Reason.COVENANT_MISSING)


def end_hold(session: Session, actor: Actor, loaded: LoadedSeat) -> None:
    """The occupant goes; somebody invited gets a cancellation, or an update of what is left."""
    hold = live_hold(session, actor, loaded.seat.id)
    if hold is not None and loaded.seat.invited_at is not None:
        queue_calendar(session, loaded.meeting.id, [hold.person_id])
    free_seat(session, loaded.seat.id)


def withdraw_question(session: Session, actor: Actor, loaded: LoadedSeat) -> None:
    """An unanswered question was put to the occupant who goes; staff may ask the next one anew."""
    now = clock.now()
    asked = scopes.staff_requests(actor, now=now).where(
        Seat.id == loaded.seat.id,
        InputRequest.withdrawn_at.is_(None),
        InputRequest.answered_at.is_(None),
    )
    for request in session.execute(asked):
        request.InputRequest.withdrawn_at = now


def _refuse_unfit(session: Session, actor: Actor, loaded: LoadedSeat, person_id: uuid.UUID) -> None:
    people = possible_occupants(
        session,
        actor,
        organisation_id=loaded.seat.organisation_id,
        table_id=loaded.meeting.table_id,
        case_id=loaded.case.id,
    )
    if person_id not in {person.id for person in people}:
        raise Refusal(Reason.VALUE_UNKNOWN, "occupant")
    taken = scopes.staff_holds(actor, now=clock.now()).where(
        AgendaItem.id == loaded.item.id,
        Case.id == loaded.case.id,
        SeatHold.person_id == person_id,
        is_held(clock.now()),
    )
    if session.execute(taken.limit(1)).one_or_none() is not None:
        raise Refusal(Reason.SEAT_EXISTS, "occupant")
