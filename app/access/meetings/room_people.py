"""Whom no sentence for the room may name: professionals at an item, and who else came to it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import CompoundSelect, and_, or_, select, union
from sqlalchemy.orm import Session

from app.access import LoadedItem
from app.access.seats.bystanders import name_of
from app.infra import crypto
from app.infra.crypto import Sealed, TextDestroyedError
from app.models import Bystander, Person, Seat, SeatHold, TableContact, TableRole, Task


@dataclass(frozen=True, slots=True)
class RoomPeople:
    """Their names; those of bystanders still sealed."""

    names: tuple[str, ...]
    bystanders: tuple[Sealed, ...]

    def opened(self) -> tuple[str, ...]:
        """All of them. Outside the transaction: opening takes time."""
        return (*self.names, *(_opened(one) for one in self.bystanders))


def people_of(session: Session, at: LoadedItem) -> RoomPeople:
    """Who sits or sat at a loaded item, serves its table, has a task there, waits or is called."""
    item_id, table_id = at.item.id, at.meeting.table_id
    seated = select(Seat.organisation_id).where(Seat.item_id == item_id)
    called = and_(TableContact.table_id == table_id, TableContact.organisation_id.in_(seated))
    here: CompoundSelect[uuid.UUID | None] = union(
        select(SeatHold.person_id)
        .join(Seat, Seat.id == SeatHold.seat_id)
        .where(Seat.item_id == item_id),
        select(TableRole.person_id).where(TableRole.table_id == table_id),
        select(Task.person_id).where(or_(Task.item_id == item_id, Task.case_id == at.item.case_id)),
        select(TableContact.person_id).where(called, TableContact.person_id.is_not(None)),
    )
    names = session.scalars(select(Person.name).where(Person.id.in_(here)))
    desks = session.scalars(select(TableContact.name).where(called))
    bystanders = session.scalars(select(Bystander).where(Bystander.item_id == item_id))
    return RoomPeople((*names, *desks), tuple(name_of(one) for one in bystanders))


def _opened(one: Sealed) -> str:
    try:
        return crypto.unseal(one)
    except TextDestroyedError:
        return ""
