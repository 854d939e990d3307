"""What an administrator reads about case tables: set-up and people; nothing of any case."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access import Actor, Permission, load_managed
from app.access.administration.ground_rules import Statement, required_at, statements_of
from app.access.administration.kinds_in_force import all_in_force, code_of, in_force
from app.access.conditions import is_live
from app.domain.kind_document import KindDocument, LegalRegime, Words
from app.domain.kinds import (
    AccountState,
    PowerfulChangeKind,
    RequiredRole,
    TableRoleName,
)
from app.domain.paging import Paging, page_of
from app.features.tables.roles import NAMED, last_day
from app.infra import clock
from app.infra.db import reading
from app.models import (
    CaseTable,
    Covenant,
    Organisation,
    Person,
    PowerfulChange,
    TableRole,
)

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class TableRow:
    """One line of the list."""

    table_id: uuid.UUID
    name: str
    kind: Words
    prefix: str
    people: int
    organisations: int


@dataclass(frozen=True, slots=True)
class TableList:
    """One page of the list."""

    rows: tuple[TableRow, ...]
    paging: Paging


@dataclass(frozen=True, slots=True)
class RoleRow:
    """Who is what at the table, since when, and the last day where there is one.

    ``has_end``: of a kind that may get a last day.
    """

    role_id: uuid.UUID
    person_id: uuid.UUID
    name: str
    organisation: str
    role: TableRoleName
    since: datetime
    last_on: date | None
    has_end: bool


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """An appointment or a host that waits for a second person; ``name`` is empty for no host."""

    kind: PowerfulChangeKind
    name: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePage:
    """One table: its set-up, its people and what waits."""

    table_id: uuid.UUID
    name: str
    kind: str
    kind_name: Words
    prefix: str
    host: str
    host_name: str
    place: str
    minutes_per_item: int
    opens_working_days: int
    closes_working_days: int
    has_standing_reservation: bool
    children_first: bool
    calendar_words: str
    confidentiality_nl: str
    confidentiality_en: str
    sections_open_with_item: bool
    correction_working_days: int
    required_roles: tuple[RequiredRole, ...]
    regime: LegalRegime
    statements: tuple[Statement, ...]
    version: int
    roles: tuple[RoleRow, ...]
    waiting: tuple[WaitingRow, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a select field."""

    value: uuid.UUID
    words: str


@dataclass(frozen=True, slots=True)
class Frame:
    """The table a page is about."""

    table_id: uuid.UUID
    name: str


def list_tables(*, words: str, asked_page: str | None) -> TableList:
    """Tables by name, with how many people and organisations take part now."""
    now = clock.now()
    condition = CaseTable.name.icontains(words, autoescape=True)
    people = select(func.count(func.distinct(TableRole.person_id))).where(
        TableRole.table_id == CaseTable.id, is_live(TableRole.from_at, TableRole.until_at, now)
    )
    covenants = select(func.count(func.distinct(Covenant.organisation_id))).where(
        Covenant.table_id == CaseTable.id, is_live(Covenant.from_at, Covenant.until_at, now)
    )
    with reading() as session:
        found = session.scalar(select(func.count(CaseTable.id)).where(condition)) or 0
        paging = page_of(found, asked_page, size=PAGE_SIZE)
        rows = session.execute(
            select(CaseTable, people.scalar_subquery(), covenants.scalar_subquery())
            .where(condition)
            .order_by(CaseTable.name)
            .limit(paging.size)
            .offset(paging.offset)
        ).all()
        kinds = all_in_force(session, now)
        return TableList(
            tuple(
                TableRow(
                    table.id,
                    table.name,
                    kinds[code_of(table)].document.name,
                    table.prefix,
                    members,
                    partners,
                )
                for table, members, partners in rows
            ),
            paging,
        )


