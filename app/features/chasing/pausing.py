"""Staff let the reminders of one action rest for a while, or go on; both are recorded."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from app import access
from app.access import Actor, Permission, audit
from app.access.records import actions, chasing_pauses
from app.domain.kinds import Ground
from app.infra import crypto
from app.infra.crypto import Sealed
from app.infra.db import reading, transaction


@dataclass(frozen=True, slots=True)
class PausePage:
    """The action that is to rest, by its safe text."""

    id: uuid.UUID
    safe: str


def pause_page(actor: Actor, action_id: uuid.UUID) -> PausePage:
    """One action of a table served. NotVisible."""
    with reading() as session:
        loaded = access.load_staff_action(session, actor, action_id, Permission.ACTION_FOLLOW)
    [safe] = crypto.unseal_many([Sealed(loaded.action.safe_ct, f"action:{action_id}:safe")])
    return PausePage(action_id, safe)


def pause(actor: Actor, action_id: uuid.UUID, *, until_on: date, reason: str) -> None:
    """Tell nobody of it until that day. Refusal, NotVisible."""
    with transaction() as session:
        loaded = access.load_staff_action(session, actor, action_id, Permission.ACTION_FOLLOW)
        actions.lock(session, loaded)
        chasing_pauses.pause(session, actor, loaded, until_on=until_on, reason=reason)
        audit.record(session, actor, _entry(loaded))


def resume(actor: Actor, action_id: uuid.UUID) -> None:
    """The reminders go on; nothing happens where they did. NotVisible."""
    with transaction() as session:
        loaded = access.load_staff_action(session, actor, action_id, Permission.ACTION_FOLLOW)
        if chasing_pauses.resume(session, loaded):
            audit.record(session, actor, _entry(loaded))


def _entry(loaded: access.LoadedAction) -> audit.Entry:
    action = loaded.action
    return audit.Entry(
        event=audit.Event.CHANGE,
        object_kind="action-pause",
        object_id=action.id,
        ground=Ground.STAFF,
        table_id=action.table_id,
        item_id=action.item_id,
        case_id=action.case_id,
    )
