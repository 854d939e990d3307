"""Who would hear of a change to a meeting, by name, for its staff to see before they act."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.access import scopes
from app.access.actor import Actor
from app.access.administration.accounts import staff_of
from app.access.conditions import is_held
from app.access.meetings.series import recipients
from app.access.people import may_occupy
from app.domain.kinds import AccountState, ItemKind
from app.models import (
    AgendaItem,
    Case,
    CaseTable,
    Meeting,
    Organisation,
    Person,
    Seat,
    SeatHold,
)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who gets a message, and the organisation of the seat it is about."""

    name: str
    organisation: str


@dataclass(frozen=True, slots=True)
class Recipients:
    """The people the actor may know of; ``has_closed``: a block hides whether there are more."""

    people: tuple[Recipient, ...]
    has_closed: bool


def invited_by_name(
    session: Session, actor: Actor, meeting_id: uuid.UUID, *, now: datetime
) -> Recipients:
    """Everybody with an invitation still ahead, once per person and organisation, by name."""
    seated = (
        scopes.staff_seats(actor, now=now)
        .join(SeatHold, and_(SeatHold.seat_id == Seat.id, is_held(now)))
        .join(Person, Person.id == SeatHold.person_id)
        .join(Organisation, Organisation.id == Seat.organisation_id)
        .where(
            Meeting.id == meeting_id,
            Seat.invited_at.is_not(None),
            AgendaItem.ends_at > now,
            Person.state == AccountState.ACTIVE,
            Person.organisation_id == Seat.organisation_id,
            may_occupy(Case.id, now=now),
        )
        .with_only_columns(Person.id, Person.name, Organisation.name.label("organisation"))
        .distinct()
        .order_by(Person.name, Person.id)
    )
    invited = {row.id: Recipient(row.name, row.organisation) for row in session.execute(seated)}
    # Whoever gets the whole meeting gets no entry for a slot of it.
    people = invited | with_the_whole(session, actor, meeting_id, now=now)
    closed = scopes.staff_items(actor, now=now).where(
        Meeting.id == meeting_id, AgendaItem.kind == ItemKind.CASE, Case.id.is_(None)
    )
    found = session.scalar(select(closed.with_only_columns(AgendaItem.id).exists()))
    named = sorted(people.values(), key=lambda one: (one.name, one.organisation))
    return Recipients(tuple(named), bool(found))


def mailed_at(session: Session, actor: Actor, meeting_id: uuid.UUID, *, now: datetime) -> int:
    """How many people are told by mail that the meeting closed, as far as the actor may know."""
    return len(mailed_items(session, actor, meeting_id, now=now))


def mailed_items(
    session: Session, actor: Actor, meeting_id: uuid.UUID, *, now: datetime
) -> dict[uuid.UUID, set[uuid.UUID]]:
    """The items of everybody who is told by mail about minutes, as far as the actor may know."""
    told = (
        scopes.staff_holds(actor, now=now)
        .join(Person, Person.id == SeatHold.person_id)
        .where(
            Meeting.id == meeting_id,
            Seat.invited_at.is_not(None),
            is_held(now),
            Person.state == AccountState.ACTIVE,
            Person.organisation_id == Seat.organisation_id,
            may_occupy(Case.id, now=now),
        )
        .with_only_columns(Person.id, Seat.item_id)
    )
    found: dict[uuid.UUID, set[uuid.UUID]] = {}
    for person_id, item_id in session.execute(told):
        found.setdefault(person_id, set()).add(item_id)
    return found


def with_the_whole(
    session: Session, actor: Actor, meeting_id: uuid.UUID, *, now: datetime
) -> dict[uuid.UUID, Recipient]:
    """Those with the whole meeting in their calendars: the staff, or everybody of its series."""
    row = session.execute(
        scopes.staff_meetings(actor)
        .join(CaseTable, CaseTable.id == Meeting.table_id)
        .add_columns(CaseTable)
        .where(Meeting.id == meeting_id)
    ).one_or_none()
    if row is None:
        return {}
    told = (
        staff_of(session, frozenset({row.CaseTable.id}), now=now)
        if row.Meeting.series_id is None
        else recipients(session, row.CaseTable, now=now)
    )
    people = session.execute(
        select(Person.id, Person.name, Organisation.name.label("organisation"))
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(Person.id.in_(told))
    )
    return {one.id: Recipient(one.name, one.organisation) for one in people}