def table_page(actor: Actor, table_id: uuid.UUID) -> TablePage:
    """One table with its people. NotVisible."""
    with reading() as session:
        table = _load(session, actor, table_id)
        kind = in_force(session, table, clock.now()).document
        return TablePage(
            table_id=table.id,
            name=table.name,
            kind=code_of(table),
            kind_name=kind.name,
            prefix=table.prefix,
            host=str(table.host_organisation_id or ""),
            host_name=_host_name(session, table),
            place=table.place,
            minutes_per_item=table.minutes_per_item,
            opens_working_days=table.opens_working_days,
            closes_working_days=table.closes_working_days,
            has_standing_reservation=table.has_standing_reservation,
            children_first=table.children_first,
            calendar_words=table.calendar_words,
            confidentiality_nl=table.confidentiality_nl,
            confidentiality_en=table.confidentiality_en,
            sections_open_with_item=table.sections_open_with_item,
            correction_working_days=table.correction_working_days,
            required_roles=required_at(session, table),
            regime=kind.regime,
            statements=statements_of(session, table),
            version=table.version,
            roles=_roles(session, table_id),
            waiting=_waiting(session, table_id),
        )


def table_frame(actor: Actor, table_id: uuid.UUID) -> Frame:
    """Name of a table, for the pages under it. NotVisible."""
    with reading() as session:
        table = _load(session, actor, table_id)
        return Frame(table.id, table.name)


def _load(session: Session, actor: Actor, table_id: uuid.UUID) -> CaseTable:
    table: CaseTable = load_managed(session, actor, CaseTable, table_id, Permission.TABLE_MANAGE)
    return table


def _host_name(session: Session, table: CaseTable) -> str:
    if table.host_organisation_id is None:
        return ""
    return session.get_one(Organisation, table.host_organisation_id).name


def _roles(session: Session, table_id: uuid.UUID) -> tuple[RoleRow, ...]:
    order = {role: place for place, role in enumerate(TableRoleName)}
    rows = session.execute(
        select(TableRole, Person.name, Organisation.name)
        .join(Person, Person.id == TableRole.person_id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(
            TableRole.table_id == table_id,
            is_live(TableRole.from_at, TableRole.until_at, clock.now()),
        )
        .order_by(Organisation.name, Person.name)
    ).all()
    found = [
        RoleRow(
            role.id,
            role.person_id,
            name,
            organisation,
            role.role,
            role.from_at,
            last_day(role.until_at),
            role.role in NAMED,
        )
        for role, name, organisation in rows
    ]
    return tuple(sorted(found, key=lambda row: order[row.role]))


def _waiting(session: Session, table_id: uuid.UUID) -> tuple[WaitingRow, ...]:
    rows = session.execute(
        select(PowerfulChange, func.coalesce(Person.name, Organisation.name, ""))
        .outerjoin(Person, Person.id == PowerfulChange.subject_id)
        .outerjoin(Organisation, Organisation.id == PowerfulChange.organisation_id)
        .where(PowerfulChange.table_id == table_id, PowerfulChange.decided_at.is_(None))
        .order_by(PowerfulChange.requested_at)
    ).all()
    return tuple(WaitingRow(change.kind, name, change.requested_at) for change, name in rows)


def kinds_now() -> Mapping[str, KindDocument]:
    """Every kind a table may be of, as it holds now."""
    with reading() as session:
        found = all_in_force(session, clock.now())
    return {code: one.document for code, one in found.items()}


def organisation_options() -> tuple[Option, ...]:
    """Organisations by name, for a select field."""
    with reading() as session:
        rows = session.execute(
            select(Organisation.id, Organisation.name, Organisation.code)
            .where(Organisation.ended_at.is_(None))
            .order_by(Organisation.name)
        ).all()
    return tuple(Option(row.id, f"{row.name} ({row.code})") for row in rows)


def person_options(organisation_id: uuid.UUID | None) -> tuple[Option, ...]:
    """People of one organisation who may get a role, for a select field."""
    if organisation_id is None:
        return ()
    with reading() as session:
        rows = session.execute(
            select(Person.id, Person.name, Person.function)
            .where(
                Person.organisation_id == organisation_id,
                Person.state.in_((AccountState.ACTIVE, AccountState.INVITED)),
                Person.is_administrator.is_(False),
            )
            .order_by(Person.name)
        ).all()
    return tuple(Option(row.id, ", ".join(filter(None, (row.name, row.function)))) for row in rows)
