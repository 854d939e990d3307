"""A task of somebody who is gone goes on with a colleague, who accepts it before it opens."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import audit
from app.access.actor import Actor
from app.access.tasks import tasks
from app.access.tasks.coming import queue_told
from app.access.tasks.giving import NewTask, add, fields_of
from app.access.tasks.guests import follow_tasks
from app.domain.kinds import Ground
from app.infra import clock, crypto
from app.models import Case, Task, TaskReason, TaskSection


def pass_on(session: Session, actor: Actor, case: Case, task: Task, person_id: uuid.UUID) -> Task:
    """End a locked task of a loaded case and give the same to somebody else, who fits.

    Reason, end and fields stay; of a stricter source it asks a decision of its own again.
    """
    text_ct = session.scalar(select(TaskReason.text_ct).where(TaskReason.task_id == task.id))
    named = session.scalars(select(TaskSection.section_id).where(TaskSection.task_id == task.id))
    known = {row.id for row in session.execute(fields_of(case))}
    new = NewTask(
        person_id=person_id,
        organisation_id=task.organisation_id,
        kind=task.kind,
        reason=crypto.unseal(tasks.sealed_reason(task, text_ct)),
        section_ids=tuple(one for one in named if one in known),
        opens_question=task.opens_question,
        until=task.until_at,
        item_id=task.item_id,
    )
    tasks.end(task, actor, now=clock.now())
    audit.record(session, actor, tasks.line_of(task, audit.Event.AUTHORISE, Ground.STAFF))
    given = add(session, actor, case, new)
    follow_tasks(session, Task.id.in_((task.id, given.id)))
    queue_told(session, given)
    return given
