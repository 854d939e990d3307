"""The tasks a person holds, for the start page: what kind, until when, and whether accepted."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor, grounds
from app.access.tasks.tasks import last_moment
from app.domain.kinds import TaskKind
from app.models import Task


@dataclass(frozen=True, slots=True)
class HeldTask:
    """One task; nothing of its case."""

    task_id: uuid.UUID
    kind: TaskKind
    last_at: datetime | None
    is_accepted: bool


def held_tasks(session: Session, actor: Actor, *, now: datetime) -> tuple[HeldTask, ...]:
    """What the actor holds, what waits for acceptance first; asks nothing for who never had one."""
    if not actor.has_tasks:
        return ()
    rows = session.scalars(
        grounds.own_tasks(actor, now=now)
        .with_only_columns(Task)
        .where(Task.kind != TaskKind.ACCESS_REVIEW)
        .order_by(Task.accepted_at.is_not(None), Task.until_at, Task.id)
    )
    return tuple(
        HeldTask(one.id, one.kind, last_moment(one), one.accepted_at is not None) for one in rows
    )
