"""Persons concerned brought from one case of a household into another, one by one by a coordinator.

A copy has texts of its own under the keys of its case. An identity stays with its source: who had
to be asked before somebody reads it, is asked again; what may not be passed on is not copied.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session

from app.access import audit, case_scopes
from app.access.actor import Actor
from app.access.disclosure import section_binding
from app.access.referrals import kept_out
from app.domain.errors import Reason, Refusal
from app.domain.kinds import ConcernedRole, Ground, RetentionClass
from app.infra import clock, crypto
from app.infra.crypto import KeyScope, Sealed
from app.models import Case, IdentityMark, PersonConcerned, Section, SectionType


@dataclass(frozen=True, slots=True)
class Copyable:
    """A person concerned of another case of the household, by its label alone."""

    id: uuid.UUID
    case_id: uuid.UUID
    role: ConcernedRole
    label: Sealed
    has_identity: bool


def copyable(session: Session, actor: Actor, case_ids: Collection[uuid.UUID]) -> Sequence[Copyable]:
    """The persons of loaded cases; the caller opens their labels."""
    rows = session.execute(
        case_scopes.staff_concerned(actor, now=clock.now())
        .where(PersonConcerned.case_id.in_(case_ids))
        .order_by(PersonConcerned.case_id, PersonConcerned.position, PersonConcerned.id)
    ).all()
    return [
        Copyable(
            row.PersonConcerned.id,
            row.PersonConcerned.case_id,
            row.PersonConcerned.role,
            _label(row.PersonConcerned),
            _may_be_copied(row.Section),
        )
        for row in rows
    ]


def _may_be_copied(identity: Section | None) -> bool:
    return identity is not None and identity.text_ct is not None and not identity.no_passing_on


def _label(person: PersonConcerned) -> Sealed:
    return Sealed(person.label_ct, _bound(person.id, "label"))


def _bound(person_id: uuid.UUID, column: str) -> str:
    return f"person_concerned:{person_id}:{column}"


def copy_into(
    session: Session,
    actor: Actor,
    case: Case,
    others: Collection[Case],
    chosen: Sequence[uuid.UUID],
) -> int:
    """Bring the chosen persons of the other loaded cases into a loaded one; gives how many.

    Refusal when one of them is of none of these cases.
    """
    rows = _chosen(session, actor, others, chosen)
    kind = _identity_type(session, case)
    marks = _marks_of(session, chosen)
    last = case_scopes.last_position(session, case)
    for position, row in enumerate(rows, start=last + 1):
        person = _copy_person(case, row.PersonConcerned, position)
        session.add(person)
        if kind is not None and _may_be_copied(row.Section):
            session.add(_copy_identity(actor, case, person, row.Section, kind))
            if row.PersonConcerned.id in marks:
                mark = marks[row.PersonConcerned.id]
                session.add(_copy_mark(case, person, mark))
        audit.record_all(session, actor, _lines(case, row.Case, row.PersonConcerned, person))
    kept_out.carry_over(session, case)
    return len(rows)


def _chosen(
    session: Session, actor: Actor, others: Collection[Case], chosen: Sequence[uuid.UUID]
) -> Sequence[Row[*tuple[Any, ...]]]:
    rows = session.execute(
        case_scopes.staff_concerned(actor, now=clock.now())
        .where(
            PersonConcerned.case_id.in_([one.id for one in others]), PersonConcerned.id.in_(chosen)
        )
        .order_by(PersonConcerned.position, PersonConcerned.id)
    ).all()
    if not chosen or {row.PersonConcerned.id for row in rows} != set(chosen):
        raise Refusal(Reason.VALUE_UNKNOWN, "persons")
    return rows


def _identity_type(session: Session, case: Case) -> SectionType | None:
    return session.scalars(
        select(SectionType)
        .where(SectionType.table_id == case.table_id, SectionType.is_identity)
        .order_by(SectionType.position)
        .limit(1)
    ).one_or_none()


def _marks_of(session: Session, people: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """By what triage would know them, where there is anything."""
    rows = session.execute(
        select(IdentityMark.person_concerned_id, IdentityMark.mark).where(
            IdentityMark.person_concerned_id.in_(people)
        )
    )
    return {row.person_concerned_id: row.mark for row in rows}


def _copy_mark(case: Case, person: PersonConcerned, mark: str) -> IdentityMark:
    return IdentityMark(
        person_concerned_id=person.id, case_id=case.id, mark=mark, made_at=clock.now()
    )


def _copy_person(case: Case, of: PersonConcerned, position: int) -> PersonConcerned:
    copied = PersonConcerned(
        id=uuid.uuid4(),
        case_id=case.id,
        position=position,
        role=of.role,
        address_group=of.address_group,
    )
    scope = KeyScope.of_case(case.id, RetentionClass.SUMMARY)
    for column in ("label", "relation"):
        ciphertext = getattr(of, f"{column}_ct")
        if ciphertext is not None:
            text = crypto.unseal(Sealed(ciphertext, _bound(of.id, column)))
            sealed = crypto.seal(scope, text, belongs_to=_bound(copied.id, column))
            setattr(copied, f"{column}_ct", sealed)
    return copied


def _copy_identity(
    actor: Actor, case: Case, person: PersonConcerned, of: Section, kind: SectionType
) -> Section:
    section_id = uuid.uuid4()
    text = crypto.unseal(Sealed(of.text_ct, section_binding(of.id)))
    scope = KeyScope.of_case(case.id, kind.retention)
    return Section(
        id=section_id,
        case_id=case.id,
        section_type_id=kind.id,
        source_organisation_id=of.source_organisation_id,
        person_concerned_id=person.id,
        regime=of.regime,
        asks_from=of.asks_from,
        text_ct=crypto.seal(scope, text, belongs_to=section_binding(section_id)),
        updated_at=clock.now(),
        updated_by_id=actor.person_id,
    )


def _lines(
    case: Case, other: Case, of: PersonConcerned, copied: PersonConcerned
) -> list[audit.Entry]:
    """Taken from the one case, added to the other."""
    return [
        audit.Entry(
            event=event,
            object_kind="person",
            object_id=object_id,
            case_id=at.id,
            table_id=at.table_id,
            ground=Ground.STAFF,
        )
        for event, object_id, at in (
            (audit.Event.COPY, of.id, other),
            (audit.Event.ADD, copied.id, case),
        )
    ]
