"""The closed days of the whole region, for the office: holidays, and closures of every table.

Of the meetings planned on them the office learns nothing: the table's own staff finds those.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from app.access import Actor, Permission, audit, checks, load_managed
from app.domain.errors import Reason, Refusal
from app.domain.paging import Paging, page_of
from app.features.series.closures import Closure
from app.infra import clock
from app.infra.db import reading, transaction
from app.infra.holidays_nl import is_holiday, named_holidays
from app.models import CaseTable, ClosurePeriod

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Holiday:
    """A public holiday; ``is_free``: terms in working days leave it out."""

    day: date
    name: str
    is_free: bool


@dataclass(frozen=True, slots=True)
class ClosedAt:
    """Days on which one table does not meet, both ends included."""

    table: str
    name: str
    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """What is closed from today on, and the tables that can be closed."""

    holidays: tuple[Holiday, ...]
    closures: tuple[ClosedAt, ...]
    paging: Paging
    tables: tuple[tuple[uuid.UUID, str], ...]


def closed_days(*, asked_page: str | None) -> ClosedDays:
    """Holidays of this and the next year, and every closure that is not over. Three statements."""
    checks.note()
    today = clock.today()
    coming = (
        select(ClosurePeriod, CaseTable.name.label("table"))
        .join(CaseTable, CaseTable.id == ClosurePeriod.table_id)
        .where(ClosurePeriod.last_on >= today, CaseTable.ended_at.is_(None))
    )
    with reading() as session:
        found = session.scalar(coming.with_only_columns(func.count(ClosurePeriod.id))) or 0
        paging = page_of(found, asked_page, size=PAGE_SIZE)
        rows = session.execute(
            coming.order_by(ClosurePeriod.first_on, CaseTable.name, ClosurePeriod.id)
            .limit(paging.size)
            .offset(paging.offset)
        ).all()
        tables = session.execute(
            select(CaseTable.id, CaseTable.name)
            .where(CaseTable.ended_at.is_(None))
            .order_by(CaseTable.name)
        ).all()
    return ClosedDays(
        _holidays(today),
        tuple(
            ClosedAt(
                row.table,
                row.ClosurePeriod.name,
                row.ClosurePeriod.first_on,
                row.ClosurePeriod.last_on,
            )
            for row in rows
        ),
        paging,
        tuple((row.id, row.name) for row in tables),
    )


def _holidays(today: date) -> tuple[Holiday, ...]:
    last = date(today.year + 1, 12, 31)
    named = named_holidays(today, last, good_friday=True, liberation_day=True)
    return tuple(Holiday(day, name, is_holiday(day)) for day, name in sorted(named.items()))


def close_several(actor: Actor, table_ids: Collection[uuid.UUID], wanted: Closure) -> int:
    """Close several tables for the same days, all of them or none; how many.

    Refusal VALUE_MISSING without a table, END_BEFORE_START; NotVisible. What is planned stays.
    """
    if not table_ids:
        raise Refusal(Reason.VALUE_MISSING, "tables")
    if wanted.last_on < wanted.first_on:
        raise Refusal(Reason.END_BEFORE_START, "last_on")
    with transaction() as session:
        for table_id in sorted(set(table_ids)):
            table = load_managed(session, actor, CaseTable, table_id, Permission.TABLE_MANAGE)
            closure = ClosurePeriod(
                id=uuid.uuid4(),
                table_id=table.id,
                name=wanted.name,
                first_on=wanted.first_on,
                last_on=wanted.last_on,
            )
            session.add(closure)
            line = audit.Entry(
                event=audit.Event.ADD,
                object_kind="closure",
                object_id=closure.id,
                table_id=table.id,
            )
            audit.record(session, actor, line)
    return len(set(table_ids))
