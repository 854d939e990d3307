"""What of a case opens to whom: one place for page, preview, extract, mail and export.

Sections come out sealed with their reading already recorded; callers open them after the commit.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from app.access import audit, scopes
from app.access import conditions as c
from app.access.actor import Actor
from app.domain.kinds import Ground, Regime, RetentionClass
from app.infra import crypto
from app.infra.crypto import KeyScope, Sealed
from app.models import (
    Case,
    Disclosure,
    ItemQuestion,
    Organisation,
    Seat,
    Section,
    SectionType,
    StandardDisclosure,
    TaskSection,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSection:
    """One section as it may be shown: still sealed, to be opened after the commit.

    ``source`` is empty where only staff may know that it has to do with the case.
    """

    section_id: uuid.UUID
    case_id: uuid.UUID
    type_id: uuid.UUID
    label_nl: str
    label_en: str
    is_identity: bool
    is_input: bool
    source_organisation_id: uuid.UUID
    source: str
    is_source_hidden: bool
    person_concerned_id: uuid.UUID | None
    regime: Regime
    no_passing_on: bool
    version: int
    updated_at: datetime
    ground: Ground
    text: Sealed


def sealed_text(section: Section) -> Sealed:
    """The ciphertext of a section with the row and column it is bound to."""
    return Sealed(section.text_ct, section_binding(section.id))


def put_words(section: Section, retention: RetentionClass, text: str) -> None:
    """Seal a text into a section; who knew nobody in it is asked anew where other words stand."""
    binding = section_binding(section.id)
    stood = crypto.unseal(sealed_text(section))
    if stood.split() != text.split():
        section.words_version += 1
    scope = KeyScope.of_case(section.case_id, retention)
    section.text_ct = crypto.seal(scope, text, belongs_to=binding)


def section_binding(section_id: uuid.UUID) -> str:
    """What a section's ciphertext is bound to."""
    return f"section:{section_id}:text"


def question_binding(case_id: uuid.UUID) -> str:
    """What a question to the table is bound to."""
    return f"case:{case_id}:question"


def sealed_question(case: Case, kept: ItemQuestion | None = None) -> Sealed:
    """The question to the table; opened for all seats of the item and for staff.

    ``kept`` is what was asked at an item that is finished: that one stays, whatever is asked next.
    """
    asked = case.question_ct if kept is None else kept.question_ct
    return Sealed(asked, question_binding(case.id))


def ask_source_again(session: Session, section: Section) -> None:
    """Other words or another regime: the source's decisions so far no longer count."""
    session.execute(
        update(Disclosure)
        .where(
            Disclosure.section_id == section.id,
            Disclosure.withdrawn_at.is_(None),
            Disclosure.source_decided_at.is_not(None),
        )
        .values(
            source_decided_at=None,
            source_decided_by_id=None,
            source_basis="",
            source_until_at=None,
        )
    )
    session.execute(
        update(TaskSection)
        .where(TaskSection.section_id == section.id, TaskSection.source_refused.is_(False))
        .values(
            source_decided_at=None,
            source_decided_by_id=None,
            source_basis="",
            source_until_at=None,
        )
    )


