"""Tasks at one item before its papers open: that one was given, and when it opens.

Of its case it tells nothing: no reason, no field, no reference.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from app.access import checks, grounds
from app.access import conditions as c
from app.access.actor import Actor
from app.access.seats.newcomers import send_link
from app.access.tasks.tasks import Slot, slot_of
from app.domain import windows
from app.domain.kinds import AccountState
from app.infra import clock, outbox
from app.infra.holidays_nl import is_holiday
from app.models import AgendaItem, CaseTable, Meeting, Person, Task

GIVEN = "tasks.given"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingTask:
    """A task of the actor that opens later; not before ``earliest_at`` when nobody knows when."""

    task: Task
    table: str
    granter: str
    slot: Slot
    opens_at: datetime | None
    earliest_at: datetime


def coming_tasks(actor: Actor, *, now: datetime) -> Select[Task, AgendaItem, Meeting]:
    """The actor's tasks at items whose papers are not open yet, minus cases that bar the actor."""
    checks.note()
    return (
        select(Task, AgendaItem, Meeting)
        .join(AgendaItem, AgendaItem.id == Task.item_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(
            Task.person_id == actor.person_id,
            Task.organisation_id == actor.organisation_id,
            Task.ended_at.is_(None),
            c.is_live(Task.from_at, Task.until_at, now),
            AgendaItem.case_id == Task.case_id,
            AgendaItem.removed_at.is_(None),
            Meeting.table_id == Task.table_id,
            Meeting.cancelled_at.is_(None),
            or_(~c.is_published(now), Meeting.opens_at > now),
            c.is_not_barred(actor, now, case_id=Task.case_id),
            grounds.goes_on(actor),
        )
    )


def find(session: Session, actor: Actor, task_id: uuid.UUID) -> ComingTask | None:
    """The task, if it is the actor's and waits for its papers."""
    now = clock.now()
    row = session.execute(
        coming_tasks(actor, now=now)
        .join(CaseTable, CaseTable.id == Task.table_id)
        .join(Person, Person.id == Task.granted_by_id)
        .add_columns(CaseTable.name.label("table"), Person.name.label("granter"))
        .where(Task.id == task_id)
    ).one_or_none()
    if row is None:
        return None
    opens_at = row.Meeting.opens_at if row.Meeting.published_at else None
    return ComingTask(
        task=row.Task,
        table=row.table,
        granter=row.granter,
        slot=slot_of(row.AgendaItem, row.Meeting),
        opens_at=opens_at,
        earliest_at=opens_at or _earliest(row.Meeting, now),
    )


def _earliest(meeting: Meeting, now: datetime) -> datetime:
    """When the papers would open if they were published now."""
    return windows.opens_at(
        published_at=now,
        starts_at=meeting.starts_at,
        days_before=meeting.opens_working_days,
        is_holiday=is_holiday,
    )


def queue_told(session: Session, task: Task) -> None:
    """Have its holder told of a task just given."""
    outbox.add(session, GIVEN, unique_key=f"{GIVEN}:{task.id}", payload=_about(task))


def queue_opened(session: Session, meeting_id: uuid.UUID, opens_at: datetime) -> None:
    """Have whoever waits for a task at a meeting told that its papers opened, once each.

    Who has no account yet gets a fresh link: the first one may have lapsed.
    """
    waiting = (
        select(Task, Person.state)
        .join(AgendaItem, AgendaItem.id == Task.item_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .join(Person, Person.id == Task.person_id)
        .where(
            Meeting.id == meeting_id,
            Meeting.opens_at == opens_at,
            Meeting.cancelled_at.is_(None),
            AgendaItem.removed_at.is_(None),
            Task.granted_at < opens_at,
            Task.ended_at.is_(None),
            Task.accepted_at.is_(None),
        )
        .order_by(Task.id)
    )
    for task, state in session.execute(waiting).all():
        if state is AccountState.INVITED:
            send_link(session, task.person_id)
            continue
        key = f"{GIVEN}:{task.id}:{opens_at.isoformat()}"
        outbox.add_once(session, GIVEN, unique_key=key, payload=_about(task))


def _about(task: Task) -> dict[str, object]:
    return {
        "task_id": task.id,
        "case_id": task.case_id,
        "person_id": task.person_id,
        "mail_id": uuid.uuid4(),
    }
