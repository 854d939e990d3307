"""The section scheme of a table, and what it discloses by standard; texts of cases stay unseen."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from app.access import Actor, audit
from app.access.administration.taken_names import refuse_taken
from app.access.usage import is_section_used
from app.domain.agenda import Direction, move
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import OrganisationKind, RetentionClass
from app.features.tables.service import load_table, record
from app.infra.db import transaction
from app.models import SectionType, StandardDisclosure


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionData:
    """A section as typed. What it protects is fixed once a case uses it."""

    label_nl: str
    label_en: str
    retention: RetentionClass
    is_identity: bool
    is_input: bool
    is_plan: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardData:
    """What one kind of organisation gets by standard, with its three reasons."""

    organisation_kind: OrganisationKind
    section_type_id: uuid.UUID
    ground: str
    purpose: str
    necessity: str


def add_section(actor: Actor, table_id: uuid.UUID, data: SectionData) -> None:
    """Add a section at the end. Refusal NAME_TAKEN, IDENTITY_CLASS, PLAN_STANDS_ALONE."""
    with transaction() as session:
        load_table(session, actor, table_id)
        _check(session, table_id, data, but=None)
        last = session.scalar(
            select(func.max(SectionType.position)).where(SectionType.table_id == table_id)
        )
        section = SectionType(
            id=uuid.uuid4(),
            table_id=table_id,
            code=f"own-{uuid.uuid4().hex[:12]}",
            position=(last or 0) + 1,
        )
        _fill(section, data)
        session.add(section)
        record(session, actor, audit.Event.ADD, table_id, kind="section-type", object_id=section.id)


def change_section(
    actor: Actor, table_id: uuid.UUID, section_id: uuid.UUID, data: SectionData
) -> None:
    """Rename a section, or change what it protects while no case uses it.

    Refusal NAME_TAKEN, IDENTITY_CLASS, PLAN_STANDS_ALONE, SECTION_IN_USE; NotVisible.
    """
    with transaction() as session:
        load_table(session, actor, table_id)
        section = _section(session, table_id, section_id)
        _check(session, table_id, data, but=section_id)
        protects = (section.retention, section.is_identity, section.is_plan)
        wanted = (data.retention, data.is_identity, data.is_plan)
        if protects != wanted and is_section_used(session, section_id):
            raise Refusal(Reason.SECTION_IN_USE, "retention")
        _fill(section, data)
        record(
            session, actor, audit.Event.CHANGE, table_id, kind="section-type", object_id=section_id
        )


def move_section(
    actor: Actor, table_id: uuid.UUID, section_id: uuid.UUID, direction: Direction
) -> None:
    """Move a section one place up or down; at the edge nothing happens. NotVisible."""
    with transaction() as session:
        load_table(session, actor, table_id)
        _section(session, table_id, section_id)
        sections = session.scalars(
            select(SectionType)
            .where(SectionType.table_id == table_id)
            .order_by(SectionType.position, SectionType.id)
        ).all()
        by_id = {section.id: section for section in sections}
        order = move([section.id for section in sections], section_id, direction)
        for position, moved in enumerate(order, start=1):
            by_id[moved].position = position
        record(
            session, actor, audit.Event.CHANGE, table_id, kind="section-type", object_id=section_id
        )


def add_standard(actor: Actor, table_id: uuid.UUID, data: StandardData) -> None:
    """Add a standard disclosure. Refusal NAME_TAKEN when the pair stands already."""
    with transaction() as session:
        load_table(session, actor, table_id)
        _offered(session, table_id, data.section_type_id)
        _refuse_pair(session, table_id, data, but=None)
        standard = StandardDisclosure(id=uuid.uuid4(), table_id=table_id)
        _fill_standard(standard, data)
        session.add(standard)
        record(
            session,
            actor,
            audit.Event.ADD,
            table_id,
            kind="standard-disclosure",
            object_id=standard.id,
        )


def change_standard(
    actor: Actor, table_id: uuid.UUID, standard_id: uuid.UUID, data: StandardData
) -> None:
    """Change a standard disclosure; what was disclosed before stays as it was. NotVisible."""
    with transaction() as session:
        load_table(session, actor, table_id)
        standard = _standard(session, table_id, standard_id)
        _offered(session, table_id, data.section_type_id)
        _refuse_pair(session, table_id, data, but=standard_id)
        _fill_standard(standard, data)
        record(
            session,
            actor,
            audit.Event.CHANGE,
            table_id,
            kind="standard-disclosure",
            object_id=standard_id,
        )


def remove_standard(actor: Actor, table_id: uuid.UUID, standard_id: uuid.UUID) -> None:
    """Remove a standard disclosure; what was disclosed before stays as it was. NotVisible."""
    with transaction() as session:
        load_table(session, actor, table_id)
        session.delete(_standard(session, table_id, standard_id))
        record(
            session,
            actor,
            audit.Event.DELETE,
            table_id,
            kind="standard-disclosure",
            object_id=standard_id,
        )


def _check(
    session: Session, table_id: uuid.UUID, data: SectionData, *, but: uuid.UUID | None
) -> None:
    if data.is_identity != (data.retention is RetentionClass.IDENTITY):
        raise Refusal(Reason.IDENTITY_CLASS, "retention")
    if data.is_plan and (data.is_identity or data.is_input):
        raise Refusal(Reason.PLAN_STANDS_ALONE, "is_plan")
    own = SectionType.table_id == table_id
    refuse_taken(session, SectionType.label_nl, data.label_nl, own, but=but)


def _fill(section: SectionType, data: SectionData) -> None:
    section.label_nl = data.label_nl
    section.label_en = data.label_en
    section.retention = data.retention
    section.is_identity = data.is_identity
    section.is_input = data.is_input
    section.is_plan = data.is_plan


def _section(session: Session, table_id: uuid.UUID, section_id: uuid.UUID) -> SectionType:
    section = session.get(SectionType, section_id)
    if section is None or section.table_id != table_id:
        raise NotVisible
    return section


def _offered(session: Session, table_id: uuid.UUID, section_id: uuid.UUID) -> None:
    section = session.get(SectionType, section_id)
    if section is None or section.table_id != table_id:
        raise Refusal(Reason.VALUE_UNKNOWN, "section")


def _standard(session: Session, table_id: uuid.UUID, standard_id: uuid.UUID) -> StandardDisclosure:
    standard = session.get(StandardDisclosure, standard_id)
    if standard is None or standard.table_id != table_id:
        raise NotVisible
    return standard


def _refuse_pair(
    session: Session, table_id: uuid.UUID, data: StandardData, *, but: uuid.UUID | None
) -> None:
    same = exists().where(
        StandardDisclosure.table_id == table_id,
        StandardDisclosure.organisation_kind == data.organisation_kind,
        StandardDisclosure.section_type_id == data.section_type_id,
        StandardDisclosure.id != but,
    )
    if session.scalar(select(same)):
        raise Refusal(Reason.STANDARD_EXISTS, "section")


def _fill_standard(standard: StandardDisclosure, data: StandardData) -> None:
    standard.organisation_kind = data.organisation_kind
    standard.section_type_id = data.section_type_id
    standard.ground = data.ground
    standard.purpose = data.purpose
    standard.necessity = data.necessity
