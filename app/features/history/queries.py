"""What an administrator reads of settings that changed: what was, what is, by whom, since when."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, union_all
from sqlalchemy.orm import Session

from app.access import checks
from app.access.administration.setting_history import SETTINGS
from app.domain.local_time import start_of_day
from app.domain.paging import Paging, page_of
from app.infra.db import reading
from app.models import CaseTable, Organisation, Person, SettingChange

PAGE_SIZE = 50
SUBJECTS = tuple(sorted(one.__tablename__ for one in SETTINGS))
Choice = tuple[uuid.UUID, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for; days are of Amsterdam, the last one counts."""

    subject: str = ""
    table_id: uuid.UUID | None = None
    organisation_id: uuid.UUID | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """One setting that changed, as stored; ``names`` tells what the ids in it are called.

    ``made_by`` is empty where a command or the worker did it.
    """

    subject: str
    field: str
    before: str | None
    after: str | None
    table: str
    organisation: str
    made_by: str
    made_at: datetime
    from_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage:
    """One page of changes, newest first, and what they can be narrowed to."""

    rows: tuple[ChangeRow, ...]
    paging: Paging
    names: dict[str, str]
    tables: tuple[Choice, ...]
    organisations: tuple[Choice, ...]


def history(asked: Asked, *, asked_page: str | None) -> HistoryPage:
    """Five statements, however many changes there are."""
    checks.note()
    conditions = list(_conditions(asked))
    with reading() as session:
        found = session.scalar(select(func.count(SettingChange.id)).where(*conditions)) or 0
        paging = page_of(found, asked_page, size=PAGE_SIZE)
        rows = tuple(_rows(session, conditions, paging))
        return HistoryPage(
            rows=rows,
            paging=paging,
            names=_names(session, rows),
            tables=_choices(session, select(CaseTable.id, CaseTable.name).order_by(CaseTable.name)),
            organisations=_choices(
                session, select(Organisation.id, Organisation.name).order_by(Organisation.name)
            ),
        )


def _conditions(asked: Asked) -> Iterable[ColumnElement[bool]]:
    if asked.subject:
        yield SettingChange.subject == asked.subject
    if asked.table_id:
        yield SettingChange.table_id == asked.table_id
    if asked.organisation_id:
        yield SettingChange.organisation_id == asked.organisation_id
    if asked.since:
        yield SettingChange.made_at >= start_of_day(asked.since)
    if asked.until:
        yield SettingChange.made_at < start_of_day(asked.until + timedelta(days=1))


def _rows(
    session: Session, conditions: list[ColumnElement[bool]], paging: Paging
) -> Iterable[ChangeRow]:
    rows = session.execute(
        select(
            SettingChange,
            CaseTable.name.label("table"),
            Organisation.name.label("organisation"),
            Person.name.label("made_by"),
        )
        .outerjoin(CaseTable, CaseTable.id == SettingChange.table_id)
        .outerjoin(Organisation, Organisation.id == SettingChange.organisation_id)
        .outerjoin(Person, Person.id == SettingChange.made_by_id)
        .where(*conditions)
        .order_by(SettingChange.made_at.desc(), SettingChange.id)
        .limit(paging.size)
        .offset(paging.offset)
    )
    for row in rows:
        one = row.SettingChange
        yield ChangeRow(
            subject=one.subject,
            field=one.field,
            before=one.before,
            after=one.after,
            table=row.table or "",
            organisation=row.organisation or "",
            made_by=row.made_by or "",
            made_at=one.made_at,
            from_at=one.from_at,
        )


def _names(session: Session, rows: Iterable[ChangeRow]) -> dict[str, str]:
    """What the organisations are called that stand as an id in a value."""
    ids = {
        uuid.UUID(value)
        for one in rows
        if one.field.endswith("_id")
        for value in (one.before, one.after)
        if value
    }
    found = session.execute(
        union_all(
            select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids)),
            select(CaseTable.id, CaseTable.name).where(CaseTable.id.in_(ids)),
        )
    )
    return {str(row.id): row.name for row in found}


def _choices(session: Session, statement: Select[*tuple[Any, ...]]) -> tuple[Choice, ...]:
    return tuple((row.id, row.name) for row in session.execute(statement))
