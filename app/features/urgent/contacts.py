"""The list of whom to call of each partner of a table: shown, added to, reordered, taken off."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.access import Actor, Permission, audit, load_staff_table
from app.access.meetings.contacts import (
    Contact,
    contacts_of,
    listed_of,
    partners_of,
    representatives_of,
)
from app.domain import agenda
from app.domain.errors import NotVisible, Reason, Refusal
from app.infra import clock
from app.infra.db import reading, transaction
from app.models import CaseTable, Person, TableContact


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One contact; without an id a representative who is called for want of a list."""

    id: uuid.UUID | None
    name: str
    phone: str
    has_account: bool
    is_gone: bool
    is_first: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class Group:
    """An organisation and whom to call of it, in order."""

    id: uuid.UUID
    name: str
    rows: tuple[Row, ...]

    @property
    def is_listed(self) -> bool:
        """Whether somebody put it in order; else its representatives are called by name."""
        return any(row.id for row in self.rows)


@dataclass(frozen=True, slots=True)
class ContactPage:
    """The whole list of one table, and who may be added to it."""

    table_id: uuid.UUID
    table_name: str
    groups: tuple[Group, ...]
    people: tuple[tuple[uuid.UUID, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewContact:
    """A representative, or a name with a number at an organisation."""

    person_id: uuid.UUID | None
    organisation_id: uuid.UUID | None
    name: str
    phone: str


def read_contacts(actor: Actor, table_id: uuid.UUID) -> ContactPage:
    """The list of a table served."""
    with reading() as session:
        table = load_staff_table(session, actor, table_id, Permission.MEETING_PLAN)
        now = clock.now()
        found = contacts_of(session, table.id, now=now)
        return ContactPage(
            table_id=table.id,
            table_name=table.name,
            groups=tuple(
                Group(one.id, one.name, _rows(found.get(one.id, ())))
                for one in partners_of(session, table, at=now)
            ),
            people=tuple(
                (person.id, f"{organisation.name}: {person.name}")
                for person, organisation in representatives_of(session, table.id, now=now)
            ),
        )


def _rows(contacts: Sequence[Contact]) -> tuple[Row, ...]:
    last = sum(one.contact_id is not None for one in contacts) - 1
    return tuple(
        Row(
            id=one.contact_id,
            name=one.name,
            phone=one.phone,
            has_account=one.may_sit,
            is_gone=one.is_gone,
            is_first=place == 0,
            is_last=place == last,
        )
        for place, one in enumerate(contacts)
    )


def add_contact(actor: Actor, table_id: uuid.UUID, new: NewContact) -> None:
    """Put somebody last on the list of its organisation.

    Refusal VALUE_MISSING for the name of a desk or a number, VALUE_UNKNOWN, NAME_TAKEN for somebody
    who stands there.
    """
    with transaction() as session:
        table = _table(session, actor, table_id)
        organisation_id, name = _who(session, table, new)
        rows = listed_of(session, table.id)
        if new.person_id is not None and any(one.person_id == new.person_id for one in rows):
            raise Refusal(Reason.NAME_TAKEN, "who")
        here = [one.position for one in rows if one.organisation_id == organisation_id]
        contact = TableContact(
            id=uuid.uuid4(),
            table_id=table.id,
            organisation_id=organisation_id,
            position=max(here, default=0) + 1,
            person_id=new.person_id,
            name=name,
            phone=new.phone,
        )
        session.add(contact)
        _record(session, actor, audit.Event.ADD, contact)


def _who(session: Session, table: CaseTable, new: NewContact) -> tuple[uuid.UUID, str]:
    now = clock.now()
    if new.person_id is not None:
        people = {one.id: one for one, _ in representatives_of(session, table.id, now=now)}
        person: Person | None = people.get(new.person_id)
        if person is None:
            raise Refusal(Reason.VALUE_UNKNOWN, "who")
        return person.organisation_id, ""
    if new.organisation_id not in {one.id for one in partners_of(session, table, at=now)}:
        raise Refusal(Reason.VALUE_UNKNOWN, "who")
    if not new.name.strip():
        raise Refusal(Reason.VALUE_MISSING, "name")
    return new.organisation_id, new.name.strip()


def move_contact(
    actor: Actor, table_id: uuid.UUID, contact_id: uuid.UUID, direction: agenda.Direction
) -> None:
    """Call somebody one place earlier or later."""
    with transaction() as session:
        table = _table(session, actor, table_id)
        rows = listed_of(session, table.id)
        contact = _one(rows, contact_id)
        here = [one for one in rows if one.organisation_id == contact.organisation_id]
        for position, one in enumerate(agenda.move(here, contact, direction), 1):
            one.position = position
        _record(session, actor, audit.Event.CHANGE, contact)


def remove_contact(actor: Actor, table_id: uuid.UUID, contact_id: uuid.UUID) -> None:
    """Take somebody off the list; earlier call sheets still know the name."""
    with transaction() as session:
        table = _table(session, actor, table_id)
        contact = _one(listed_of(session, table.id), contact_id)
        contact.removed_at = clock.now()
        _record(session, actor, audit.Event.DELETE, contact)


def _table(session: Session, actor: Actor, table_id: uuid.UUID) -> CaseTable:
    return load_staff_table(session, actor, table_id, Permission.MEETING_PLAN)


def _one(rows: Sequence[TableContact], contact_id: uuid.UUID) -> TableContact:
    for row in rows:
        if row.id == contact_id:
            return row
    raise NotVisible


def _record(session: Session, actor: Actor, event: audit.Event, contact: TableContact) -> None:
    audit.record(
        session,
        actor,
        audit.Entry(
            event=event,
            object_kind="table-contact",
            object_id=contact.id,
            table_id=contact.table_id,
        ),
    )