def read_sections(
    session: Session,
    actor: Actor,
    case_ids: Sequence[uuid.UUID],
    *,
    now: datetime,
    meeting_id: uuid.UUID | None = None,
    task_id: uuid.UUID | None = None,
    identity: bool | None = False,
    type_ids: Collection[uuid.UUID] | None = None,
    also: Sequence[audit.Entry] = (),
) -> list[OpenSection]:
    """The sections of these cases the actor sees, in order; each read is recorded at once.

    Identity sections stay closed unless ``identity`` is asked for: showing names is an act of its
    own; None asks for both. A section the actor may not see is absent, not blank. ``type_ids``
    narrows to these headings. ``also`` are other readings of the same page, recorded in the same
    statement. Two statements.
    """
    statement = (
        scopes.visible_sections(actor, now=now, meeting_id=meeting_id, task_id=task_id)
        .join(SectionType, SectionType.id == Section.section_type_id)
        .join(Organisation, Organisation.id == Section.source_organisation_id)
        .add_columns(
            SectionType,
            Organisation.name.label("source"),
            c.is_hidden_at(Case.id, Section.source_organisation_id).label("is_hidden"),
        )
        .where(Section.case_id.in_(case_ids))
        .order_by(Section.case_id, SectionType.position, Section.position, Section.id)
    )
    if identity is not None:
        statement = statement.where(SectionType.is_identity.is_(identity))
    if type_ids is not None:
        statement = statement.where(SectionType.id.in_(type_ids))
    rows = session.execute(statement).all()
    audit.record_all(
        session,
        actor,
        [
            *also,
            *(
                audit.Entry(
                    event=audit.Event.REVEAL if row.SectionType.is_identity else audit.Event.READ,
                    object_kind="section",
                    object_id=row.Section.id,
                    section_id=row.Section.id,
                    case_id=row.Case.id,
                    table_id=row.Case.table_id,
                    meeting_id=meeting_id,
                    ground=Ground(row.ground),
                )
                for row in rows
            ),
        ],
    )
    return [_open(row, actor) for row in rows]


def _open(row: Row[*tuple[Any, ...]], actor: Actor) -> OpenSection:
    """A source such as a shelter is named to staff of the table and to itself alone."""
    section, kind, ground = row.Section, row.SectionType, Ground(row.ground)
    is_own = section.source_organisation_id == actor.organisation_id
    is_named = is_own or ground is Ground.STAFF or not row.is_hidden
    return OpenSection(
        section_id=section.id,
        case_id=section.case_id,
        type_id=kind.id,
        label_nl=kind.label_nl,
        label_en=kind.label_en,
        is_identity=kind.is_identity,
        is_input=kind.is_input,
        source_organisation_id=section.source_organisation_id,
        source=row.source if is_named else "",
        is_source_hidden=bool(row.is_hidden),
        person_concerned_id=section.person_concerned_id,
        regime=section.regime,
        no_passing_on=section.no_passing_on,
        version=section.version,
        updated_at=section.updated_at,
        ground=ground,
        text=sealed_text(section),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardProposal:
    """One standard disclosure that staff may confirm for an item, not yet given."""

    standard_id: uuid.UUID
    seat_id: uuid.UUID
    section_id: uuid.UUID
    ground: str
    purpose: str
    necessity: str
    needs_source: bool


def standard_proposals(
    session: Session,
    actor: Actor,
    item_ids: Sequence[uuid.UUID],
    *,
    now: datetime,
) -> list[StandardProposal]:
    """Standard disclosures of the table kind not yet given at these items, in one statement."""
    statement = (
        scopes.staff_seats(actor, now=now)
        .join(Organisation, Organisation.id == Seat.organisation_id)
        .join(Section, Section.case_id == Case.id)
        .join(
            StandardDisclosure,
            (StandardDisclosure.section_type_id == Section.section_type_id)
            & (StandardDisclosure.organisation_kind == Organisation.kind)
            & (StandardDisclosure.table_id == Case.table_id),
        )
        .add_columns(Section, StandardDisclosure)
        .where(
            Seat.item_id.in_(item_ids),
            ~select(Disclosure.id)
            .where(
                Disclosure.seat_id == Seat.id,
                Disclosure.section_id == Section.id,
                Disclosure.withdrawn_at.is_(None),
            )
            .exists(),
        )
    )
    return [
        StandardProposal(
            standard_id=row.StandardDisclosure.id,
            seat_id=row.Seat.id,
            section_id=row.Section.id,
            ground=row.StandardDisclosure.ground,
            purpose=row.StandardDisclosure.purpose,
            necessity=row.StandardDisclosure.necessity,
            needs_source=row.Section.regime is not Regime.AVG,
        )
        for row in session.execute(statement)
    ]
