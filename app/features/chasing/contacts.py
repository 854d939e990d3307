"""Whom an organisation named for actions that stay undone: by the administrator, from when to when.

It says nothing of any action: who was told of one reads that on a page of its own.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, Permission, audit, load_managed
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import AccountState, ContactPart
from app.domain.local_time import local_date, start_of_day
from app.infra import clock
from app.infra.db import reading, transaction
from app.models import CaseTable, Covenant, Organisation, OrganisationContact, Person

Choice = tuple[uuid.UUID, str]
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Somebody named, as typed: ``until_on`` is the last day, None for no end."""

    person_id: uuid.UUID
    part: ContactPart
    table_id: uuid.UUID | None
    from_on: date
    until_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRow:
    """Somebody named; ``table`` is empty for all of them, ``is_over``: it has ended."""

    id: uuid.UUID
    person: str
    part: ContactPart
    table: str
    from_on: date
    until_on: date | None
    is_over: bool
    has_account: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactsPage:
    """Everybody one organisation named, and whom it may name where."""

    organisation_id: uuid.UUID
    organisation: str
    rows: tuple[ContactRow, ...]
    people: tuple[Choice, ...]
    tables: tuple[Choice, ...]


def contacts_page(actor: Actor, organisation_id: uuid.UUID) -> ContactsPage:
    """Four statements. NotVisible."""
    with reading() as session:
        organisation = _organisation(session, actor, organisation_id)
        rows = session.execute(
            select(OrganisationContact, Person, CaseTable.name.label("table"))
            .join(Person, Person.id == OrganisationContact.person_id)
            .outerjoin(CaseTable, CaseTable.id == OrganisationContact.table_id)
            .where(OrganisationContact.organisation_id == organisation_id)
            .order_by(OrganisationContact.from_at.desc(), Person.name, OrganisationContact.id)
        ).all()
        return ContactsPage(
            organisation_id=organisation_id,
            organisation=organisation.name,
            rows=tuple(_row(row.OrganisationContact, row.Person, row.table or "") for row in rows),
            people=_people(session, organisation_id),
            tables=_tables(session, organisation_id),
        )


def name(actor: Actor, organisation_id: uuid.UUID, wanted: Named) -> None:
    """Name somebody. Refusal VALUE_UNKNOWN, END_BEFORE_START; NotVisible."""
    if wanted.until_on is not None and wanted.until_on < wanted.from_on:
        raise Refusal(Reason.END_BEFORE_START, "until_on")
    with transaction() as session:
        _organisation(session, actor, organisation_id)
        if wanted.person_id not in dict(_people(session, organisation_id)):
            raise Refusal(Reason.VALUE_UNKNOWN, "person")
        if wanted.table_id and wanted.table_id not in dict(_tables(session, organisation_id)):
            raise Refusal(Reason.VALUE_UNKNOWN, "table")
        last = wanted.until_on
        session.add(
            OrganisationContact(
                organisation_id=organisation_id,
                table_id=wanted.table_id,
                person_id=wanted.person_id,
                part=wanted.part,
                from_at=start_of_day(wanted.from_on),
                until_at=start_of_day(last + _ONE_DAY) if last else None,
            )
        )
        _record(session, actor, wanted.person_id, wanted.table_id)


def end(actor: Actor, organisation_id: uuid.UUID, contact_id: uuid.UUID) -> None:
    """Whoever was named is so no more from now on. NotVisible."""
    with transaction() as session:
        _organisation(session, actor, organisation_id)
        found = session.get(OrganisationContact, contact_id, with_for_update=True)
        if found is None or found.organisation_id != organisation_id:
            raise NotVisible
        now = clock.now()
        if found.until_at is not None and found.until_at <= now:
            return
        found.from_at, found.until_at = min(found.from_at, now), now
        _record(session, actor, found.person_id, found.table_id)


def _organisation(session: Session, actor: Actor, organisation_id: uuid.UUID) -> Organisation:
    found: Organisation = load_managed(
        session, actor, Organisation, organisation_id, Permission.ORGANISATION_MANAGE
    )
    return found


def _people(session: Session, organisation_id: uuid.UUID) -> tuple[Choice, ...]:
    """Lasting accounts of the organisation that hold no office: these read no text of an action."""
    rows = session.execute(
        select(Person.id, Person.name)
        .where(
            Person.organisation_id == organisation_id,
            Person.state == AccountState.ACTIVE,
            Person.is_administrator.is_(False),
            Person.is_supervisor.is_(False),
            Person.is_privacy_officer.is_(False),
            Person.ends_at.is_(None),
        )
        .order_by(Person.name, Person.id)
    )
    return tuple((row.id, row.name) for row in rows)


def _tables(session: Session, organisation_id: uuid.UUID) -> tuple[Choice, ...]:
    rows = session.execute(
        select(CaseTable.id, CaseTable.name)
        .join(Covenant, Covenant.table_id == CaseTable.id)
        .where(Covenant.organisation_id == organisation_id)
        .distinct()
        .order_by(CaseTable.name)
    )
    return tuple((row.id, row.name) for row in rows)


def _row(contact: OrganisationContact, person: Person, table: str) -> ContactRow:
    last: datetime | None = contact.until_at
    return ContactRow(
        id=contact.id,
        person=person.name,
        part=contact.part,
        table=table,
        from_on=local_date(contact.from_at),
        until_on=local_date(last - timedelta(microseconds=1)) if last else None,
        is_over=last is not None and last <= clock.now(),
        has_account=person.state is AccountState.ACTIVE
        and person.organisation_id == contact.organisation_id,
    )


def _record(
    session: Session, actor: Actor, person_id: uuid.UUID, table_id: uuid.UUID | None
) -> None:
    audit.record(
        session,
        actor,
        audit.Entry(
            event=audit.Event.AUTHORISE,
            object_kind="organisation-contact",
            object_id=person_id,
            table_id=table_id,
        ),
    )
