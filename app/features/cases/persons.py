"""Persons concerned of a case, each with an identity section of its own, screened by default."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.access import Actor, audit, case_scopes
from app.access.disclosure import section_binding
from app.access.records.new_cases import record
from app.access.referrals import kept_out, marks
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import ConcernedRole, RetentionClass
from app.features.cases.case_page import concerned_binding
from app.features.cases.service import load_open_case
from app.infra import clock, crypto
from app.infra.crypto import KeyScope, Sealed
from app.infra.db import transaction
from app.models import Case, PersonConcerned, Section, SectionType


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerned:
    """What staff type about a person concerned; label and relation hold no name."""

    role: ConcernedRole
    label: str
    relation: str
    address_group: int
    identity: str = ""


def add_concerned(actor: Actor, case_id: uuid.UUID, given: Concerned) -> uuid.UUID:
    """Add a person at the end of the list, with the identity section when it was typed."""
    with transaction() as session:
        case = load_open_case(session, actor, case_id)
        person = PersonConcerned(
            id=uuid.uuid4(),
            case_id=case.id,
            position=case_scopes.last_position(session, case) + 1,
        )
        _fill(person, case.id, given)
        session.add(person)
        if given.identity:
            _write_identity(session, actor, case, person, given.identity)
        record(session, actor, audit.Event.ADD, case, kind="person", object_id=person.id)
    return person.id


def change_concerned(
    actor: Actor, case_id: uuid.UUID, person_id: uuid.UUID, given: Concerned
) -> None:
    """Change role, label, relation and address group; identity text when there is none yet."""
    with transaction() as session:
        case = load_open_case(session, actor, case_id)
        person, section = _person(session, actor, case, person_id)
        _fill(person, case.id, given)
        if given.identity and section is None:
            _write_identity(session, actor, case, person, given.identity)
        record(session, actor, audit.Event.CHANGE, case, kind="person", object_id=person.id)


def remove_concerned(actor: Actor, case_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """Remove a person typed by mistake; refused once anything about it was shared."""
    with transaction() as session:
        case = load_open_case(session, actor, case_id)
        person, _ = _person(session, actor, case, person_id)
        about = case_scopes.sections_about(session, person.id)
        if case_scopes.was_shown(session, about) or case_scopes.was_told(session, person.id):
            raise Refusal(Reason.PERSON_WAS_SHARED)
        session.execute(delete(Section).where(Section.id.in_(about)))
        marks.forget(session, person.id)
        session.delete(person)
        record(session, actor, audit.Event.DELETE, case, kind="person", object_id=person.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernedToEdit:
    """A person concerned as it stands, without the identity text."""

    reference: str
    role: ConcernedRole
    label: str
    relation: str
    address_group: int
    identity_section_id: uuid.UUID | None


def concerned_to_edit(actor: Actor, case_id: uuid.UUID, person_id: uuid.UUID) -> ConcernedToEdit:
    """Read a person concerned for editing; the identity text stays closed."""
    with transaction() as session:
        case = load_open_case(session, actor, case_id)
        person, section = _person(session, actor, case, person_id)
        record(session, actor, audit.Event.READ, case, kind="person", object_id=person.id)
    label, relation = crypto.unseal_many(
        [
            Sealed(person.label_ct, concerned_binding(person.id, "label")),
            Sealed(person.relation_ct, concerned_binding(person.id, "relation")),
        ]
    )
    return ConcernedToEdit(
        reference=case.reference,
        role=person.role,
        label=label,
        relation=relation,
        address_group=person.address_group,
        identity_section_id=section.id if section else None,
    )


def _person(
    session: Session, actor: Actor, case: Case, person_id: uuid.UUID
) -> tuple[PersonConcerned, Section | None]:
    statement = case_scopes.staff_concerned(actor, now=clock.now()).where(
        PersonConcerned.case_id == case.id, PersonConcerned.id == person_id
    )
    row = session.execute(statement.limit(1)).one_or_none()
    if row is None:
        raise NotVisible
    return row.PersonConcerned, row.Section


def _fill(person: PersonConcerned, case_id: uuid.UUID, given: Concerned) -> None:
    scope = KeyScope.of_case(case_id, RetentionClass.SUMMARY)
    person.role = given.role
    person.address_group = given.address_group
    person.label_ct = crypto.seal(
        scope, given.label, belongs_to=concerned_binding(person.id, "label")
    )
    person.relation_ct = crypto.seal(
        scope, given.relation, belongs_to=concerned_binding(person.id, "relation")
    )


def _write_identity(
    session: Session, actor: Actor, case: Case, person: PersonConcerned, text: str
) -> None:
    kind = session.scalars(
        select(SectionType)
        .where(SectionType.table_id == case.table_id, SectionType.is_identity)
        .order_by(SectionType.position)
        .limit(1)
    ).one_or_none()
    if kind is None:
        raise Refusal(Reason.NO_IDENTITY_SECTION, "identity")
    section_id = uuid.uuid4()
    scope = KeyScope.of_case(case.id, kind.retention)
    session.add(
        Section(
            id=section_id,
            case_id=case.id,
            section_type_id=kind.id,
            source_organisation_id=case.bringing_organisation_id,
            person_concerned_id=person.id,
            text_ct=crypto.seal(scope, text, belongs_to=section_binding(section_id)),
            updated_at=clock.now(),
            updated_by_id=actor.person_id,
        )
    )
    marks.remember(session, case.id, person.id, text)
    kept_out.carry_over(session, case)
