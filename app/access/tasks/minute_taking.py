"""What a secretary does at the item of an accepted task: writes lines down, and reads the own ones.

The task opens the sections it names and nothing else by this: lines of others stay with staff.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.access import checks, grounds
from app.access import conditions as c
from app.access.actor import Actor
from app.access.loaders import LoadedItem, load_item
from app.access.meetings.live import SeatAt
from app.access.permissions import Permission
from app.access.seats.bystanders import refuse_waiting
from app.domain.errors import NotVisible
from app.domain.kinds import Ground, TaskKind
from app.infra import clock, wall
from app.infra.wall import System
from app.models import Action, AgendaItem, Case, Decision, Meeting, Note, OralMark, Task

Line = type[Action] | type[Decision] | type[Note] | type[OralMark]


def minuted_items(actor: Actor, *, now: datetime) -> Select[AgendaItem, Meeting, Case]:
    """Items at which the actor takes minutes just now: the task accepted, its papers open."""
    checks.note()
    return (
        select(AgendaItem, Meeting, Case)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .join(Case, Case.id == AgendaItem.case_id)
        .join(Task, Task.item_id == AgendaItem.id)
        .where(
            Task.kind == TaskKind.SECRETARY,
            grounds.is_open(actor, now),
            c.is_not_barred(actor, now),
        )
    )


def own_lines(actor: Actor, line: Line, *, now: datetime) -> Select[*tuple[Any, ...]]:
    """Lines of one kind that the actor wrote down at those items, taken back or not."""
    items = minuted_items(actor, now=now).with_only_columns(AgendaItem.id)
    return select(line).where(line.recorded_by_id == actor.person_id, line.item_id.in_(items))


def load_of_task(session: Session, actor: Actor, task_id: uuid.UUID) -> LoadedItem:
    """The item of an own task by which the actor takes minutes; NotVisible otherwise."""
    return _one(session, minuted_items(actor, now=clock.now()).where(Task.id == task_id))


def load_to_write(
    session: Session, actor: Actor, item_id: uuid.UUID, permission: Permission
) -> LoadedItem:
    """An item at which the actor may write down: as staff of its table, or by a task."""
    try:
        return load_item(session, actor, item_id, permission)
    except NotVisible:
        if permission not in {Permission.DECISION_RECORD, Permission.ACTION_RECORD}:
            raise
    return _one(session, minuted_items(actor, now=clock.now()).where(AgendaItem.id == item_id))


def _one(session: Session, statement: Select[*tuple[Any, ...]]) -> LoadedItem:
    row = session.execute(statement.limit(1)).one_or_none()
    if row is None:
        raise NotVisible
    return LoadedItem(row.AgendaItem, row.Meeting, row.Case)


def ground_of(actor: Actor, meeting: Meeting) -> Ground:
    """On which ground the actor works at a loaded meeting."""
    return Ground.STAFF if meeting.table_id in actor.staff_table_ids else Ground.TASK


def nameable(actor: Actor, at: LoadedItem, seats: list[SeatAt]) -> list[SeatAt]:
    """Seats a line may name: all of them to staff, to a secretary none only staff may know of.

    A secretary names organisations: who sits for them is no field of the task.
    """
    if ground_of(actor, at.meeting) is Ground.STAFF:
        return seats
    return [replace(one, person="") for one in seats if not one.seat.is_staff_only]


def refuse_at_the_gate(session: Session, actor: Actor, at: LoadedItem) -> None:
    """Refusal GATE_WAITS, also to a secretary, who does not see who it is about."""
    if ground_of(actor, at.meeting) is Ground.STAFF:
        refuse_waiting(session, at)
        return
    with wall.opened_for(session, System.GATE):
        refuse_waiting(session, at)
