"""What an occupant does with the own seat: accept, answer, hand over, hand back, step back.

Rights belong to the seat: whoever hands it over loses them in the same transaction.
"""

from __future__ import annotations

import uuid
from contextlib import suppress
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import access
from app.access import Actor, OwnSeat, Permission, audit, scopes
from app.access.messages.notices import queue_asked
from app.access.seats import deputies
from app.access.seats.acceptances import add_acceptance
from app.access.seats.acquaintances import load_meeting_to_accept
from app.access.seats.answers import give_answer, refuse_past
from app.access.seats.own_seats import has_accepted
from app.access.seats.stepping_back import step_back
from app.domain.errors import Reason, Refusal
from app.domain.kinds import InvitationAnswer
from app.infra import clock
from app.infra.db import transaction
from app.models import CaseTable, Meeting, Seat


def accept_confidentiality(
    actor: Actor, meeting_id: uuid.UUID, *, read_version: int | None = None
) -> None:
    """Accept once per meeting on the own account; the statement as it stood is kept with it.

    It may be given as soon as one is invited or asked for input, before publication. Refusal
    STATEMENT_CHANGED.
    """
    # Pressed twice at once: the second finds the first one's row, which is as good as its own.
    with suppress(IntegrityError), transaction() as session:
        meeting = load_meeting_to_accept(session, actor, meeting_id)
        if has_accepted(session, actor, meeting):
            return
        table = session.get_one(CaseTable, meeting.table_id)
        add_acceptance(session, actor, meeting, table, read_version=read_version)


def answer_invitation(actor: Actor, seat_id: uuid.UUID, answer: str) -> uuid.UUID:
    """Say whether one comes; confirms or corrects what was taken down by telephone."""
    with transaction() as session:
        return _answer(session, actor, seat_id, answer)


def answer_meeting(actor: Actor, meeting_id: uuid.UUID, answer: str) -> None:
    """Give one answer for every own slot of a meeting."""
    with transaction() as session:
        access.load_own_meeting(session, actor, meeting_id, Permission.INVITATION_ANSWER)
        seat_ids = session.scalars(
            scopes.own_slots(actor, now=clock.now())
            .where(Meeting.id == meeting_id)
            .with_only_columns(Seat.id)
        ).all()
        for seat_id in seat_ids:
            _answer(session, actor, seat_id, answer)


def hand_over(
    actor: Actor, seat_id: uuid.UUID, deputy_id: uuid.UUID, *, until: datetime | None = None
) -> uuid.UUID:
    """Give the seat to a colleague who may sit there; one's own rights end at once.

    At the end, the closing of the papers unless said otherwise, the seat is one's own again.
    """
    with transaction() as session:
        own = access.hold_own_seat(session, actor, seat_id, Permission.SEAT_DEPUTISE)
        refuse_past(own.meeting)
        people = access.possible_occupants(
            session,
            actor,
            organisation_id=actor.organisation_id,
            table_id=own.meeting.table_id,
            case_id=own.case_id,
        )
        if deputy_id == actor.person_id or deputy_id not in {one.id for one in people}:
            raise Refusal(Reason.VALUE_UNKNOWN, "deputy")
        deputies.pass_on(session, own, deputy_id, until=until)
        queue_asked(session, own.meeting.id, [(own.seat.id, deputy_id)])
        _record(session, actor, audit.Event.TRANSFER, own, "seat")
        return own.meeting.id


def hand_back(actor: Actor, seat_id: uuid.UUID) -> None:
    """Return the seat to the person one stands in for."""
    with transaction() as session:
        own = access.hold_own_seat(session, actor, seat_id, Permission.SEAT_DEPUTISE)
        refuse_past(own.meeting)
        before = deputies.next_hold(session, own.hold)
        people = access.possible_occupants(
            session,
            actor,
            organisation_id=actor.organisation_id,
            table_id=own.meeting.table_id,
            case_id=own.case_id,
        )
        fit = {one.id for one in people}
        # One answer for every reason: whoever asks again and again learns of no exclusion.
        if not own.hold.is_deputy or before is None or before.person_id not in fit:
            raise Refusal(Reason.CANNOT_RETURN)
        deputies.give_back(session, own, before)
        queue_asked(session, own.meeting.id, [(own.seat.id, before.person_id)])
        _record(session, actor, audit.Event.TRANSFER, own, "seat", on_behalf_of_id=before.person_id)


def recuse(actor: Actor, seat_id: uuid.UUID) -> None:
    """Step back because one knows someone concerned: every ground on the case ends at once."""
    with transaction() as session:
        own = access.hold_own_seat(session, actor, seat_id, Permission.SEAT_RECUSE)
        step_back(session, actor, own.case_id)
        _record(session, actor, audit.Event.AUTHORISE, own, "recusal")


def _answer(session: Session, actor: Actor, seat_id: uuid.UUID, answer: str) -> uuid.UUID:
    if answer not in (InvitationAnswer.YES, InvitationAnswer.NO):
        raise Refusal(Reason.VALUE_UNKNOWN)
    return give_answer(session, actor, seat_id, InvitationAnswer(answer)).meeting.id


def _record(
    session: Session,
    actor: Actor,
    event: audit.Event,
    own: OwnSeat,
    kind: str,
    *,
    on_behalf_of_id: uuid.UUID | None = None,
) -> None:
    audit.record(
        session,
        actor,
        audit.Entry(
            event=event,
            object_kind=kind,
            object_id=own.seat.id,
            table_id=own.meeting.table_id,
            meeting_id=own.meeting.id,
            item_id=own.item.id,
            case_id=own.case_id,
            on_behalf_of_id=on_behalf_of_id,
        ),
    )
