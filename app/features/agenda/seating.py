"""Giving organisations a seat at an item, naming who occupies it, and taking a seat away."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from app import access
from app.access import Actor, LoadedSeat, Permission, audit, scopes
from app.access.meetings import steps
from app.access.seats.naming import (
    end_hold,
    hold_item,
    hold_seat,
    name_occupant,
    record,
    refuse_when_over,
    refuse_without_covenant,
    withdraw_question,
)
from app.domain.errors import Reason, Refusal
from app.infra import clock
from app.infra.db import transaction
from app.models import Disclosure, Seat


def give_seat(
    actor: Actor,
    item_id: uuid.UUID,
    organisation_id: uuid.UUID,
    *,
    person_id: uuid.UUID | None,
    staff_only: bool,
) -> uuid.UUID:
    """Give an organisation with a covenant a seat, with or without its occupant; gives its id.

    Police and prosecution name people late: an empty seat is allowed and only warns.
    """
    with transaction() as session:
        loaded = access.load_item(session, actor, item_id, Permission.SEAT_ASSIGN)
        hold_item(session, loaded.item)
        refuse_when_over(loaded.meeting)
        if loaded.case is None:
            raise Refusal(Reason.FIXED_ITEM)
        refuse_without_covenant(session, loaded.meeting, organisation_id)
        seat = Seat(
            id=uuid.uuid4(),
            item_id=loaded.item.id,
            organisation_id=organisation_id,
            is_staff_only=staff_only,
        )
        session.add(seat)
        session.flush()
        given = LoadedSeat(seat, loaded.item, loaded.meeting, loaded.case)
        name_occupant(session, actor, given, person_id)
        record(session, actor, given, audit.Event.ADD)
        return seat.id


def accept_proposal(actor: Actor, seat_id: uuid.UUID) -> None:
    """Turn a proposal from somebody's input into a seat; naming its occupant comes after."""
    with transaction() as session:
        loaded = access.load_seat(session, actor, seat_id, Permission.SEAT_ASSIGN)
        refuse_when_over(loaded.meeting)
        refuse_without_covenant(session, loaded.meeting, loaded.seat.organisation_id)
        loaded.seat.is_proposed = False
        record(session, actor, loaded, audit.Event.AUTHORISE)


def remove_seat(actor: Actor, seat_id: uuid.UUID) -> uuid.UUID:
    """Take a seat away at once; what was seen stays seen. Gives the id of the item."""
    with transaction() as session:
        loaded = access.load_seat(session, actor, seat_id, Permission.SEAT_ASSIGN)
        hold_seat(session, loaded)
        refuse_when_over(loaded.meeting)
        before = steps.picture(session, loaded.meeting)
        end_hold(session, actor, loaded)
        _close_papers(session, actor, loaded)
        loaded.seat.removed_at = clock.now()
        steps.keep(session, actor, loaded.meeting, before)
        record(session, actor, loaded, audit.Event.AUTHORISE)
        return loaded.item.id


def _close_papers(session: Session, actor: Actor, loaded: LoadedSeat) -> None:
    now = clock.now()
    given = scopes.staff_disclosures(actor, now=now).where(
        Seat.id == loaded.seat.id, Disclosure.withdrawn_at.is_(None)
    )
    for disclosed in session.execute(given):
        disclosed.Disclosure.withdrawn_at = now
    withdraw_question(session, actor, loaded)
