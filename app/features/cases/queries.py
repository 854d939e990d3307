"""Reads the list of cases and the choices of forms; it must never change anything but the log."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select

from app.access import Actor, Permission, audit, case_scopes, load_case, load_staff_table, scopes
from app.access.referrals.by_telephone import possible_callers
from app.domain.kinds import CaseState, TableKind
from app.domain.references import normalise_reference
from app.domain.text import clean_line
from app.infra import clock
from app.infra.db import reading, transaction
from app.models import Case, CaseTable, Organisation, SectionType

PAGE_SIZE = 50
LONGEST_SEARCH = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """One line of the list."""

    id: uuid.UUID
    reference: str
    imported_number: str
    state: CaseState
    table: str
    brought_by: str
    next_meeting_at: datetime | None


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a select."""

    id: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseList:
    """One page of the list with the choices of its filters."""

    lines: tuple[CaseLine, ...]
    found: int
    number: int
    pages: int
    tables: tuple[Option, ...]
    has_orders: bool
    screenings: tuple[Option, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What was asked for: text, table and state may each be left out."""

    text: str = ""
    table_id: uuid.UUID | None = None
    state: CaseState | None = None
    page: int = 1


def list_page(actor: Actor, search: Search) -> CaseList:
    """Cases of the tables served, newest first. A search for a text is recorded."""
    now = clock.now()
    statement = _narrowed(scopes.staff_cases(actor, now=now), search)
    listed = (
        statement.join(CaseTable, CaseTable.id == Case.table_id)
        .join(Organisation, Organisation.id == Case.bringing_organisation_id)
        .add_columns(
            CaseTable.name.label("table"),
            Organisation.name.label("brought_by"),
            case_scopes.next_meeting_at(now).label("next_meeting_at"),
        )
        .order_by(Case.created_at.desc(), Case.id)
        .limit(PAGE_SIZE)
        .offset((search.page - 1) * PAGE_SIZE)
    )
    with transaction() if search.text else reading() as session:
        rows = session.execute(listed).all()
        found = session.scalar(select(func.count()).select_from(statement.subquery())) or 0
        tables = session.scalars(case_scopes.served_tables(actor)).all()
        if search.text:
            audit.record(session, actor, audit.Entry(event=audit.Event.SEARCH, object_kind="case"))
        return CaseList(
            lines=tuple(
                CaseLine(
                    id=row.Case.id,
                    reference=row.Case.reference,
                    imported_number=row.Case.imported_number or "",
                    state=row.Case.state,
                    table=row.table,
                    brought_by=row.brought_by,
                    next_meeting_at=row.next_meeting_at,
                )
                for row in rows
            ),
            found=found,
            number=search.page,
            pages=max(1, -(-found // PAGE_SIZE)),
            tables=tuple(Option(table.id, table.name) for table in tables),
            has_orders=any(table.kind is TableKind.EXCLUSION_ORDER for table in tables),
            screenings=tuple(
                Option(table.id, table.name)
                for table in tables
                if table.kind is TableKind.SCREENING
            ),
        )


def _narrowed(statement: Select[Case], search: Search) -> Select[Case]:
    text = clean_line(search.text)[:LONGEST_SEARCH]
    if text:
        typed = normalise_reference(text)
        statement = statement.where(
            or_(
                Case.reference.contains(typed, autoescape=True),
                Case.imported_number.in_((text, text.upper())),
            )
        )
    if search.table_id:
        statement = statement.where(Case.table_id == search.table_id)
    if search.state:
        statement = statement.where(Case.state == search.state)
    return statement


@dataclass(frozen=True, slots=True)
class NewCaseChoices:
    """What a new case can be given: tables served, who takes part there, who may have called."""

    tables: tuple[Option, ...]
    organisations: tuple[Option, ...]
    callers: tuple[Option, ...]


def new_case_choices(actor: Actor) -> NewCaseChoices:
    """Choices of the form for a new case."""
    with reading() as session:
        tables = session.scalars(case_scopes.served_tables(actor)).all()
        organisations = session.scalars(case_scopes.participants(*(t.id for t in tables))).all()
        callers = session.execute(possible_callers(actor, [t.id for t in tables])).all()
        return NewCaseChoices(
            tuple(Option(table.id, table.name) for table in tables),
            tuple(Option(one.id, one.name) for one in organisations),
            tuple(Option(row.id, f"{row.name}, {row.organisation}") for row in callers),
        )


@dataclass(frozen=True, slots=True)
class CaseHead:
    """What pages about a part of a case say of the case."""

    reference: str
    table_id: uuid.UUID
    bringing_organisation_id: uuid.UUID


def case_head(actor: Actor, case_id: uuid.UUID) -> CaseHead:
    """The head of a case that may be changed; no text, so nothing is recorded."""
    with reading() as session:
        case = load_case(session, actor, case_id, Permission.CASE_UPDATE)
        return CaseHead(case.reference, case.table_id, case.bringing_organisation_id)


@dataclass(frozen=True, slots=True)
class SectionChoices:
    """What a new section can be given: types but identity, and sources."""

    types: tuple[Option, ...]
    sources: tuple[Option, ...]


def section_choices(actor: Actor, table_id: uuid.UUID, *, english: bool) -> SectionChoices:
    """Choices of the form for a new section of a case at a table served."""
    with reading() as session:
        load_staff_table(session, actor, table_id, Permission.CASE_UPDATE)
        types = session.scalars(
            select(SectionType)
            .where(SectionType.table_id == table_id, SectionType.is_identity.is_(False))
            .order_by(SectionType.position)
        ).all()
        sources = session.scalars(case_scopes.participants(table_id)).all()
        return SectionChoices(
            tuple(Option(one.id, one.label_en if english else one.label_nl) for one in types),
            tuple(Option(one.id, one.name) for one in sources),
        )
