"""Handing an own action over to a colleague, and taking on one of the whole organisation."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from app import access
from app.access import Actor, Permission, audit
from app.access.records import actions, handing_on
from app.access.records.handing_on import Colleague
from app.features.actions import texts
from app.features.actions.service import own_event, record, refuse_stale
from app.infra import clock, crypto
from app.infra.db import reading, transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """The own action with whom it may go to; only its safe text."""

    id: uuid.UUID
    safe: str
    version: int
    colleagues: tuple[Colleague, ...]


def choices(actor: Actor, action_id: uuid.UUID) -> HandOver:
    """What the form needs. NotVisible."""
    with reading() as session:
        loaded = access.load_own_action(session, actor, action_id, Permission.ACTION_REPORT)
        listed = handing_on.colleagues(session, actor, loaded, now=clock.now())
        [safe] = crypto.unseal_many([texts.safe_text(loaded.action)])
        return HandOver(id=action_id, safe=safe, version=loaded.action.version, colleagues=listed)


def hand_over(
    actor: Actor, action_id: uuid.UUID, colleague_id: uuid.UUID, *, remark: str, version: int
) -> None:
    """The action goes to a colleague, who is told. NotVisible, StaleEdit, Refusal."""
    with transaction() as session:
        loaded = access.load_own_action(session, actor, action_id, Permission.ACTION_REPORT)
        actions.lock(session, loaded)
        refuse_stale(loaded.action, version)
        event = own_event(actor, loaded, remark)
        handing_on.hand_over(session, actor, loaded, event, colleague_id)
        record(session, actor, loaded, event=audit.Event.TRANSFER)


def take_on(actor: Actor, action_id: uuid.UUID) -> None:
    """The actor holds it from now on. NotVisible, Refusal."""
    with transaction() as session:
        loaded = access.load_own_action(session, actor, action_id, Permission.ACTION_REPORT)
        actions.lock(session, loaded)
        handing_on.take_on(session, actor, loaded, own_event(actor, loaded))
        record(session, actor, loaded, event=audit.Event.CHANGE)
