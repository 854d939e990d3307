"""Who leads a case hands that over: a successor by name, who counts only once it said yes.

Until then the old lead keeps it and sees whom was asked. Accepting itself stands in ``holding``.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from app.access import audit, checks, grounds
from app.access import conditions as c
from app.access.actor import Actor
from app.access.tasks import tasks
from app.access.tasks.coming import queue_told
from app.access.tasks.contacts import works_on
from app.access.tasks.giving import NewTask, possible_holders, store
from app.access.tasks.guests import follow_tasks
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import Ground, TaskKind
from app.domain.states import UNFINISHED
from app.infra import clock, outbox
from app.infra.wall import System, opened_for
from app.models import (
    Action,
    Case,
    CaseReview,
    CaseTable,
    Organisation,
    Person,
    PhaseChange,
    Task,
)

LED_ON = "tasks.led-on"


@dataclass(frozen=True, slots=True)
class Asked:
    """Who was asked to lead the case next, and has not answered yet."""

    task_id: uuid.UUID
    name: str
    organisation: str
    asked_at: datetime


def led_cases(actor: Actor, *, now: datetime) -> Select[Task, Case]:
    """The cases the actor leads, accepted by name, with the task by which."""
    checks.note()
    latest = (
        select(PhaseChange.phase)
        .where(PhaseChange.case_id == Case.id, PhaseChange.from_at <= now)
        .order_by(PhaseChange.from_at.desc(), PhaseChange.id)
        .limit(1)
        .correlate(Case)
        .scalar_subquery()
    )
    unfinished = (
        select(func.count(Action.id))
        .where(
            Action.case_id == Case.id,
            Action.state.in_(UNFINISHED),
            Action.taken_back_at.is_(None),
        )
        .correlate(Case)
        .scalar_subquery()
    )
    return (
        select(
            Task,
            Case,
            CaseTable.name.label("table"),
            latest.label("phase"),
            unfinished.label("unfinished"),
            CaseReview.due_on.label("review_on"),
        )
        .join(Case, Case.id == Task.case_id)
        .join(CaseTable, CaseTable.id == Case.table_id)
        .outerjoin(CaseReview, CaseReview.case_id == Case.id)
        .where(
            Task.kind == TaskKind.CASE_LEAD,
            grounds.is_open(actor, now),
            c.is_not_barred(actor, now),
        )
        .order_by(Case.reference)
    )


def load_led(
    session: Session, actor: Actor, task_id: uuid.UUID, *, hold: bool = False
) -> tuple[Task, Case]:
    """A case the actor leads just now; with ``hold`` until the commit. NotVisible."""
    now = clock.now()
    own = led_cases(actor, now=now).with_only_columns(Task, Case).where(Task.id == task_id)
    row = session.execute(own).one_or_none()
    if row is None:
        raise NotVisible
    if hold:
        session.execute(_going_on(row.Case.id).with_only_columns(Task.id).with_for_update())
        session.refresh(row.Task)
        if row.Task.ended_at is not None:
            raise NotVisible
    return row.Task, row.Case


def _going_on(case_id: uuid.UUID) -> Select[Task]:
    return (
        select(Task)
        .where(Task.case_id == case_id, Task.kind == TaskKind.CASE_LEAD, Task.ended_at.is_(None))
        .order_by(Task.id)
    )


def asked_next(session: Session, case: Case) -> Asked | None:
    """Who is asked to lead a loaded case next."""
    row = session.execute(
        _going_on(case.id)
        .with_only_columns(
            Task.id, Person.name, Organisation.name.label("organisation"), Task.granted_at
        )
        .join(Person, Person.id == Task.person_id)
        .join(Organisation, Organisation.id == Task.organisation_id)
        .where(Task.accepted_at.is_(None))
        .order_by(None)
        .order_by(Task.granted_at.desc(), Task.id)
        .limit(1)
    ).one_or_none()
    return Asked(row.id, row.name, row.organisation, row.granted_at) if row else None


def candidates(actor: Actor, case: Case) -> Select[uuid.UUID, str, uuid.UUID, str]:
    """Whom a lead may ask: own colleagues, and who is known to the lead to work on the case.

    Staff ask anybody who takes part; a lead is shown no names by this it does not have already.
    """
    known = or_(
        Person.organisation_id == actor.organisation_id,
        works_on(case.id, now=clock.now()),
    )
    return possible_holders(case).where(known)


def propose(
    session: Session, actor: Actor, led: tuple[Task, Case], person_id: uuid.UUID, reason: str
) -> Task:
    """Ask somebody by name to lead a loaded case next; whoever was asked before is asked no more.

    Refusal when the person is no candidate, or leads it already.
    """
    own, case = led
    holder = session.execute(candidates(actor, case).where(Person.id == person_id)).one_or_none()
    if holder is None or person_id == own.person_id:
        raise Refusal(Reason.VALUE_UNKNOWN, "person")
    take_back(session, actor, led)
    new = NewTask(
        person_id=holder.id,
        organisation_id=holder.organisation_id,
        kind=TaskKind.CASE_LEAD,
        reason=reason,
    )
    with opened_for(session, System.HANDOVER):
        task = store(session, case, new, by_id=actor.person_id)
    audit.record(session, actor, tasks.line_of(task, audit.Event.AUTHORISE, Ground.TASK))
    follow_tasks(session, Task.id == task.id)
    queue_told(session, task)
    return task


def take_back(session: Session, actor: Actor, led: tuple[Task, Case]) -> None:
    """Nobody is asked to lead a loaded case next any more."""
    _own, case = led
    for task in session.scalars(_going_on(case.id).where(Task.accepted_at.is_(None))):
        tasks.end(task, actor, now=clock.now())
        audit.record(session, actor, tasks.line_of(task, audit.Event.AUTHORISE, Ground.TASK))
        follow_tasks(session, Task.id == task.id)


def queue_led_on(session: Session, old: Task, new: Task) -> None:
    """Have whoever led a case until now told that another does."""
    outbox.add(
        session,
        LED_ON,
        unique_key=f"{LED_ON}:{old.id}",
        payload={
            "task_id": old.id,
            "case_id": old.case_id,
            "person_id": old.person_id,
            "by_task_id": new.id,
            "mail_id": uuid.uuid4(),
        },
    )
