"""What holder and staff share of a task: its reason, its end, its lines in the log.

It loads no task: ``holding`` does that for who holds one, ``giving`` for who gives them.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.access import audit
from app.access.actor import Actor
from app.domain.kinds import Ground
from app.infra.crypto import Sealed
from app.models import AgendaItem, Meeting, Task

OBJECT: Final = "task"


@dataclass(frozen=True, slots=True)
class Slot:
    """When and where the item of a task is discussed: who holds one at an item is awaited there."""

    starts_at: datetime
    ends_at: datetime
    place: str
    link: str


def line_of(task: Task, event: audit.Event, ground: Ground = Ground.TASK) -> audit.Entry:
    """A line of the log about a task."""
    return audit.Entry(
        event=event,
        object_kind=OBJECT,
        object_id=task.id,
        case_id=task.case_id,
        table_id=task.table_id,
        item_id=task.item_id,
        ground=ground,
    )


def last_moment(task: Task) -> datetime | None:
    """The last moment of a task that has an end of its own: its span is half-open."""
    return task.until_at - timedelta(microseconds=1) if task.until_at else None


def slot_of(item: AgendaItem, meeting: Meeting) -> Slot:
    """The slot of a loaded item."""
    return Slot(item.starts_at, item.ends_at, meeting.place, meeting.link)


def sealed_reason(task: Task, text_ct: bytes | None) -> Sealed:
    """Why the task was given; neutral words, which its holder reads before accepting."""
    return Sealed(text_ct, reason_binding(task.id))


def reason_binding(task_id: uuid.UUID) -> str:
    """What ties the sealed reason to its task."""
    return f"task:{task_id}:reason"


def end(task: Task, actor: Actor, *, now: datetime) -> None:
    """End a loaded task now; one that ended stays as it was."""
    if task.ended_at is None:
        task.ended_at, task.ended_by_id = now, actor.person_id
