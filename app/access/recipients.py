"""Who would hear of a change to a meeting, by name, for its staff to see before they act."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.access import scopes
from app.access.actor import Actor
from app.access.people import may_occupy
from app.domain.kinds import AccountState, ItemKind
from app.models import AgendaItem, Case, Meeting, Organisation, Person, Seat, SeatHold


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
        .join(SeatHold, and_(SeatHold.seat_id == Seat.id, SeatHold.until_at.is_(None)))
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
    people = tuple(Recipient(row.name, row.organisation) for row in session.execute(seated))
    closed = scopes.staff_items(actor, now=now).where(
        Meeting.id == meeting_id, AgendaItem.kind == ItemKind.CASE, Case.id.is_(None)
    )
    found = session.scalar(select(closed.with_only_columns(AgendaItem.id).exists()))
    return Recipients(people, bool(found))
