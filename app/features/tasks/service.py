"""What the holder of a task does with it: accept, answer, give it back."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from contextlib import suppress

from sqlalchemy.exc import IntegrityError

from app.access import Actor, audit
from app.access.referrals import handover_answers, handover_due
from app.access.seats.acquaintances import Stage, declare
from app.access.seats.stepping_back import step_back
from app.access.tasks import coming, holding, tasks
from app.access.tasks.guests import follow_tasks
from app.domain.errors import Reason, Refusal
from app.infra import clock
from app.infra.db import transaction
from app.models import Task

NOBODY, SOMEBODY = "nobody", "somebody"


def accept(actor: Actor, task_id: uuid.UUID) -> None:
    """Accept the task with its confidentiality; pressed twice it stays accepted. NotVisible."""
    with transaction() as session:
        holding.accept(session, actor, holding.load_own(session, actor, task_id, hold=True))


def answer(actor: Actor, task_id: uuid.UUID, said: str, *, shown: Collection[str]) -> None:
    """Say whether one knows anybody concerned privately; ``shown`` are the identities looked at.

    "I know somebody" steps back at once. NotVisible, Refusal LOOK_FIRST or STATE_NOT_ALLOWED.
    """
    # Pressed twice at once: the second finds what the first one said.
    with suppress(IntegrityError), transaction() as session:
        own = holding.load_own(session, actor, task_id, hold=True)
        if holding.stage_of(session, actor, own) is not Stage.ACQUAINTANCE:
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        if said == SOMEBODY:
            step_back(session, actor, own.case.id)
            handover_due.look_again(session, own.task)
        else:
            named = holding.identities_of(session, own)
            seen = [one for one in named if one.mark in shown]
            if said != NOBODY or not seen:
                raise Refusal(Reason.LOOK_FIRST)
            declare(session, actor.person_id, own.case.id, seen)
        audit.record(session, actor, tasks.line_of(own.task, audit.Event.AUTHORISE))


def give_back(actor: Actor, task_id: uuid.UUID) -> None:
    """Refuse the task, before its papers open too, or end it before its time. NotVisible."""
    with transaction() as session:
        waiting = coming.find(session, actor, task_id)
        task = (waiting or holding.load_own(session, actor, task_id, hold=True)).task
        if handover_answers.waits(session, task):
            # That is answered for the table or team as a whole.
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        tasks.end(task, actor, now=clock.now())
        follow_tasks(session, Task.id == task_id)
        audit.record(session, actor, tasks.line_of(task, audit.Event.AUTHORISE))
