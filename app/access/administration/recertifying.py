"""Who says of whom that somebody still works at an organisation, and who is told when nobody does.

The contact of an organisation answers for its people: for all of them, or for who has a role at the
one table it is contact for. Of cases nothing plays a part here.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.access import checks
from app.access.actor import Actor
from app.access.administration.accounts import holds_ahead
from app.access.conditions import is_live
from app.access.permissions import Permission, audience_of
from app.domain.errors import NotVisible
from app.domain.kinds import AccountState, ContactPart, RecertificationAnswer, TableRoleName
from app.models import (
    Covenant,
    Meeting,
    Organisation,
    OrganisationContact,
    Person,
    Recertification,
    RecertifiedPerson,
    TableRole,
)

# Whoever left is asked about no more.
HAS_ACCESS = (AccountState.INVITED, AccountState.ACTIVE, AccountState.BLOCKED)


@dataclass(frozen=True, slots=True)
class Unanswered:
    """How many organisations have not said who still works there in time, and the first of them."""

    number: int
    organisation: str


def is_asked_about() -> ColumnElement[bool]:
    """``Person`` has a lasting account that opens something; a guest's ends by itself."""
    return and_(Person.state.in_(HAS_ACCESS), Person.ends_at.is_(None))


def _is_live_contact(now: datetime) -> ColumnElement[bool]:
    return and_(
        OrganisationContact.part == ContactPart.CONTACT,
        is_live(OrganisationContact.from_at, OrganisationContact.until_at, now),
    )


def _own_contact(actor: Actor, now: datetime) -> ColumnElement[bool]:
    return and_(
        _is_live_contact(now),
        OrganisationContact.person_id == actor.person_id,
        OrganisationContact.organisation_id == actor.organisation_id,
    )


def is_contact(actor: Actor, *, now: datetime) -> ColumnElement[bool]:
    """Whether the actor is named as contact of the own organisation, for any table."""
    return exists().where(_own_contact(actor, now))


def people(actor: Actor, *, now: datetime) -> Select[*tuple[Any, ...]]:
    """``Person``: the colleagues the actor answers for, and the actor."""
    checks.note()
    held = aliased(TableRole)
    at_the_table = (
        exists()
        .where(
            held.person_id == Person.id,
            held.table_id == OrganisationContact.table_id,
            is_live(held.from_at, held.until_at, now),
        )
        .correlate(Person, OrganisationContact)
    )
    named = exists().where(
        _own_contact(actor, now), or_(OrganisationContact.table_id.is_(None), at_the_table)
    )
    return select(Person).where(
        Person.organisation_id == actor.organisation_id, is_asked_about(), named
    )


def load_colleague(
    session: Session, actor: Actor, person_id: uuid.UUID, *, now: datetime
) -> Person:
    """One of the people the actor answers for. NotVisible."""
    if not actor.belongs_to(audience_of(Permission.PEOPLE_CONFIRM)):
        checks.note()
        raise NotVisible
    statement = people(actor, now=now).where(Person.id == person_id)
    found: Person | None = session.scalars(statement).one_or_none()
    if found is None:
        raise NotVisible
    return found


def to_ask(began_at: datetime) -> Select[Any]:
    """Ids of the organisations that took part before this moment and were not asked since."""
    asked = exists().where(
        Recertification.organisation_id == Organisation.id, Recertification.opened_at >= began_at
    )
    someone = exists().where(Person.organisation_id == Organisation.id, is_asked_about())
    partner = exists().where(
        Covenant.organisation_id == Organisation.id, Covenant.from_at < began_at
    )
    member = exists().where(
        Person.organisation_id == Organisation.id,
        TableRole.person_id == Person.id,
        TableRole.from_at < began_at,
    )
    return select(Organisation.id).where(
        Organisation.ended_at.is_(None), someone, or_(partner, member), ~asked
    )


def may_end(actor: Actor, person: Person) -> bool:
    """Whether a contact alone ends the access of this colleague: not the own, nor an officer's."""
    holds_office = person.is_administrator or person.is_privacy_officer or person.is_supervisor
    return person.id != actor.person_id and not holds_office and person.state in HAS_ACCESS


def open_round_of(organisation_id: uuid.UUID) -> Select[Any]:
    """The round of an organisation that goes on."""
    return select(Recertification).where(
        Recertification.organisation_id == organisation_id, Recertification.closed_at.is_(None)
    )


def is_unanswered() -> ColumnElement[bool]:
    """``RecertifiedPerson`` was not answered, and ``Person`` still is somebody to be answered for.

    ``Recertification`` is the round; who moved since belongs to another organisation.
    """
    return and_(
        RecertifiedPerson.answer.is_(None),
        is_asked_about(),
        Person.organisation_id == Recertification.organisation_id,
    )


def unanswered(round_id: uuid.UUID) -> Select[*tuple[Any, ...]]:
    """``Person`` of a round of whom nothing was said."""
    return (
        select(Person)
        .join(RecertifiedPerson, RecertifiedPerson.person_id == Person.id)
        .join(Recertification, Recertification.id == RecertifiedPerson.recertification_id)
        .where(Recertification.id == round_id, is_unanswered())
        .order_by(Person.name, Person.id)
    )


