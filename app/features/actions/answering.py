"""What staff answer a holder who asks for more time, and that staff saw that an action is done."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app import access
from app.access import Actor, Permission, audit
from app.access.records import actions, verifying
from app.domain.errors import NotVisible
from app.domain.kinds import Ground
from app.features.actions import texts
from app.features.actions.detail import ActionFacts, facts_of
from app.features.actions.service import record, refuse_stale
from app.infra import crypto
from app.infra.db import transaction
from app.models import TermRequest


@dataclass(frozen=True, slots=True)
class AskedPage:
    """A request for more time that waits: by whom, until when, and why."""

    facts: ActionFacts
    request_id: uuid.UUID
    asked_by: str
    asked_at: datetime
    until_on: date
    reason: str


def asked_page(actor: Actor, action_id: uuid.UUID) -> AskedPage:
    """What the form about a request needs; that its reason was read is recorded.

    NotVisible where none waits.
    """
    with transaction() as session:
        loaded = access.load_staff_action(session, actor, action_id, Permission.ACTION_FOLLOW)
        line, request = _waiting(actions.history(session, loaded))
        record(session, actor, loaded, event=audit.Event.READ, ground=Ground.STAFF)
        facts = facts_of(session, loaded)
    [reason] = crypto.unseal_many([texts.remark(line.event)])
    return AskedPage(
        facts, request.id, line.recorded_by, request.asked_at, request.until_on, reason
    )


def _waiting(
    history: Sequence[actions.HistoryLine],
) -> tuple[actions.HistoryLine, TermRequest]:
    for line in history:
        if line.request is not None and line.request.answered_at is None:
            return line, line.request
    raise NotVisible


def verify(actor: Actor, action_id: uuid.UUID, *, version: int) -> None:
    """Staff saw that it is done. StaleEdit, Refusal as in ``verifying.verify``."""
    with transaction() as session:
        loaded = access.load_staff_action(session, actor, action_id, Permission.ACTION_FOLLOW)
        action = actions.lock(session, loaded)
        refuse_stale(action, version)
        verifying.verify(session, loaded, actor)
        record(session, actor, loaded, event=audit.Event.CHANGE, ground=Ground.STAFF)
