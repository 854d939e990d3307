"""Tasks of access.md §1: giving and ending one, and what its holder and the staff see of it.

A task is loaded through ``load_own`` or ``load_given``; what it opens is decided in ``grounds``.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session

from app.access import audit, checks, grounds
from app.access import conditions as c
from app.access.actor import Actor
from app.access.disclosure import sealed_text
from app.access.people import may_occupy
from app.access.seats.acquaintances import ShownIdentity, Stage
from app.domain.errors import NotVisible
from app.domain.kinds import STAFF_ROLES, Ground, Regime, RetentionClass, TaskKind
from app.infra import clock, crypto
from app.infra.crypto import KeyScope, Sealed
from app.models import (
    AgendaItem,
    Case,
    CaseTable,
    Covenant,
    Meeting,
    Organisation,
    Person,
    PersonConcerned,
    Section,
    SectionType,
    TableRole,
    Task,
    TaskSection,
)

OBJECT: Final = "task"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTask:
    """A task to be given: to whom, for what, which fields, until when (a case lead has no end)."""

    person_id: uuid.UUID
    organisation_id: uuid.UUID
    kind: TaskKind
    reason: str
    section_ids: Sequence[uuid.UUID] = ()
    opens_question: bool = False
    until: datetime | None = None
    item_id: uuid.UUID | None = None
    to_table_id: uuid.UUID | None = None


def add(session: Session, actor: Actor, case: Case, new: NewTask) -> Task:
    """Give a task at a loaded case; the caller saw to it that person and fields fit."""
    task_id, now = uuid.uuid4(), clock.now()
    task = Task(
        id=task_id,
        person_id=new.person_id,
        organisation_id=new.organisation_id,
        case_id=case.id,
        table_id=case.table_id,
        item_id=new.item_id,
        to_table_id=new.to_table_id,
        kind=new.kind,
        reason_ct=crypto.seal(
            KeyScope.of_case(case.id, RetentionClass.SUMMARY),
            new.reason,
            belongs_to=_reason_binding(task_id),
        ),
        opens_question=new.opens_question,
        from_at=now,
        until_at=new.until,
        granted_by_id=actor.person_id,
        granted_at=now,
    )
    session.add(task)
    session.flush()
    session.add_all(TaskSection(task_id=task_id, section_id=one) for one in new.section_ids)
    audit.record(session, actor, line_of(task, audit.Event.AUTHORISE, Ground.STAFF))
    return task


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


def sealed_reason(task: Task) -> Sealed:
    """Why the task was given; neutral words, which its holder reads before accepting."""
    return Sealed(task.reason_ct, _reason_binding(task.id))


def _reason_binding(task_id: uuid.UUID) -> str:
    return f"task:{task_id}:reason"


# What its holder does and sees --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OwnTask:
    """A task of the actor with its case and table; ``granter`` gave it."""

    task: Task
    case: Case
    table: CaseTable
    granter: str


def load_own(session: Session, actor: Actor, task_id: uuid.UUID, *, hold: bool = False) -> OwnTask:
    """A task the actor holds just now, accepted or not; with ``hold`` till the commit. NotVisible.

    A request for a review of an access request has a page of its own.
    """
    if hold:
        # Before anything is asked of it: whoever waited here reads what the first one left.
        session.execute(select(Task.id).where(Task.id == task_id).with_for_update())
    row = session.execute(
        grounds.own_tasks(actor, now=clock.now())
        .join(CaseTable, CaseTable.id == Task.table_id)
        .join(Person, Person.id == Task.granted_by_id)
        .add_columns(CaseTable, Person.name.label("granter"))
        .where(Task.id == task_id, Task.kind != TaskKind.ACCESS_REVIEW)
    ).one_or_none()
    if row is None:
        raise NotVisible
    return OwnTask(row.Task, row.Case, row.CaseTable, row.granter)


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
    return [ShownIdentity(one.id, sealed_text(one)) for one in rows]


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
                end(other, actor, now=now)
                audit.record(session, actor, line_of(other, audit.Event.TRANSFER))
    audit.record(session, actor, line_of(own.task, audit.Event.AUTHORISE))


def _leads_of(session: Session, case_id: uuid.UUID) -> Sequence[Task]:
    """In one order and held, so that of two who accept at once one finds the other."""
    return session.scalars(
        select(Task)
        .where(Task.case_id == case_id, Task.kind == TaskKind.CASE_LEAD, Task.ended_at.is_(None))
        .order_by(Task.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def end(task: Task, actor: Actor, *, now: datetime) -> None:
    """End a loaded task now; one that ended stays as it was."""
    if task.ended_at is None:
        task.ended_at, task.ended_by_id = now, actor.person_id


# What staff do and see ----------------------------------------------------------------------------


def given_at(case: Case) -> Select[Task, str, str, str | None]:
    """The tasks at a loaded case that go on, with holder, organisation and table offered to.

    The review of an access request is given and ended where the request is answered.
    """
    now = clock.now()
    return (
        select(
            Task,
            Person.name,
            Organisation.name.label("organisation"),
            CaseTable.name.label("to_table"),
        )
        .join(Person, Person.id == Task.person_id)
        .join(Organisation, Organisation.id == Task.organisation_id)
        .outerjoin(CaseTable, CaseTable.id == Task.to_table_id)
        .where(
            Task.case_id == case.id,
            Task.table_id == case.table_id,
            Task.kind != TaskKind.ACCESS_REVIEW,
            Task.ended_at.is_(None),
            or_(Task.until_at.is_(None), Task.until_at > now),
        )
        .order_by(Task.granted_at, Task.id)
    )


def named_at(case: Case) -> Select[uuid.UUID, str, str, bool]:
    """What the tasks at a loaded case name, and whether its source has yet to decide."""
    waits = ~c.is_agreed(Section, TaskSection, given_at=Task.granted_at, now=clock.now())
    return (
        select(
            TaskSection.task_id, SectionType.label_nl, SectionType.label_en, waits.label("waits")
        )
        .join(Section, Section.id == TaskSection.section_id)
        .join(Task, Task.id == TaskSection.task_id)
        .join(SectionType, SectionType.id == Section.section_type_id)
        .where(Section.case_id == case.id)
        .order_by(SectionType.position, Section.position, Section.id)
    )


def load_given(session: Session, case: Case, task_id: uuid.UUID) -> Task:
    """A task at a loaded case; NotVisible when it belongs to another."""
    found = session.scalars(
        select(Task)
        .where(Task.id == task_id, Task.case_id == case.id, Task.kind != TaskKind.ACCESS_REVIEW)
        .with_for_update()
    ).one_or_none()
    if found is None or found.table_id != case.table_id:
        raise NotVisible
    return found


def possible_holders(case: Case) -> Select[uuid.UUID, str, uuid.UUID, str]:
    """Who may be given a task at a loaded case: active people of whoever takes part.

    Whoever is excluded or stepped back is simply not listed.
    """
    now = clock.now()
    takes_part = exists().where(
        Covenant.organisation_id == Person.organisation_id,
        Covenant.table_id == case.table_id,
        c.is_live(Covenant.from_at, Covenant.until_at, now),
    )
    return _people(case, now).where(takes_part)


def possible_receivers(case: Case) -> Select[uuid.UUID, str, uuid.UUID, str, uuid.UUID, str]:
    """The staff of every other table, who may be offered a loaded case."""
    now = clock.now()
    return (
        _people(case, now)
        .join(TableRole, TableRole.person_id == Person.id)
        .join(CaseTable, CaseTable.id == TableRole.table_id)
        .add_columns(CaseTable.id.label("table_id"), CaseTable.name.label("table"))
        .where(
            TableRole.role.in_(STAFF_ROLES),
            c.is_live(TableRole.from_at, TableRole.until_at, now),
            CaseTable.id != case.table_id,
            CaseTable.ended_at.is_(None),
        )
        .order_by(None)
        .order_by(CaseTable.name, Person.name, Person.id)
    )


def _people(case: Case, now: datetime) -> Select[uuid.UUID, str, uuid.UUID, str]:
    checks.note()
    return (
        select(
            Person.id,
            Person.name,
            Person.organisation_id,
            Organisation.name.label("organisation"),
        )
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(may_occupy(case.id, now=now))
        .order_by(Organisation.name, Person.name, Person.id)
    )


def fields_of(case: Case) -> Select[uuid.UUID, str, str, str, Regime, PersonConcerned]:
    """The written sections of a loaded case, as fields a task may name."""
    return (
        select(
            Section.id,
            SectionType.label_nl,
            SectionType.label_en,
            Organisation.name.label("source"),
            Section.regime,
            PersonConcerned,
        )
        .join(SectionType, SectionType.id == Section.section_type_id)
        .join(Organisation, Organisation.id == Section.source_organisation_id)
        .outerjoin(PersonConcerned, PersonConcerned.id == Section.person_concerned_id)
        .where(Section.case_id == case.id, Section.text_ct.is_not(None))
        .order_by(SectionType.position, Section.position, Section.id)
    )


def coming_items(case: Case) -> Select[uuid.UUID, datetime]:
    """The items at which a loaded case is still to be discussed, for whoever writes along."""
    return (
        select(AgendaItem.id, AgendaItem.starts_at)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(
            AgendaItem.case_id == case.id,
            AgendaItem.removed_at.is_(None),
            Meeting.table_id == case.table_id,
            Meeting.cancelled_at.is_(None),
            Meeting.closed_at.is_(None),
        )
        .order_by(AgendaItem.starts_at)
    )


def still_given(session: Session, actor: Actor, task_id: uuid.UUID) -> Row[Task, Case] | None:
    """The task, as long as it waits for the actor to accept it; for the mail about it."""
    return session.execute(
        grounds.own_tasks(actor, now=clock.now()).where(
            Task.id == task_id, Task.accepted_at.is_(None)
        )
    ).one_or_none()
