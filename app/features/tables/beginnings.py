"""What a new case table starts with, copied from its kind; later it is the table's own."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor
from app.access.administration import ground_rules
from app.domain.kind_document import KindDocument
from app.domain.terms import DEFAULTS
from app.infra import clock
from app.models import CaseTable, SectionType, StandardDisclosure, TableTerm


def begin(session: Session, actor: Actor, table: CaseTable, document: KindDocument) -> None:
    """Sections, standard disclosures, statement, required roles and terms of its kind."""
    _add_presets(session, table, document)
    ground_rules.begin(session, table, document.required_roles)
    _add_terms(session, actor, table, document)


def _add_terms(session: Session, actor: Actor, table: CaseTable, document: KindDocument) -> None:
    """A new table keeps for as long as its kind says; later only its chair can agree to more."""
    for subject, months in (document.regime.keep_months or {}).items():
        usual = DEFAULTS[subject]
        if months != usual.amount:
            session.add(
                TableTerm(
                    table_id=table.id, subject=subject, amount=months, extra=usual.extra,
                    proposed_by_id=actor.person_id, proposed_at=clock.now(),
                    decided_by_id=actor.person_id, decided_at=clock.now(), approved=True,
                )
            )  # fmt: skip


def complete(session: Session, table: CaseTable, document: KindDocument) -> None:
    """A table that came to be of another kind gets what its pages need and it does not have."""
    stored = select(SectionType.code).where(SectionType.table_id == table.id)
    _add_presets(session, table, document, but=set(session.scalars(stored)))


def _add_presets(
    session: Session, table: CaseTable, document: KindDocument, *, but: Collection[str] = ()
) -> None:
    """The section scheme and standard disclosures of the kind as it holds now."""
    by_code: dict[str, uuid.UUID] = {}
    new = [one for one in document.sections if one.code not in but]
    for position, section in enumerate(new, start=len(but) + 1):
        by_code[section.code] = section_id = uuid.uuid4()
        session.add(
            SectionType(id=section_id, table_id=table.id, position=position, **asdict(section))
        )
    for standard in document.disclosures:
        if standard.section_code in by_code:
            session.add(
                StandardDisclosure(
                    table_id=table.id,
                    organisation_kind=standard.organisation_kind,
                    section_type_id=by_code[standard.section_code],
                    ground=standard.ground,
                    purpose=standard.purpose,
                    necessity=standard.necessity,
                )
            )
