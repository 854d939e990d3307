"""The days on which a table does not meet: shown, added and taken away."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from app import access
from app.access import Actor, Permission, audit
from app.access.meetings.series import closures_of
from app.access.meetings.series_meetings import PlannedMeeting, meetings_between
from app.access.meetings.steps import WaitingAbout, last_steps_at
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.local_time import local_date, start_of_day
from app.features.series.pages import TableChoice
from app.infra import clock
from app.infra.db import reading, transaction
from app.models import ClosurePeriod

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """Days on which a table does not meet, both ends included, and why."""

    name: str
    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True)
class Added:
    """A closure made, and whether meetings are planned on its days already."""

    id: uuid.UUID
    has_meetings: bool


def add_closure(actor: Actor, table_id: uuid.UUID, wanted: Closure) -> Added:
    """Close a table for some days.

    Series planned from now on leave the days out; what is planned stays until it is cancelled.
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
        return Added(closure.id, bool(meetings_in(session, closure)))


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


def meetings_in(session: Session, closure: ClosurePeriod) -> list[PlannedMeeting]:
    """What is still to come on the days of a closure of a table served."""
    first = max(start_of_day(closure.first_on), clock.now())
    last = start_of_day(closure.last_on + _DAY) - timedelta(microseconds=1)
    return meetings_between(session, closure.table_id, (first, last))


@dataclass(frozen=True, slots=True)
class ClosureView:
    """Some days on which a table does not meet, and how many meetings are planned on them."""

    id: uuid.UUID
    name: str
    first_on: date
    last_on: date
    meetings: int


@dataclass(frozen=True, slots=True)
class ClosurePage:
    """When one table is closed, and own acts there that can still be taken back."""

    table: TableChoice
    rows: tuple[ClosureView, ...]
    waiting: tuple[WaitingAbout, ...]


def read_closures(actor: Actor, table_id: uuid.UUID) -> ClosurePage:
    """The closures of a table served."""
    with reading() as session:
        table = access.load_staff_table(session, actor, table_id, Permission.MEETING_CREATE)
        rows = closures_of(session, table.id)
        far = start_of_day(max((one.last_on for one in rows), default=clock.today()) + _DAY)
        planned = meetings_between(session, table.id, (clock.now(), far))
        return ClosurePage(
            TableChoice(table.id, table.name),
            tuple(view_of(one, _number_in(one, planned)) for one in rows),
            last_steps_at(session, actor, table.id, now=clock.now()),
        )


def view_of(closure: ClosurePeriod, meetings: int) -> ClosureView:
    """A closure as a page shows it."""
    return ClosureView(closure.id, closure.name, closure.first_on, closure.last_on, meetings)


def _number_in(closure: ClosurePeriod, planned: list[PlannedMeeting]) -> int:
    days = (local_date(one.meeting.starts_at) for one in planned)
    return sum(closure.first_on <= day <= closure.last_on for day in days)


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
