"""What an administrator reads under a table: covenants, sections, standard disclosures."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.domain.kinds import OrganisationKind, RetentionClass
from app.domain.local_time import local_date
from app.features.tables.roles import last_day
from app.infra import clock
from app.infra.db import reading
from app.models import Covenant, Organisation, SectionType, StandardDisclosure


@dataclass(frozen=True, slots=True)
class CovenantRow:
    """A covenant; ``until_on`` is the last day."""

    covenant_id: uuid.UUID
    organisation: str
    from_on: date
    until_on: date | None
    is_valid: bool


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A section of the scheme."""

    section_id: uuid.UUID
    label_nl: str
    label_en: str
    retention: RetentionClass
    is_identity: bool
    is_input: bool
    is_plan: bool


@dataclass(frozen=True, slots=True)
class StandardRow:
    """A standard disclosure with its three reasons."""

    standard_id: uuid.UUID
    organisation_kind: OrganisationKind
    section_id: uuid.UUID
    section: str
    ground: str
    purpose: str
    necessity: str


@dataclass(frozen=True, slots=True)
class StandardGroup:
    """What one kind of organisation gets by standard."""

    organisation_kind: OrganisationKind
    rows: tuple[StandardRow, ...]


def covenant_rows(table_id: uuid.UUID) -> tuple[CovenantRow, ...]:
    """The covenants of a table by organisation, the newest first."""
    now = clock.now()
    with reading() as session:
        rows = session.execute(
            select(Covenant, Organisation.name)
            .join(Organisation, Organisation.id == Covenant.organisation_id)
            .where(Covenant.table_id == table_id)
            .order_by(Organisation.name, Covenant.from_at.desc())
        ).all()
        return tuple(
            CovenantRow(
                covenant.id,
                name,
                local_date(covenant.from_at),
                last_day(covenant.until_at),
                covenant.from_at <= now and (covenant.until_at is None or now < covenant.until_at),
            )
            for covenant, name in rows
        )


def section_rows(table_id: uuid.UUID) -> tuple[SectionRow, ...]:
    """The section scheme in its order."""
    with reading() as session:
        sections = session.scalars(
            select(SectionType)
            .where(SectionType.table_id == table_id)
            .order_by(SectionType.position, SectionType.id)
        ).all()
        return tuple(
            SectionRow(
                one.id,
                one.label_nl,
                one.label_en,
                one.retention,
                one.is_identity,
                one.is_input,
                one.is_plan,
            )
            for one in sections
        )


def standard_rows(table_id: uuid.UUID) -> tuple[StandardRow, ...]:
    """The standard disclosures of a table, in the order of the scheme."""
    with reading() as session:
        rows = session.execute(
            select(StandardDisclosure, SectionType.label_nl)
            .join(SectionType, SectionType.id == StandardDisclosure.section_type_id)
            .where(StandardDisclosure.table_id == table_id)
            .order_by(SectionType.position)
        ).all()
        return tuple(
            StandardRow(
                standard.id,
                standard.organisation_kind,
                standard.section_type_id,
                label,
                standard.ground,
                standard.purpose,
                standard.necessity,
            )
            for standard, label in rows
        )


def standard_groups(table_id: uuid.UUID) -> tuple[StandardGroup, ...]:
    """The standard disclosures by kind of organisation."""
    rows = standard_rows(table_id)
    groups = (
        StandardGroup(kind, tuple(row for row in rows if row.organisation_kind is kind))
        for kind in OrganisationKind
    )
    return tuple(group for group in groups if group.rows)
