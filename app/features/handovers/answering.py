"""What a receiver does with a handover: accept it, or refuse it with a reason."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from app.access import Actor
from app.access.referrals import handover_answers
from app.access.seats.acquaintances import Stage
from app.access.tasks import holding
from app.domain.errors import Reason, Refusal
from app.infra.db import transaction


@dataclass(frozen=True, slots=True)
class ToRefuse:
    """What the page says before a reason is typed; nothing of the case."""

    task_id: uuid.UUID
    table: str


def to_refuse(actor: Actor, task_id: uuid.UUID) -> ToRefuse:
    """The handover of a held task. NotVisible, Refusal."""
    with transaction() as session:
        own = handover_answers.load_offered(session, actor, task_id)
        if not handover_answers.waits(session, own.task):
            raise Refusal(Reason.HANDOVER_SETTLED)
        return ToRefuse(own.task.id, own.table.name)


def accept(actor: Actor, task_id: uuid.UUID) -> uuid.UUID | None:
    """Take the case over; its id when it now stands at a table. NotVisible, Refusal."""
    with transaction() as session:
        own = handover_answers.load_offered(session, actor, task_id)
        if holding.stage_of(session, actor, own) is not Stage.OPEN:
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        done = handover_answers.accept(session, actor, own)
        return own.case.id if done.to_table_id else None


def refuse(actor: Actor, task_id: uuid.UUID, reason: str) -> None:
    """Leave the case with its sender. NotVisible, Refusal."""
    with transaction() as session:
        own = handover_answers.load_offered(session, actor, task_id)
        handover_answers.refuse(session, actor, own, reason)
