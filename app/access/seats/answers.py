"""Answering an invitation: one act, whether its occupant gives it on the own page or by mail."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from app.access import audit, scopes
from app.access.actor import Actor
from app.access.loaders import LoadedSeat, OwnSeat, hold_own_seat
from app.access.permissions import Permission
from app.domain.errors import Reason, Refusal
from app.domain.kinds import InvitationAnswer
from app.infra import clock
from app.models import AgendaItem, Meeting, Seat, SeatHold


def give_answer(
    session: Session,
    actor: Actor,
    seat_id: uuid.UUID,
    answer: InvitationAnswer,
    *,
    said_at: datetime | None = None,
) -> OwnSeat:
    """Say for the own seat whether one comes; confirms or corrects what was said by telephone.

    ``said_at`` is the moment of an answer that took its time, such as a mail. Refuses what is past.
    """
    own = hold_own_seat(session, actor, seat_id, Permission.INVITATION_ANSWER)
    refuse_past(own.meeting)
    own.hold.answer = answer
    own.hold.answered_at = said_at or clock.now()
    if own.hold.answer_recorded_by_id is not None:
        own.hold.answer_confirmed_at = clock.now()
    audit.record(
        session,
        actor,
        audit.Entry(
            event=audit.Event.CHANGE,
            object_kind="answer",
            object_id=own.seat.id,
            table_id=own.meeting.table_id,
            meeting_id=own.meeting.id,
            item_id=own.item.id,
            case_id=own.case_id,
        ),
    )
    return own


def take_down(
    session: Session, actor: Actor, loaded: LoadedSeat, hold: SeatHold, answer: InvitationAnswer
) -> None:
    """Record what the holder of a loaded seat said by telephone; it confirms that later."""
    hold.answer = answer
    hold.answered_at = clock.now()
    hold.answer_recorded_by_id = actor.person_id
    hold.answer_confirmed_at = None
    audit.record(
        session,
        actor,
        audit.Entry(
            event=audit.Event.CHANGE,
            object_kind="answer",
            object_id=loaded.seat.id,
            table_id=loaded.meeting.table_id,
            meeting_id=loaded.meeting.id,
            item_id=loaded.item.id,
            case_id=loaded.case.id,
            on_behalf_of_id=hold.person_id,
        ),
    )


def refuse_past(meeting: Meeting) -> None:
    """Nothing changes at a meeting that is over."""
    if meeting.closed_at is not None or meeting.ends_at <= clock.now():
        raise Refusal(Reason.ALREADY_CLOSED)


def seats_to_answer(
    session: Session, actor: Actor, item_ids: Collection[uuid.UUID], *, now: datetime
) -> dict[uuid.UUID, datetime | None]:
    """The own invited seats at these items of meetings ahead, with the time of the last answer."""
    rows = session.execute(
        scopes.own_slots(actor, now=now)
        .where(AgendaItem.id.in_(item_ids), Meeting.closed_at.is_(None), Meeting.ends_at > now)
        .with_only_columns(Seat.id, SeatHold.answered_at)
        .order_by(Seat.id)
    )
    return {row.id: row.answered_at for row in rows}
