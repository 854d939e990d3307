"""What the form for an urgent meeting offers; no confidential text ever comes here."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.access import Actor, Permission, case_scopes, load_staff_table, scopes
from app.access.meetings import planning
from app.access.meetings.contacts import Contact, contacts_of, partners_of
from app.domain.errors import NotVisible
from app.domain.kinds import OrganisationKind
from app.domain.urgent import TEMPLATES, UrgentKind, kinds_of
from app.infra import clock
from app.infra.db import reading
from app.models import Case, CaseTable, Organisation, SectionType, StandardDisclosure

MOST_CASES = 50


@dataclass(frozen=True, slots=True)
class Choice:
    """A table served with a sort of urgent meeting it may start."""

    table_id: uuid.UUID
    table_name: str
    kind: UrgentKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """An organisation that may be at the table, and who is called and invited first."""

    id: uuid.UUID
    name: str
    stands_in: bool
    first: str
    holder: str
    reads: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgentPage:
    """Everything on the form for one table and one sort."""

    chosen: Choice
    choices: tuple[Choice, ...]
    minutes: int
    place: str
    partners: tuple[Partner, ...]
    sources: tuple[tuple[uuid.UUID, str], ...]
    cases: tuple[str, ...]
    reference: str
    shown: frozenset[uuid.UUID]
    fact_id: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address says: each may be absent."""

    table_id: uuid.UUID | None
    kind: str
    case_id: uuid.UUID | None
    fact_id: uuid.UUID | None = None


def read_urgent(actor: Actor, asked: Asked) -> UrgentPage:
    """The form; NotVisible for a table the actor does not serve, or a sort it has not."""
    with reading() as session:
        choices = _choices(session, actor)
        chosen = _chosen(choices, asked)
        table = load_staff_table(session, actor, chosen.table_id, Permission.MEETING_PUBLISH)
        cases = list(session.scalars(_cases(actor, table, asked)))
        standards = session.execute(_standards(table)).all()
        reads = _readable(standards, english=actor.language == "en")
        contacts = contacts_of(session, table.id, now=clock.now())
        template = TEMPLATES[chosen.kind]
        return UrgentPage(
            chosen=chosen,
            choices=choices,
            minutes=template.minutes,
            place=table.place,
            partners=tuple(
                _partner(one, contacts.get(one.id, ()), template.partners, reads)
                for one in partners_of(session, table, at=clock.now())
            ),
            sources=tuple(
                (one.id, one.name) for one in session.scalars(case_scopes.participants(table.id))
            ),
            cases=tuple(one.reference for one in cases),
            reference=next((one.reference for one in cases if one.id == asked.case_id), ""),
            shown=frozenset(row.StandardDisclosure.id for row in standards),
            fact_id=asked.fact_id,
        )


def _choices(session: Session, actor: Actor) -> tuple[Choice, ...]:
    tables = session.scalars(case_scopes.served_tables(actor))
    return tuple(
        Choice(table.id, table.name, kind) for table in tables for kind in kinds_of(table.kind)
    )


def _chosen(choices: Sequence[Choice], asked: Asked) -> Choice:
    """What was asked for; without a word the usual sort of the first table."""
    fitting = [
        one
        for one in choices
        if asked.table_id in (None, one.table_id) and asked.kind in ("", one.kind)
    ]
    if not fitting:
        raise NotVisible
    return fitting[0]


def _cases(actor: Actor, table: CaseTable, asked: Asked) -> Select[Case]:
    """The case that was asked about first, then the newest that may be discussed."""
    return (
        scopes.staff_cases(actor, now=clock.now())
        .where(Case.table_id == table.id, Case.state.in_(planning.READY_FOR_AGENDA))
        .order_by((Case.id == asked.case_id).desc(), Case.created_at.desc(), Case.id)
        .limit(MOST_CASES)
    )


def _standards(table: CaseTable) -> Select[StandardDisclosure, SectionType]:
    return (
        select(StandardDisclosure, SectionType)
        .join(SectionType, SectionType.id == StandardDisclosure.section_type_id)
        .where(StandardDisclosure.table_id == table.id)
        .order_by(SectionType.position)
    )


def _readable(rows: Sequence[Any], *, english: bool) -> Mapping[OrganisationKind, tuple[str, ...]]:
    """Per kind of partner the sections the table gives it by standard."""
    found: dict[OrganisationKind, list[str]] = defaultdict(list)
    for row in rows:
        label = row.SectionType.label_en if english else row.SectionType.label_nl
        found[row.StandardDisclosure.organisation_kind].append(label)
    return {kind: tuple(names) for kind, names in found.items()}


def _partner(
    one: Organisation,
    contacts: Sequence[Contact],
    standing: Collection[OrganisationKind],
    reads: Mapping[OrganisationKind, tuple[str, ...]],
) -> Partner:
    contacts = [contact for contact in contacts if not contact.is_gone]
    holder = next((contact.name for contact in contacts if contact.may_sit), "")
    return Partner(
        id=one.id,
        name=one.name,
        stands_in=one.kind in standing,
        first=contacts[0].name if contacts else "",
        holder=holder,
        reads=reads.get(one.kind, ()),
    )
