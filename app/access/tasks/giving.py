"""What staff do and see of the tasks at a case: whom one may be given, for what, and which go on.

Each function stands at a loaded case; a given task is loaded through ``load_given``.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, exists, or_, select, update
from sqlalchemy.orm import Session

from app.access import audit, checks
from app.access import conditions as c
from app.access.actor import Actor
from app.access.case_life.bringing import end_waiting
from app.access.people import may_occupy
from app.access.referrals.handover_scopes import is_unanswered
from app.access.tasks import tasks
from app.access.tasks.guests import follow_tasks
from app.domain.errors import NotVisible
from app.domain.kinds import AccountState, Ground, Regime, RetentionClass, TaskKind
from app.infra import clock, crypto
from app.infra.crypto import KeyScope
from app.models import (
    AgendaItem,
    Case,
    CaseTable,
    Covenant,
    Handover,
    Meeting,
    Organisation,
    Person,
    PersonConcerned,
    Section,
    SectionType,
    Task,
    TaskReason,
    TaskSection,
)


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
    handover_id: uuid.UUID | None = None


def add(session: Session, actor: Actor, case: Case, new: NewTask) -> Task:
    """Give a task at a loaded case; the caller saw to it that person and fields fit."""
    task = store(session, case, new, by_id=actor.person_id)
    audit.record(session, actor, tasks.line_of(task, audit.Event.AUTHORISE, Ground.STAFF))
    return task


def store(session: Session, case: Case, new: NewTask, *, by_id: uuid.UUID) -> Task:
    """Store a task; the caller writes the line of the log."""
    task_id, now = uuid.uuid4(), clock.now()
    task = Task(
        id=task_id,
        person_id=new.person_id,
        organisation_id=new.organisation_id,
        case_id=case.id,
        table_id=case.table_id,
        item_id=new.item_id,
        to_table_id=new.to_table_id,
        handover_id=new.handover_id,
        kind=new.kind,
        opens_question=new.opens_question,
        from_at=now,
        until_at=new.until,
        granted_by_id=by_id,
        granted_at=now,
    )
    session.add(task)
    session.flush()
    scope = KeyScope.of_case(case.id, RetentionClass.SUMMARY)
    sealed = crypto.seal(scope, new.reason, belongs_to=tasks.reason_binding(task_id))
    session.add(TaskReason(task_id=task_id, text_ct=sealed))
    session.add_all(TaskSection(task_id=task_id, section_id=one) for one in new.section_ids)
    return task


def given_at(case: Case) -> Select[Task, str, str, str | None, bytes]:
    """The tasks at a loaded case that go on: holder, organisation, table offered to, ``text_ct``.

    The review of an access request is given and ended where the request is answered, and so is the
    task to answer a handover.
    """
    now = clock.now()
    return (
        select(
            Task,
            Person.name,
            Organisation.name.label("organisation"),
            CaseTable.name.label("to_table"),
            TaskReason.text_ct,
        )
        .outerjoin(TaskReason, TaskReason.task_id == Task.id)
        .join(Person, Person.id == Task.person_id)
        .join(Organisation, Organisation.id == Task.organisation_id)
        .outerjoin(CaseTable, CaseTable.id == Task.to_table_id)
        .where(
            Task.case_id == case.id,
            Task.table_id == case.table_id,
            Task.kind != TaskKind.ACCESS_REVIEW,
            Task.handover_id.is_(None),
            Task.ended_at.is_(None),
            or_(Task.until_at.is_(None), Task.until_at > now),
        )
        .order_by(Task.granted_at, Task.id)
    )


def guests_at(item: AgendaItem) -> Select[Task, str, str, AccountState]:
    """The guests of a loaded item whose task goes on, with organisation and account state."""
    return (
        select(Task, Person.name, Organisation.name.label("organisation"), Person.state)
        .join(Person, Person.id == Task.person_id)
        .join(Organisation, Organisation.id == Task.organisation_id)
        .where(
            Task.kind == TaskKind.GUEST,
            Task.item_id == item.id,
            Task.ended_at.is_(None),
            Task.until_at > clock.now(),
        )
        .order_by(Organisation.name, Person.name, Task.id)
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
        .where(
            Task.id == task_id,
            Task.case_id == case.id,
            Task.kind != TaskKind.ACCESS_REVIEW,
            Task.handover_id.is_(None),
        )
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


def end_with_case(session: Session, actor: Actor, case: Case) -> None:
    """A loaded case closed: it is nobody's task any more, but to review an answer about it.

    A handover nobody answered is withdrawn with it.
    """
    session.execute(
        update(Handover)
        .where(Handover.case_id == case.id, is_unanswered())
        .values(withdrawn_at=clock.now())
    )
    end_waiting(session, case)
    going_on = select(Task).where(
        Task.case_id == case.id, Task.ended_at.is_(None), Task.kind != TaskKind.ACCESS_REVIEW
    )
    for task in session.scalars(going_on):
        tasks.end(task, actor, now=clock.now())
        audit.record(session, actor, tasks.line_of(task, audit.Event.AUTHORISE, Ground.STAFF))
    follow_tasks(session, Task.case_id == case.id)
