"""Writing a new section in a loaded case; nobody but staff and source sees it until disclosed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.access import audit, case_scopes
from app.access.actor import Actor
from app.access.disclosure import section_binding
from app.access.records.new_cases import record
from app.domain.errors import Reason, Refusal
from app.domain.kinds import Regime
from app.infra import clock, crypto
from app.infra.crypto import KeyScope
from app.models import Case, Organisation, Section, SectionType


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionWords:
    """What is typed for a new section; the source takes part in the table of the case."""

    source_id: uuid.UUID
    regime: Regime
    text: str


def write_section(
    session: Session, actor: Actor, case: Case, kind: SectionType, new: SectionWords
) -> uuid.UUID:
    """Put a section under a heading of the table of a loaded case; gives its id. VALUE_UNKNOWN."""
    sources = case_scopes.participants(case.table_id).where(Organisation.id == new.source_id)
    if session.scalars(sources).one_or_none() is None:
        raise Refusal(Reason.VALUE_UNKNOWN, "source")
    section_id = uuid.uuid4()
    scope = KeyScope.of_case(case.id, kind.retention)
    session.add(
        Section(
            id=section_id,
            case_id=case.id,
            section_type_id=kind.id,
            source_organisation_id=new.source_id,
            regime=new.regime,
            text_ct=crypto.seal(scope, new.text, belongs_to=section_binding(section_id)),
            updated_at=clock.now(),
            updated_by_id=actor.person_id,
        )
    )
    record(session, actor, audit.Event.ADD, case, kind="section", object_id=section_id)
    return section_id
