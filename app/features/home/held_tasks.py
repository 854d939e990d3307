"""The tasks a person holds, for the start page: what kind, until when, and whether accepted."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor, grounds
from app.access.tasks.coming import coming_tasks
from app.access.tasks.tasks import last_moment
from app.domain.kinds import TaskKind
from app.models import AgendaItem, Meeting, Task


@dataclass(frozen=True, slots=True)
class HeldTask:
    """One task, or one that opens later, at a moment not always known; nothing of its case."""

    task_id: uuid.UUID
    kind: TaskKind
    last_at: datetime | None
    is_accepted: bool
    opens_at: datetime | None = None
    is_coming: bool = False


def held_tasks(session: Session, actor: Actor, *, now: datetime) -> tuple[HeldTask, ...]:
    """What the actor holds, what waits for acceptance first, then what opens later.

    Asks nothing for who never had one.
    """
    if not actor.has_tasks:
        return ()
    rows = session.scalars(
        grounds.own_tasks(actor, now=now)
        .with_only_columns(Task)
        .where(Task.kind != TaskKind.ACCESS_REVIEW)
        .order_by(Task.accepted_at.is_not(None), Task.until_at, Task.id)
    )
    later = session.execute(coming_tasks(actor, now=now).order_by(AgendaItem.starts_at, Task.id))
    return (
        *(
            HeldTask(one.id, one.kind, last_moment(one), one.accepted_at is not None)
            for one in rows
        ),
        *(_coming(row.Task, row.Meeting) for row in later),
    )


def _coming(task: Task, meeting: Meeting) -> HeldTask:
    return HeldTask(
        task.id,
        task.kind,
        last_moment(task),
        is_accepted=False,
        opens_at=meeting.opens_at if meeting.published_at else None,
        is_coming=True,
    )
