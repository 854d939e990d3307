"""What staff need of one item while a meeting is held; the item itself was loaded before."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.access.conditions import is_held
from app.domain.kinds import AccountState, PresenceState
from app.infra import clock
from app.models import (
    AgendaItem,
    Case,
    DecisionAddressee,
    Meeting,
    Organisation,
    Person,
    Seat,
    SeatHold,
)

AT_TABLE = (PresenceState.PRESENT, PresenceState.REMOTE, PresenceState.DEPUTY)


@dataclass(frozen=True, slots=True)
class SeatAt:
    """A seat at an item with who occupies it; without an account it is in the room only."""

    seat: Seat
    organisation: str
    code: str
    person_id: uuid.UUID | None
    person: str
    has_account: bool
    is_deputy: bool

    @property
    def lacks_sitter(self) -> bool:
        """Somebody was seen there, but not whom the seat is held by: no known deputy, or nobody."""
        if self.seat.presence is PresenceState.DEPUTY:
            return not self.is_deputy
        return self.seat.presence in AT_TABLE and self.person_id is None


def open_items_of(session: Session, meeting: Meeting) -> list[tuple[AgendaItem, Case | None]]:
    """Items of a loaded meeting that are open just now, with their cases."""
    rows = session.execute(
        select(AgendaItem, Case)
        .outerjoin(Case, Case.id == AgendaItem.case_id)
        .where(
            AgendaItem.meeting_id == meeting.id,
            AgendaItem.opened_at.is_not(None),
            AgendaItem.closed_at.is_(None),
        )
    )
    return [(row.AgendaItem, row.Case) for row in rows]


def seats_at(session: Session, item: AgendaItem) -> list[SeatAt]:
    """The seats at a loaded item, by organisation."""
    rows = session.execute(
        select(
            Seat,
            Organisation.name,
            Organisation.code,
            Person.id,
            Person.name,
            Person.state,
            SeatHold.is_deputy,
        )
        .join(Organisation, Organisation.id == Seat.organisation_id)
        .outerjoin(SeatHold, and_(SeatHold.seat_id == Seat.id, is_held(clock.now())))
        .outerjoin(Person, Person.id == SeatHold.person_id)
        .where(Seat.item_id == item.id, Seat.removed_at.is_(None), Seat.is_proposed.is_(False))
        .order_by(Organisation.code, Seat.id)
    )
    return [
        SeatAt(
            *row[:4],
            person=row[4] or "",
            has_account=row[5] is not AccountState.INVITED,
            is_deputy=bool(row[6]),
        )
        for row in rows
    ]


def addressees_of(session: Session, item: AgendaItem) -> dict[uuid.UUID, list[str]]:
    """Per decision at a loaded item the codes of the organisations addressed."""
    rows = session.execute(
        select(DecisionAddressee.decision_id, Organisation.code)
        .join(Seat, Seat.id == DecisionAddressee.seat_id)
        .join(Organisation, Organisation.id == Seat.organisation_id)
        .where(Seat.item_id == item.id)
        .order_by(Organisation.code)
    )
    found: dict[uuid.UUID, list[str]] = {}
    for decision_id, code in rows:
        found.setdefault(decision_id, []).append(code)
    return found