def to_answer(actor: Actor, *, now: datetime) -> ColumnElement[Any]:
    """How many colleagues wait for the actor's answer, whatever the statement around is about."""
    return (
        people(actor, now=now)
        .join(RecertifiedPerson, RecertifiedPerson.person_id == Person.id)
        .join(Recertification, Recertification.id == RecertifiedPerson.recertification_id)
        .where(Recertification.closed_at.is_(None), is_unanswered())
        .with_only_columns(func.count())
        .correlate(None)
        .scalar_subquery()
    )


def late_columns(actor: Actor, *, now: datetime) -> tuple[ColumnElement[Any], ...]:
    """What ``Unanswered`` holds, for staff of a table and for administrators."""
    theirs = exists().where(
        Covenant.organisation_id == Organisation.id,
        Covenant.table_id.in_(actor.staff_table_ids),
        is_live(Covenant.from_at, Covenant.until_at, now),
    )
    late = (
        select(Organisation)
        .join(Recertification, Recertification.organisation_id == Organisation.id)
        .where(
            Recertification.closed_at.is_(None),
            Recertification.escalated_at.is_not(None),
            *(() if actor.is_administrator else (theirs,)),
        )
        .correlate(None)
    )
    return (
        late.with_only_columns(func.count()).scalar_subquery(),
        late.with_only_columns(Organisation.name)
        .order_by(Organisation.name)
        .limit(1)
        .scalar_subquery(),
    )


def last_rounds(actor: Actor) -> Select[*tuple[Any, ...]]:
    """``Recertification`` and the name of its organisation: the last of each. NotVisible."""
    checks.note()
    if not actor.belongs_to(audience_of(Permission.PEOPLE_CONFIRMED)):
        raise NotVisible
    newer = aliased(Recertification)
    return (
        select(Recertification, Organisation.name)
        .join(Organisation, Organisation.id == Recertification.organisation_id)
        .outerjoin(
            newer,
            and_(
                newer.organisation_id == Recertification.organisation_id,
                newer.opened_at > Recertification.opened_at,
            ),
        )
        .where(newer.id.is_(None))
    )


def contacts_of(session: Session, organisation_id: uuid.UUID, *, now: datetime) -> list[uuid.UUID]:
    """Whom to ask: the active contacts of an organisation, for all tables or for one."""
    checks.note()
    return list(
        session.scalars(
            select(Person.id)
            .join(OrganisationContact, OrganisationContact.person_id == Person.id)
            .where(
                OrganisationContact.organisation_id == organisation_id,
                _is_live_contact(now),
                Person.organisation_id == organisation_id,
                Person.state == AccountState.ACTIVE,
                Person.is_administrator.is_(False),
            )
            .distinct()
            .order_by(Person.id)
        )
    )


def coordinators_of(
    session: Session, organisation_id: uuid.UUID, *, now: datetime
) -> list[uuid.UUID]:
    """Whom to tell: coordinators of the tables it takes part in; else the administrators."""
    checks.note()
    served = (
        select(TableRole.person_id)
        .join(Covenant, Covenant.table_id == TableRole.table_id)
        .where(
            Covenant.organisation_id == organisation_id,
            is_live(Covenant.from_at, Covenant.until_at, now),
            TableRole.role == TableRoleName.COORDINATOR,
            is_live(TableRole.from_at, TableRole.until_at, now),
        )
    )
    active = select(Person.id).where(Person.state == AccountState.ACTIVE).order_by(Person.id)
    found = session.scalars(
        active.where(Person.id.in_(served), Person.is_administrator.is_(False))
    ).all()
    office = active.where(Person.is_administrator.is_(True))
    return list(found or session.scalars(office))


def is_in_a_meeting(person_id: uuid.UUID, *, now: datetime) -> ColumnElement[bool]:
    """Whether somebody holds a seat in a meeting that goes on just now."""
    return (
        holds_ahead(person_id, now)
        .where(Meeting.starts_at <= now)
        .with_only_columns(Meeting.id)
        .correlate(None)
        .exists()
    )


def is_last_administrator(person: Person) -> ColumnElement[bool]:
    """Whether nobody else could let anybody in any more."""
    other = aliased(Person)
    return and_(
        Person.id == person.id,
        Person.is_administrator.is_(True),
        ~exists().where(
            other.id != person.id,
            other.is_administrator.is_(True),
            other.state == AccountState.ACTIVE,
        ),
    )


def answered_by(
    session: Session, round_: Recertification, person_id: uuid.UUID
) -> RecertifiedPerson | None:
    """What was asked of one person in a round, held until the transaction ends."""
    return session.get(
        RecertifiedPerson,
        {"recertification_id": round_.id, "person_id": person_id},
        with_for_update=True,
    )


def note_answer(
    asked: RecertifiedPerson,
    answer: RecertificationAnswer,
    *,
    by_id: uuid.UUID | None,
    now: datetime,
) -> None:
    """Write down what was said of somebody; nobody said it where access ended by silence."""
    asked.answer, asked.answered_by_id, asked.answered_at = answer, by_id, now
