"""What an order of the agenda is weighed by: who sits at which item, and which cases come first.

A case barred to the actor takes part with its times alone. Weighing who sits there would tell it:
whoever sees which items are drawn to a block knows who they have in common.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, exists, func
from sqlalchemy.orm import Session

from app.access import checks, scopes
from app.access import conditions as c
from app.access.actor import Actor
from app.access.conditions import is_held
from app.access.people import may_occupy
from app.domain.kinds import AccountState, ConcernedRole, InvitationAnswer, ItemKind
from app.models import (
    AgendaItem,
    Case,
    CaseTable,
    Meeting,
    Organisation,
    Person,
    PersonConcerned,
    Seat,
    SeatHold,
)

# Who has said no does not come: then somebody else of the organisation is expected.
_PARTNER = case(
    (SeatHold.answer == InvitationAnswer.NO, Seat.organisation_id),
    else_=func.coalesce(SeatHold.person_id, Seat.organisation_id),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One item as it stands; ``comes_first`` where the table wants children's cases in front."""

    item: AgendaItem
    reference: str
    comes_first: bool
    partners: frozenset[uuid.UUID]

    @property
    def is_closed(self) -> bool:
        """A case barred to the reader."""
        return self.item.kind is ItemKind.CASE and not self.reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """A seat at an item the actor may see, with its occupant if somebody is named.

    ``partner`` is who is expected, the occupant or else the organisation; ``is_told``: the item
    stands in the occupant's calendar.
    """

    item_id: uuid.UUID
    partner: uuid.UUID
    person_id: uuid.UUID | None
    person: str
    organisation: str
    is_told: bool


def standing_items(
    session: Session, actor: Actor, meeting: Meeting, seats: Iterable[Sitting], *, now: datetime
) -> list[Standing]:
    """The whole agenda in order, closed blocks included: they take time too.

    ``seats`` are those the actor may see: nobody else counts.
    """
    has_child = exists().where(
        PersonConcerned.case_id == Case.id, PersonConcerned.role == ConcernedRole.CHILD
    )
    statement = (
        scopes.staff_items(actor, now=now)
        .join(CaseTable, CaseTable.id == Meeting.table_id)
        .add_columns(c.as_number(and_(CaseTable.children_first, has_child)).label("comes_first"))
        .where(AgendaItem.meeting_id == meeting.id)
        .order_by(AgendaItem.position, AgendaItem.id)
    )
    partners: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for one in seats:
        partners[one.item_id].add(one.partner)
    return [
        Standing(
            item=row.AgendaItem,
            reference=row.Case.reference if row.Case else "",
            comes_first=bool(row.comes_first),
            partners=frozenset(partners[row.AgendaItem.id]),
        )
        for row in session.execute(statement)
    ]


def sittings(session: Session, actor: Actor, meeting: Meeting, *, now: datetime) -> list[Sitting]:
    """Who sits at the items the actor may see, in the order of their names."""
    checks.note()
    is_told = and_(
        Seat.invited_at.is_not(None),
        Person.state == AccountState.ACTIVE,
        Person.organisation_id == Seat.organisation_id,
        may_occupy(Case.id, now=now),
    )
    statement = (
        scopes.staff_seats(actor, now=now)
        .join(Organisation, Organisation.id == Seat.organisation_id)
        .outerjoin(SeatHold, and_(SeatHold.seat_id == Seat.id, is_held(now)))
        .outerjoin(Person, Person.id == SeatHold.person_id)
        .where(AgendaItem.meeting_id == meeting.id, Seat.is_proposed.is_(False))
        .with_only_columns(
            Seat.item_id,
            _PARTNER.label("partner"),
            Person.id.label("person_id"),
            Person.name.label("person"),
            Organisation.name.label("organisation"),
            c.as_number(is_told).label("is_told"),
        )
        .order_by(Organisation.name, Person.name, Seat.id)
    )
    return [
        Sitting(
            item_id=row.item_id,
            partner=row.partner,
            person_id=row.person_id,
            person=row.person or "",
            organisation=row.organisation,
            is_told=bool(row.is_told),
        )
        for row in session.execute(statement)
    ]
