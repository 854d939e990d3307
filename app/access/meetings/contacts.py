"""Whom to call of each partner of a table at short notice, in order; for staff of that table.

A telephone number comes out to nobody else. Who has an account may hold a seat as long as it
represents its organisation at the table; a duty desk with a number never holds one.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.conditions import is_live
from app.access.loaders import possible_occupants
from app.domain.kinds import AccountState, TableRoleName
from app.models import CaseTable, Covenant, Organisation, Person, TableContact, TableRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Somebody to call: ``contact_id`` where it stands on the list of the table.

    ``may_sit``: has an account and represents its organisation there. ``is_gone``: stands on the
    list, but does not represent it any more: nobody to call about a case.
    """

    organisation_id: uuid.UUID
    contact_id: uuid.UUID | None
    person_id: uuid.UUID | None
    name: str
    phone: str
    may_sit: bool
    is_gone: bool = False

    @property
    def key(self) -> str:
        """How a form names it."""
        if self.contact_id is not None:
            return f"contact:{self.contact_id}"
        return f"person:{self.person_id}"


def partners_of(session: Session, table: CaseTable, *, at: datetime) -> list[Organisation]:
    """The organisations with a covenant at that moment, by name."""
    live = exists().where(
        Covenant.organisation_id == Organisation.id,
        Covenant.table_id == table.id,
        is_live(Covenant.from_at, Covenant.until_at, at),
    )
    return list(session.scalars(select(Organisation).where(live).order_by(Organisation.name)))


def contacts_of(
    session: Session, table_id: uuid.UUID, *, now: datetime
) -> Mapping[uuid.UUID, Sequence[Contact]]:
    """Per organisation whom to call, in order; who has none on the list: its representatives.

    The table was loaded for its staff. Two statements.
    """
    speaks = _represents(table_id, now)
    listed = session.execute(
        select(TableContact, Person, speaks.label("speaks"))
        .outerjoin(Person, Person.id == TableContact.person_id)
        .where(TableContact.table_id == table_id, TableContact.removed_at.is_(None))
        .order_by(TableContact.position, TableContact.id)
    )
    found: dict[uuid.UUID, list[Contact]] = defaultdict(list)
    for row in listed:
        found[row.TableContact.organisation_id].append(
            _listed(row.TableContact, row.Person, speaks=bool(row.speaks))
        )
    others = session.scalars(
        select(Person)
        .where(speaks, Person.state.in_((AccountState.ACTIVE, AccountState.INVITED)))
        .order_by(Person.name, Person.id)
    )
    named = {key for key, row in found.items() if not all(one.is_gone for one in row)}
    for person in others:
        if person.organisation_id not in named:
            found[person.organisation_id].append(_representative(person))
    return found


def _represents(table_id: uuid.UUID, now: datetime) -> ColumnElement[bool]:
    return exists().where(
        TableRole.person_id == Person.id,
        TableRole.table_id == table_id,
        TableRole.role == TableRoleName.REPRESENTATIVE,
        is_live(TableRole.from_at, TableRole.until_at, now),
    )


def _listed(contact: TableContact, person: Person | None, *, speaks: bool) -> Contact:
    is_there = (
        person is not None
        and person.organisation_id == contact.organisation_id
        and person.state in (AccountState.ACTIVE, AccountState.INVITED)
        and speaks
    )
    return Contact(
        organisation_id=contact.organisation_id,
        contact_id=contact.id,
        person_id=contact.person_id,
        name=person.name if person else contact.name,
        phone=contact.phone or (person.phone if person else ""),
        may_sit=bool(is_there and person and person.state is AccountState.ACTIVE),
        is_gone=person is not None and not is_there,
    )


def _representative(person: Person) -> Contact:
    return Contact(
        organisation_id=person.organisation_id,
        contact_id=None,
        person_id=person.id,
        name=person.name,
        phone=person.phone,
        may_sit=person.state is AccountState.ACTIVE,
    )


def first_holder(
    session: Session,
    actor: Actor,
    contacts: Iterable[Contact],
    *,
    table_id: uuid.UUID,
    case_id: uuid.UUID,
) -> uuid.UUID | None:
    """The first of these contacts of one organisation who may hold a seat at this case."""
    sitting = [one for one in contacts if one.may_sit]
    if not sitting:
        return None
    possible = possible_occupants(
        session,
        actor,
        organisation_id=sitting[0].organisation_id,
        table_id=table_id,
        case_id=case_id,
    )
    ids = {person.id for person in possible}
    return next((one.person_id for one in sitting if one.person_id in ids), None)


def listed_of(session: Session, table_id: uuid.UUID) -> list[TableContact]:
    """The rows of the list, in order, held until the end: two who reorder do so in turn."""
    return list(
        session.scalars(
            select(TableContact)
            .where(TableContact.table_id == table_id, TableContact.removed_at.is_(None))
            .order_by(TableContact.organisation_id, TableContact.position, TableContact.id)
            .with_for_update()
        )
    )


def representatives_of(
    session: Session, table_id: uuid.UUID, *, now: datetime
) -> list[tuple[Person, Organisation]]:
    """Who represents which organisation at a table, by organisation and name."""
    rows = session.execute(
        select(Person, Organisation)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(
            _represents(table_id, now),
            Person.state.in_((AccountState.ACTIVE, AccountState.INVITED)),
        )
        .order_by(Organisation.name, Person.name, Person.id)
    )
    return [(row.Person, row.Organisation) for row in rows]
