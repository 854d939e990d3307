"""Who always sits: partners that get a seat at every item of a table, each held by who may.

A standing seat is an ordinary one: nobody is invited by it, no paper opens, and staff may take it
away at one item.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import audit
from app.access.actor import Actor
from app.access.loaders import LoadedSeat
from app.access.meetings.contacts import contacts_of, first_holder, partners_of
from app.access.seats.naming import record
from app.domain.errors import Reason, Refusal
from app.infra import clock
from app.models import AgendaItem, Case, CaseTable, Meeting, Seat, SeatHold, StandingPartner


def standing_of(session: Session, table_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """The organisations that always sit at a table."""
    statement = select(StandingPartner.organisation_id)
    return frozenset(session.scalars(statement.where(StandingPartner.table_id == table_id)))


def put_standing(
    session: Session, actor: Actor, table: CaseTable, organisation_ids: Collection[uuid.UUID]
) -> None:
    """Say who always sits at a loaded table; items that stand on an agenda stay as they are.

    Without anybody the table has no standing seats. COVENANT_MISSING.
    """
    wanted = frozenset(organisation_ids)
    taking_part = {one.id for one in partners_of(session, table, at=clock.now())}
    known = standing_of(session, table.id)
    if not wanted - known <= taking_part:
        raise Refusal(Reason.COVENANT_MISSING, "partners")
    leaving = select(StandingPartner).where(
        StandingPartner.table_id == table.id,
        StandingPartner.organisation_id.in_(known - wanted),
    )
    for one in session.scalars(leaving):
        session.delete(one)
    session.add_all(
        StandingPartner(table_id=table.id, organisation_id=one) for one in wanted - known
    )
    table.has_standing_seats = bool(wanted)
    entry = audit.Entry(
        event=audit.Event.CHANGE,
        object_kind="standing-seats",
        object_id=table.id,
        table_id=table.id,
    )
    audit.record(session, actor, entry)


def seat_standing(
    session: Session, actor: Actor, meeting: Meeting, *, item: AgendaItem, case: Case
) -> None:
    """Give a new item of a loaded meeting its standing seats: each partner with a covenant, once.

    What was proposed for such a partner becomes its seat. A seat of which nobody may come near the
    case stays empty, as any seat may.
    """
    table = session.get_one(CaseTable, meeting.table_id)
    if not table.has_standing_seats:
        return
    wanted = standing_of(session, table.id)
    there = _seats_at(session, item)
    contacts = contacts_of(session, table.id, now=clock.now())
    for partner in partners_of(session, table, at=meeting.starts_at):
        here = [one for one in there if one.organisation_id == partner.id]
        if partner.id not in wanted or any(not one.is_proposed for one in here):
            continue
        given = LoadedSeat(_seat(session, item, partner.id, here), item, meeting, case)
        record(session, actor, given, audit.Event.ADD)
        person_id = first_holder(
            session, actor, contacts.get(partner.id, ()), table_id=table.id, case_id=case.id
        )
        if person_id is not None:
            hold = SeatHold(seat_id=given.seat.id, person_id=person_id, from_at=clock.now())
            session.add(hold)
            record(session, actor, given, audit.Event.AUTHORISE)


def _seat(
    session: Session, item: AgendaItem, organisation_id: uuid.UUID, proposed: Sequence[Seat]
) -> Seat:
    if proposed:
        proposed[0].is_proposed = False
        return proposed[0]
    seat = Seat(id=uuid.uuid4(), item_id=item.id, organisation_id=organisation_id)
    session.add(seat)
    session.flush()
    return seat


def _seats_at(session: Session, item: AgendaItem) -> Sequence[Seat]:
    seats = select(Seat).where(Seat.item_id == item.id, Seat.removed_at.is_(None))
    return session.scalars(seats).all()
