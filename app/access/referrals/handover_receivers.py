"""Who may accept a handover just now, and the task each of them is given for it.

Whoever the case bars is not among them, and nothing of what is made here tells that.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from app.access import audit, checks
from app.access import conditions as c
from app.access.people import may_occupy
from app.access.tasks import tasks
from app.access.tasks.coming import queue_told
from app.access.tasks.giving import NewTask, store
from app.domain.kinds import STAFF_ROLES, AccountState, TableRoleName, TaskKind
from app.infra import clock, crypto
from app.infra.wall import System, opened_for
from app.models import (
    Case,
    CaseTable,
    Handover,
    Person,
    Section,
    TableRole,
    Task,
    TaskReason,
    TaskSection,
)


def receivers(handover: Handover, *, now: datetime) -> Select[Person]:
    """The staff of the receiving table, or who represents the receiving team; minus the barred."""
    checks.note()
    roles = STAFF_ROLES if handover.to_table_id else (TableRoleName.REPRESENTATIVE,)
    there = exists().where(
        TableRole.person_id == Person.id,
        TableRole.role.in_(roles),
        c.is_live(TableRole.from_at, TableRole.until_at, now),
        CaseTable.id == TableRole.table_id,
        CaseTable.ended_at.is_(None),
    )
    if handover.to_table_id:
        there = there.where(TableRole.table_id == handover.to_table_id)
        of = c.always()
    else:
        of = Person.organisation_id == handover.to_organisation_id
    return (
        select(Person)
        .where(
            there,
            of,
            Person.state == AccountState.ACTIVE,
            may_occupy(handover.case_id, now=now),
        )
        .order_by(Person.id)
    )


def task_for(
    handover: Handover,
    receiver: Person,
    *,
    reason: str,
    section_ids: Sequence[uuid.UUID],
    opens_question: bool,
) -> NewTask:
    """It has no end of its own: a handover that nobody answers never lapses."""
    return NewTask(
        person_id=receiver.id,
        organisation_id=receiver.organisation_id,
        kind=TaskKind.HANDOVER,
        reason=reason,
        section_ids=section_ids,
        opens_question=opens_question,
        to_table_id=handover.to_table_id,
        handover_id=handover.id,
    )


def ask_newcomers(session: Session, handover: Handover) -> frozenset[uuid.UUID]:
    """Give whoever came to serve the receiving side the same task; gives all who may answer now."""
    may = session.scalars(receivers(handover, now=clock.now())).all()
    given = session.scalars(
        select(Task).where(Task.handover_id == handover.id).order_by(Task.granted_at, Task.id)
    ).all()
    asked = {(one.person_id, one.organisation_id) for one in given if one.ended_at is None}
    new = [one for one in may if (one.id, one.organisation_id) not in asked]
    if new and given:
        _ask(session, handover, new, given[0])
    return frozenset(one.id for one in may)


def _ask(session: Session, handover: Handover, people: Sequence[Person], first: Task) -> None:
    decided = _decided(session, handover)
    with opened_for(session, System.HANDOVER):
        named = (
            select(TaskSection.section_id)
            .join(Section, Section.id == TaskSection.section_id)
            .where(TaskSection.task_id == first.id, Section.no_passing_on.is_(False))
        )
        section_ids = session.scalars(named.order_by(TaskSection.section_id)).all()
        case = session.get_one(Case, handover.case_id)
        sealed = session.scalar(select(TaskReason.text_ct).where(TaskReason.task_id == first.id))
        reason = crypto.unseal(tasks.sealed_reason(first, sealed))
        for one in people:
            wanted = task_for(
                handover,
                one,
                reason=reason,
                section_ids=section_ids,
                opens_question=first.opens_question,
            )
            task = store(session, case, wanted, by_id=handover.proposed_by_id)
            for mine in session.scalars(select(TaskSection).where(TaskSection.task_id == task.id)):
                _copy(decided.get(mine.section_id), mine)
            audit.record(session, None, tasks.line_of(task, audit.Event.AUTHORISE))
            queue_told(session, task)


def _decided(session: Session, handover: Handover) -> dict[uuid.UUID, TaskSection]:
    """What the sources said so far about who may accept this handover: that holds for newcomers."""
    said = session.scalars(
        select(TaskSection)
        .join(Task, Task.id == TaskSection.task_id)
        .where(Task.handover_id == handover.id, TaskSection.source_decided_at.is_not(None))
    )
    return {one.section_id: one for one in said}


def _copy(said: TaskSection | None, to: TaskSection) -> None:
    if said is not None:
        to.source_decided_by_id, to.source_decided_at = (
            said.source_decided_by_id,
            said.source_decided_at,
        )
        to.source_basis, to.source_until_at = said.source_basis, said.source_until_at
        to.source_refused = said.source_refused
