"""Staff place a deputy nobody knows yet, without the absent holder's help.

Identity and mandate were checked by whoever places; until the deputy has an account of its own it
is in the room only and sees no screen.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app import access
from app.access import Actor, LoadedSeat, OwnSeat, Permission, audit
from app.access.held import hold_seats
from app.access.messages.notices import queue_asked
from app.access.seats.deputies import pass_on
from app.access.seats.input_requests import holder_of
from app.access.seats.newcomers import Newcomer, find_or_invite
from app.access.seats.own_seats import live_hold
from app.domain.errors import NotVisible, Reason, Refusal
from app.infra import clock
from app.infra.calendar_queue import queue_calendar
from app.infra.db import reading, transaction
from app.models import Meeting, Organisation, SeatHold


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The seat whose deputy is placed."""

    seat_id: uuid.UUID
    meeting_id: uuid.UUID
    item_id: uuid.UUID
    reference: str
    organisation: str
    domains: str
    holder: str
    starts_at: datetime
    ends_at: datetime


def read_place(actor: Actor, seat_id: uuid.UUID) -> Place:
    """The seat with who holds it now; NotVisible for one that is only proposed."""
    with reading() as session:
        loaded = _load(session, actor, seat_id)
        organisation = session.get_one(Organisation, loaded.seat.organisation_id)
        holder = holder_of(session, seat_id)
        return Place(
            seat_id=seat_id,
            meeting_id=loaded.meeting.id,
            item_id=loaded.item.id,
            reference=loaded.case.reference,
            organisation=organisation.name,
            domains=organisation.mail_domains,
            holder=holder.name if holder else "",
            starts_at=loaded.item.starts_at,
            ends_at=loaded.item.ends_at,
        )


def place(actor: Actor, seat_id: uuid.UUID, new: Newcomer) -> uuid.UUID:
    """Put the deputy on the seat at once; gives the id of the item.

    The holder's rights end now and come back when the papers close. Refusal as of
    ``find_or_invite``, SEAT_EXISTS for somebody who sits at the item already.
    """
    with transaction() as session:
        loaded = _load(session, actor, seat_id)
        session.refresh(loaded.item, with_for_update={"key_share": True})
        hold_seats(session, [seat_id])
        _refuse_over(loaded.meeting)
        organisation = session.get_one(Organisation, loaded.seat.organisation_id)
        person = find_or_invite(
            session, actor, new, organisation=organisation, case_id=loaded.case.id
        )
        former = live_hold(session, seat_id)
        if former is not None and former.person_id == person.id:
            raise Refusal(Reason.SEAT_EXISTS, "email")
        _seat(session, loaded, former, person.id)
        entry = audit.Entry(
            event=audit.Event.TRANSFER,
            object_kind="vouched-deputy",
            object_id=seat_id,
            table_id=loaded.meeting.table_id,
            meeting_id=loaded.meeting.id,
            item_id=loaded.item.id,
            case_id=loaded.case.id,
            on_behalf_of_id=former.person_id if former else None,
        )
        audit.record(session, actor, entry)
        return loaded.item.id


def _seat(
    session: Session, loaded: LoadedSeat, former: SeatHold | None, person_id: uuid.UUID
) -> None:
    now, meeting = clock.now(), loaded.meeting
    if former is None:
        session.add(SeatHold(seat_id=loaded.seat.id, person_id=person_id, from_at=now))
        queue_calendar(session, meeting.id, [person_id])
    else:
        own = OwnSeat(loaded.seat, former, loaded.item, meeting, loaded.case.id)
        pass_on(session, own, person_id, until=None)
    loaded.seat.invited_at = loaded.seat.invited_at or now
    queue_asked(session, meeting.id, [(loaded.seat.id, person_id)])


def _load(session: Session, actor: Actor, seat_id: uuid.UUID) -> LoadedSeat:
    loaded = access.load_seat(session, actor, seat_id, Permission.SEAT_ASSIGN)
    if loaded.seat.is_proposed:
        raise NotVisible
    return loaded


def _refuse_over(meeting: Meeting) -> None:
    if meeting.cancelled_at is not None:
        raise Refusal(Reason.MEETING_CANCELLED)
    if meeting.closed_at is not None:
        raise Refusal(Reason.ALREADY_CLOSED)
