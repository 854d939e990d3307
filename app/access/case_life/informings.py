"""Telling the persons concerned: what was recorded per person, added to and never changed.

Staff see whom it is about; a case lead sees of each person what was done, without a label.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from app.access import audit, case_scopes
from app.access import conditions as c
from app.access.actor import Actor
from app.access.case_life import between_marks, between_meetings
from app.access.case_life.case_staff import serving
from app.domain.errors import NotVisible
from app.domain.kinds import RetentionClass
from app.domain.local_time import local_to_utc
from app.infra import clock, crypto, outbox
from app.infra.crypto import KeyScope, Sealed
from app.models import Case, CaseTable, Informing, Organisation, Person, PersonConcerned

DUE, REMIND = "informing.due", "informing.remind"
TOLD_AT = time(8)


@dataclass(frozen=True, slots=True)
class Row:
    """One word about telling somebody, with who recorded it and for which organisation.

    ``is_hidden``: only staff may know of that organisation, or of that of who recorded it.
    """

    informing: Informing
    organisation: str
    recorded_by: str
    is_hidden: bool


def of_case(session: Session, actor: Actor, case_id: uuid.UUID) -> list[Row]:
    """Everything recorded about a case served, latest first."""
    statement = between_meetings.staff_informings(actor, now=clock.now())
    return _rows(session, statement.where(Informing.case_id == case_id))


def of_led_case(session: Session, actor: Actor, case_id: uuid.UUID) -> list[Row]:
    """The same about a case the actor leads; of what is hidden that it was done, and when."""
    statement = between_meetings.led_informings(actor, now=clock.now())
    rows = _rows(session, statement.where(Informing.case_id == case_id))
    return [replace(one, organisation="", recorded_by="") if one.is_hidden else one for one in rows]


def _rows(session: Session, statement: Select[*tuple[Any, ...]]) -> list[Row]:
    is_hidden = or_(
        c.is_hidden_at(Informing.case_id, Informing.organisation_id),
        c.is_hidden_at(Informing.case_id, Person.organisation_id),
    )
    rows = session.execute(
        statement.join(Person, Person.id == Informing.recorded_by_id)
        .outerjoin(Organisation, Organisation.id == Informing.organisation_id)
        .add_columns(Person.name.label("by"), Organisation.name.label("organisation"))
        .add_columns(is_hidden.label("is_hidden"))
        .order_by(Informing.recorded_at.desc(), Informing.id)
    )
    return [Row(row.Informing, row.organisation or "", row.by, row.is_hidden) for row in rows]


def people_of(session: Session, actor: Actor, case_id: uuid.UUID) -> list[PersonConcerned]:
    """The persons concerned of a case served, in their order."""
    statement = case_scopes.staff_concerned(actor, now=clock.now())
    rows = session.execute(
        statement.where(PersonConcerned.case_id == case_id).order_by(PersonConcerned.position)
    )
    return [row.PersonConcerned for row in rows]


def load_person(
    session: Session, actor: Actor, case_id: uuid.UUID, person_id: uuid.UUID
) -> PersonConcerned:
    """One of them; NotVisible otherwise."""
    people = people_of(session, actor, case_id)
    found = next((one for one in people if one.id == person_id), None)
    if found is None:
        raise NotVisible
    return found


def sealed_label(person: PersonConcerned) -> Sealed:
    """How a person concerned is called in the case; never a name."""
    return Sealed(person.label_ct, f"person_concerned:{person.id}:label")


def sealed_reason(informing: Informing) -> Sealed:
    """Why telling waits."""
    return Sealed(informing.reason_ct, f"informing:{informing.id}:reason")


def add(session: Session, actor: Actor, case: Case, row: Informing, *, reason: str) -> None:
    """Record a word about somebody; where it waits, staff are told on the day it was put off to."""
    row.id = uuid.uuid4()
    row.recorded_by_id, row.recorded_at = actor.person_id, clock.now()
    if reason:
        scope = KeyScope.of_case(case.id, RetentionClass.SUMMARY)
        row.reason_ct = crypto.seal(scope, reason, belongs_to=f"informing:{row.id}:reason")
    session.add(row)
    if row.reconsider_on is not None:
        outbox.add(
            session,
            DUE,
            unique_key=f"{DUE}:{row.id}",
            payload={"informing_id": row.id, "case_id": case.id},
            available_at=local_to_utc(row.reconsider_on, TOLD_AT),
        )
    audit.record(
        session,
        actor,
        audit.Entry(
            event=audit.Event.ADD,
            object_kind="informing",
            object_id=row.id,
            table_id=case.table_id,
            case_id=case.id,
        ),
    )


def readings(rows: Sequence[Row], table_id: uuid.UUID) -> list[audit.Entry]:
    """One line per reason that is read."""
    return [
        audit.Entry(
            event=audit.Event.READ,
            object_kind="informing",
            object_id=one.informing.id,
            table_id=table_id,
            case_id=one.informing.case_id,
        )
        for one in rows
        if one.informing.reason_ct
    ]


@dataclass(frozen=True, slots=True)
class Due:
    """A case in which telling somebody was put off to a day that has come."""

    case_id: uuid.UUID
    reference: str
    table: str
    since: date


def due(session: Session, actor: Actor) -> tuple[Due, ...]:
    """All of them at the tables served, the oldest day first."""
    rows = session.execute(
        between_meetings.staff_informings(actor, now=clock.now())
        .join(CaseTable, CaseTable.id == Case.table_id)
        .add_columns(CaseTable.name.label("table"))
        .where(between_marks.is_due(clock.today()))
        .order_by(Informing.reconsider_on, Case.reference)
    )
    found: dict[uuid.UUID, Due] = {}
    for row in rows:
        since = row.Informing.reconsider_on
        found.setdefault(row.Case.id, Due(row.Case.id, row.Case.reference, row.table, since))
    return tuple(found.values())


def queue_each(session: Session, informing_id: uuid.UUID, case_id: uuid.UUID) -> None:
    """One mail to everybody who serves the case just now; each is asked again before it leaves."""
    for person_id in serving(session, case_id):
        outbox.add_once(
            session,
            REMIND,
            unique_key=f"{REMIND}:{informing_id}:{person_id}",
            payload={"informing_id": informing_id, "person_id": person_id},
        )


def still_due(session: Session, actor: Actor, informing_id: uuid.UUID) -> uuid.UUID | None:
    """The case of a word that still is the last and whose day has come; None otherwise."""
    return session.scalars(
        between_meetings.staff_informings(actor, now=clock.now())
        .with_only_columns(Informing.case_id)
        .where(Informing.id == informing_id, between_marks.is_due(clock.today()))
    ).one_or_none()


def sources(session: Session, case: Case) -> list[Organisation]:
    """The organisations of the table of a loaded case, one of which told."""
    return list(session.scalars(case_scopes.participants(case.table_id)))


def exists_at(session: Session, case: Case, organisation_id: uuid.UUID) -> bool:
    """Whether an organisation is one of them."""
    found = case_scopes.participants(case.table_id).where(Organisation.id == organisation_id)
    return session.scalar(select(found.exists())) is True
