"""What the holder of a task sees of it and does with it; it is loaded through ``load_own``.

What a task opens is decided in ``grounds``, never here.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, or_, select
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session

from app.access import audit, grounds
from app.access import conditions as c
from app.access.actor import Actor
from app.access.seats.acquaintances import ShownIdentity, Stage, shown_of
from app.access.tasks import tasks
from app.access.tasks.successors import queue_led_on
from app.domain.errors import NotVisible
from app.domain.kinds import Ground, TaskKind
from app.infra import clock
from app.infra.crypto import Sealed
from app.models import (
    AgendaItem,
    Case,
    CaseTable,
    Meeting,
    Person,
    PersonConcerned,
    Section,
    SectionType,
    Task,
    TaskReason,
    TaskSection,
)


@dataclass(frozen=True, slots=True)
class OwnTask:
    """A task of the actor with its case and table; ``granter`` gave it, ``reason`` says why."""

    task: Task
    case: Case
    table: CaseTable
    granter: str
    reason: Sealed
    slot: tasks.Slot | None


def load_own(session: Session, actor: Actor, task_id: uuid.UUID, *, hold: bool = False) -> OwnTask:
    """A task the actor holds just now, accepted or not; with ``hold`` till the commit. NotVisible.

    A request for a review of an access request has a page of its own.
    """
    if hold:
        _hold_with_others(session, actor, task_id)
    row = session.execute(
        _own(actor, task_id)
        .join(CaseTable, CaseTable.id == Task.table_id)
        .join(Person, Person.id == Task.granted_by_id)
        .outerjoin(TaskReason, TaskReason.task_id == Task.id)
        .outerjoin(AgendaItem, AgendaItem.id == Task.item_id)
        .outerjoin(Meeting, Meeting.id == AgendaItem.meeting_id)
        .add_columns(CaseTable, Person.name.label("granter"), TaskReason.text_ct)
        .add_columns(AgendaItem, Meeting)
    ).one_or_none()
    if row is None:
        raise NotVisible
    reason = tasks.sealed_reason(row.Task, row.text_ct)
    slot = tasks.slot_of(row.AgendaItem, row.Meeting) if row.AgendaItem else None
    return OwnTask(row.Task, row.Case, row.CaseTable, row.granter, reason, slot)


def _own(actor: Actor, task_id: uuid.UUID) -> Select[Task, Case]:
    return grounds.own_tasks(actor, now=clock.now()).where(
        Task.id == task_id, Task.kind != TaskKind.ACCESS_REVIEW
    )


def _hold_with_others(session: Session, actor: Actor, task_id: uuid.UUID) -> None:
    """Hold an own task and those that go on at its case, in one order: one may end another.

    Asked before, so that a foreign task waits for nobody; and after, by the clock of then, since
    whoever waited here reads what the first one left.
    """
    own = _own(actor, task_id).with_only_columns(Task.case_id)
    case_id = session.scalars(own).one_or_none()
    if case_id is None:
        raise NotVisible
    session.execute(
        select(Task.id)
        .where(Task.case_id == case_id, or_(Task.id == task_id, Task.ended_at.is_(None)))
        .order_by(Task.id)
        .with_for_update()
    )


def stage_of(session: Session, actor: Actor, own: OwnTask) -> Stage:
    """How far the holder of a loaded task has come; its fields open at the end of it."""
    now = clock.now()
    if own.task.accepted_at is None or own.task.accepted_at > now:
        return Stage.CONFIDENTIALITY
    is_open = select(grounds.knows_nobody(actor, now)).where(Task.id == own.task.id)
    return Stage.OPEN if session.scalar(is_open) else Stage.ACQUAINTANCE


@dataclass(frozen=True, slots=True)
class Label:
    """The heading of a field a task names."""

    nl: str
    en: str


def labels_of(session: Session, own: OwnTask) -> list[Label]:
    """The headings of what a loaded task names; what waits for its source is absent."""
    rows = session.execute(
        _named(own.task.id)
        .with_only_columns(SectionType.label_nl, SectionType.label_en)
        .order_by(SectionType.position, Section.position, Section.id)
    )
    return list(dict.fromkeys(Label(row.label_nl, row.label_en) for row in rows))


def identities_of(session: Session, own: OwnTask) -> list[ShownIdentity]:
    """The identities a loaded task names; the caller records that they were opened."""
    rows = session.scalars(
        _named(own.task.id)
        .outerjoin(PersonConcerned, PersonConcerned.id == Section.person_concerned_id)
        .where(SectionType.is_identity.is_(True), Section.text_ct.is_not(None))
        .order_by(PersonConcerned.position, Section.position, Section.id)
    )
    return [shown_of(one) for one in rows]


def _named(task_id: uuid.UUID) -> Select[Section]:
    return (
        select(Section)
        .join(TaskSection, TaskSection.section_id == Section.id)
        .join(Task, Task.id == TaskSection.task_id)
        .join(SectionType, SectionType.id == Section.section_type_id)
        .where(
            Task.id == task_id,
            c.is_agreed(Section, TaskSection, given_at=Task.granted_at, now=clock.now()),
        )
    )


def revealing(own: OwnTask, shown: Sequence[ShownIdentity]) -> list[audit.Entry]:
    """One line of the log per identity opened before the answer."""
    return [
        audit.Entry(
            event=audit.Event.REVEAL,
            object_kind="section",
            object_id=one.section_id,
            section_id=one.section_id,
            case_id=own.case.id,
            table_id=own.task.table_id,
            item_id=own.task.item_id,
            ground=Ground.TASK,
        )
        for one in shown
    ]


def accept(session: Session, actor: Actor, own: OwnTask) -> None:
    """Accept a held task with its confidentiality; a case lead takes over from the last one."""
    now = clock.now()
    if own.task.accepted_at is not None:
        return
    own.task.accepted_at = now
    if own.task.kind is TaskKind.CASE_LEAD:
        for other in _leads_of(session, own.case.id):
            if other.id != own.task.id and other.accepted_at is not None:
                tasks.end(other, actor, now=now)
                audit.record(session, actor, tasks.line_of(other, audit.Event.TRANSFER))
                queue_led_on(session, other, own.task)
    audit.record(session, actor, tasks.line_of(own.task, audit.Event.AUTHORISE))


def _leads_of(session: Session, case_id: uuid.UUID) -> Sequence[Task]:
    """As they stand now, held: of two who accept at once one finds the other."""
    return session.scalars(
        select(Task)
        .where(Task.case_id == case_id, Task.kind == TaskKind.CASE_LEAD, Task.ended_at.is_(None))
        .order_by(Task.id)
        .execution_options(populate_existing=True)
    ).all()


def still_given(session: Session, actor: Actor, task_id: uuid.UUID) -> Row[Task, Case] | None:
    """The task, as long as it waits for the actor to accept it; for the mail about it."""
    return session.execute(
        grounds.own_tasks(actor, now=clock.now()).where(
            Task.id == task_id, Task.accepted_at.is_(None)
        )
    ).one_or_none()
