"""Staff take down what a representative says by telephone: who said it, when, who typed it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from app import access
from app.access import Actor, Permission
from app.access.seats.answers import refuse_past, take_down
from app.access.seats.input_requests import holder_of, staff_request
from app.access.seats.own_seats import live_hold
from app.domain.errors import Reason, Refusal
from app.domain.kinds import InvitationAnswer
from app.infra.db import reading, transaction


@dataclass(frozen=True, slots=True)
class Call:
    """Whose answer is taken down, for which item."""

    meeting_id: uuid.UUID
    reference: str
    holder_id: uuid.UUID
    holder: str
    only_known: bool = False


def read_seat_call(actor: Actor, seat_id: uuid.UUID) -> Call:
    """Who occupies the seat whose answer is taken down."""
    with reading() as session:
        loaded = access.load_seat(session, actor, seat_id, Permission.SEAT_ASSIGN)
        holder = holder_of(session, seat_id)
        if holder is None:
            raise Refusal(Reason.NO_OCCUPANT)
        return Call(loaded.meeting.id, loaded.case.reference, holder.id, holder.name)


def read_request_call(actor: Actor, request_id: uuid.UUID) -> Call:
    """Who was asked for the input that is taken down."""
    with reading() as session:
        own = staff_request(session, actor, request_id)
        holder = holder_of(session, own.request.seat_id)
        if holder is None:
            raise Refusal(Reason.NO_OCCUPANT)
        return Call(
            own.item.meeting_id,
            own.case.reference,
            holder.id,
            holder.name,
            only_known=not own.request.asks_content,
        )


def record_answer(actor: Actor, seat_id: uuid.UUID, answer: InvitationAnswer) -> uuid.UUID:
    """Record an answer to the invitation on behalf of the occupant, who confirms it later."""
    with transaction() as session:
        loaded = access.load_seat(session, actor, seat_id, Permission.SEAT_ASSIGN)
        refuse_past(loaded.meeting)
        if loaded.seat.invited_at is None:
            raise Refusal(Reason.NOT_INVITED)
        hold = live_hold(session, seat_id)
        if hold is None:
            raise Refusal(Reason.NO_OCCUPANT)
        take_down(session, actor, loaded, hold, answer)
        return loaded.meeting.id
