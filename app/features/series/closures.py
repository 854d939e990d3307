"""The days on which a table does not meet: shown, added and taken away."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from app import access
from app.access import Actor, Permission, audit
from app.access.series import closures_of
from app.access.series_preview import days_with_meetings
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.local_time import start_of_day
from app.features.series.queries import TableChoice
from app.infra.db import reading, transaction
from app.models import ClosurePeriod


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """Days on which a table does not meet, both ends included, and why."""

    name: str
    first_on: date
    last_on: date


def add_closure(actor: Actor, table_id: uuid.UUID, wanted: Closure) -> tuple[date, ...]:
    """Close a table for some days; gives those on which a meeting is planned already.

    Series planned from now on leave the days out; what is planned is cancelled by hand.
    """
    if wanted.last_on < wanted.first_on:
        raise Refusal(Reason.END_BEFORE_START, "last_on")
    with transaction() as session:
        table = access.load_staff_table(session, actor, table_id, Permission.MEETING_CREATE)
        closure = ClosurePeriod(
            id=uuid.uuid4(),
            table_id=table.id,
            name=wanted.name,
            first_on=wanted.first_on,
            last_on=wanted.last_on,
        )
        session.add(closure)
        _record_closure(session, actor, audit.Event.ADD, closure)
        until = start_of_day(wanted.last_on + timedelta(days=1))
        whole = (start_of_day(wanted.first_on), until - timedelta(microseconds=1))
        return tuple(sorted(days_with_meetings(session, table.id, whole, but=())))


def remove_closure(actor: Actor, table_id: uuid.UUID, closure_id: uuid.UUID) -> None:
    """Open the days of a closure again; meetings already planned around it stay as they are."""
    with transaction() as session:
        table = access.load_staff_table(session, actor, table_id, Permission.MEETING_CREATE)
        for closure in closures_of(session, table.id):
            if closure.id == closure_id:
                session.delete(closure)
                _record_closure(session, actor, audit.Event.DELETE, closure)
                return
        raise NotVisible


@dataclass(frozen=True, slots=True)
class ClosureView:
    """Some days on which a table does not meet."""

    id: uuid.UUID
    name: str
    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True)
class ClosurePage:
    """When one table is closed."""

    table: TableChoice
    rows: tuple[ClosureView, ...]


def read_closures(actor: Actor, table_id: uuid.UUID) -> ClosurePage:
    """The closures of a table served."""
    with reading() as session:
        table = access.load_staff_table(session, actor, table_id, Permission.MEETING_CREATE)
        rows = closures_of(session, table.id)
        return ClosurePage(
            TableChoice(table.id, table.name),
            tuple(ClosureView(one.id, one.name, one.first_on, one.last_on) for one in rows),
        )


def _record_closure(
    session: Session, actor: Actor, event: audit.Event, closure: ClosurePeriod
) -> None:
    audit.record(
        session,
        actor,
        audit.Entry(
            event=event, object_kind="closure", object_id=closure.id, table_id=closure.table_id
        ),
    )
