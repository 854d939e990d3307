"""How a table served chases its actions: read, set within limits, and recorded; no action in it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from app import access
from app.access import Actor, Permission, audit
from app.access.conditions import is_live
from app.access.records import follow_ups
from app.domain import chasing
from app.domain.chasing import Schedule, Step, Term
from app.domain.errors import StaleEdit
from app.domain.kinds import AccountState, ContactPart, TableRoleName
from app.domain.local_time import start_of_day
from app.domain.working_days import add_working_days
from app.infra import clock
from app.infra.db import reading, transaction
from app.infra.holidays_nl import is_holiday
from app.models import (
    CaseTable,
    Covenant,
    FollowUp,
    Organisation,
    OrganisationContact,
    Person,
    TableRole,
)

# Far enough for every step before it to be still to come.
_PREVIEW_AFTER = 10


@dataclass(frozen=True, slots=True)
class Settings:
    """How a table chases, and whether its coordinator looks at what was reported as done."""

    schedule: Schedule
    verifies: bool


@dataclass(frozen=True, slots=True)
class TableRow:
    """One table served; ``is_set``: it has a schedule of its own."""

    id: uuid.UUID
    name: str
    is_set: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """An organisation at the table with nobody on a rung of the ladder."""

    organisation: str
    no_deputy: bool
    no_contact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsPage:
    """What is set at one table, and where its ladder lacks a rung."""

    table_id: uuid.UUID
    name: str
    is_acute: bool
    settings: Settings
    version: int
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """When an action with this term would be told of."""

    due_on: date
    steps: tuple[Step, ...]


def tables_served(actor: Actor) -> tuple[TableRow, ...]:
    """The tables whose schedule one may set. One statement."""
    access.checks.note()
    with reading() as session:
        rows = session.execute(
            select(CaseTable.id, CaseTable.name, FollowUp.version)
            .outerjoin(FollowUp, FollowUp.table_id == CaseTable.id)
            .where(CaseTable.id.in_(actor.staff_table_ids), CaseTable.ended_at.is_(None))
            .order_by(CaseTable.name)
        )
        return tuple(TableRow(row.id, row.name, row.version is not None) for row in rows)


def settings_page(actor: Actor, table_id: uuid.UUID) -> SettingsPage:
    """What is set at one table served. NotVisible."""
    with reading() as session:
        table = access.load_staff_table(session, actor, table_id, Permission.CHASING_MANAGE)
        row = session.get(FollowUp, table_id)
        return SettingsPage(
            table_id=table.id,
            name=table.name,
            is_acute=table.kind.is_acute,
            settings=Settings(follow_ups.schedule_of(row), verifies=bool(row and row.verifies)),
            version=row.version if row else 0,
            gaps=tuple(_gaps(session, table_id)),
        )


def preview(schedule: Schedule, *, is_acute: bool) -> Preview:
    """What the schedule does with a term two weeks from now, at an acute table or another."""
    due_on = add_working_days(clock.today(), _PREVIEW_AFTER, is_holiday)
    since = start_of_day(date.min.replace(year=2000))
    term = Term(due_on=due_on, since=since, is_acute=is_acute)
    return Preview(due_on, chasing.expected(term, schedule, is_holiday))


def check(wanted: Settings) -> None:
    """Refusal for what no table may set."""
    chasing.refuse_odd(wanted.schedule)


def save(actor: Actor, table_id: uuid.UUID, wanted: Settings, *, version: int) -> None:
    """Set how a table chases. Refusal for what is not allowed, StaleEdit, NotVisible."""
    check(wanted)
    with transaction() as session:
        table = access.load_staff_table(session, actor, table_id, Permission.CHASING_MANAGE)
        # The row may not be there yet: the table stands in for it.
        session.refresh(table, with_for_update=True)
        row = session.get(FollowUp, table_id)
        if (row.version if row else 0) != version:
            raise StaleEdit(table.name, row.version if row else 0)
        if row is None:
            row = FollowUp(table_id=table_id)
            session.add(row)
        _set(row, wanted)
        row.changed_by_id, row.changed_at = actor.person_id, clock.now()
        audit.record(
            session,
            actor,
            audit.Entry(
                event=audit.Event.CHANGE,
                object_kind="follow-up",
                object_id=table_id,
                table_id=table_id,
            ),
        )


def _set(row: FollowUp, wanted: Settings) -> None:
    values: dict[str, Any] = asdict(wanted.schedule)
    for name in ("days_before", "days_after"):
        values[name] = chasing.write_days(values[name])
    for name, value in values.items():
        setattr(row, name, value)
    if wanted.verifies and not row.verifies:
        # What was done before nobody promised to look at.
        row.verifies_from = clock.now()
    row.verifies = wanted.verifies


def _gaps(session: Session, table_id: uuid.UUID) -> Iterable[Gap]:
    """The organisations that take part and have nobody for a rung. One statement."""
    now = clock.now()
    deputies = (
        select(func.count())
        .select_from(TableRole)
        .join(Person, Person.id == TableRole.person_id)
        .where(
            TableRole.table_id == table_id,
            TableRole.role == TableRoleName.REPRESENTATIVE,
            is_live(TableRole.from_at, TableRole.until_at, now),
            Person.organisation_id == Organisation.id,
            Person.state == AccountState.ACTIVE,
        )
        .scalar_subquery()
    )
    lead, contact = (_is_named(part, table_id) for part in ContactPart)
    rows = session.execute(
        select(
            Organisation.name,
            deputies.label("deputies"),
            lead.label("lead"),
            contact.label("contact"),
        )
        .join(Covenant, Covenant.organisation_id == Organisation.id)
        .where(Covenant.table_id == table_id, is_live(Covenant.from_at, Covenant.until_at, now))
        .distinct()
        .order_by(Organisation.name)
    )
    for row in rows:
        lacks_deputy = not row.lead and row.deputies < 2  # noqa: PLR2004 - the holder and one more
        if lacks_deputy or not row.contact:
            yield Gap(organisation=row.name, no_deputy=lacks_deputy, no_contact=not row.contact)


def _is_named(part: ContactPart, table_id: uuid.UUID) -> Any:  # noqa: ANN401 - a column
    now = clock.now()
    return exists().where(
        OrganisationContact.organisation_id == Organisation.id,
        OrganisationContact.part == part,
        (OrganisationContact.table_id.is_(None)) | (OrganisationContact.table_id == table_id),
        is_live(OrganisationContact.from_at, OrganisationContact.until_at, now),
        Person.id == OrganisationContact.person_id,
        Person.organisation_id == Organisation.id,
        Person.state == AccountState.ACTIVE,
    )
