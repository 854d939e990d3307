"""Undoing what was just taken back at an item, as long as nobody did more with it."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from app import access
from app.access import Actor, LoadedItem, Permission
from app.access.records import actions, oral_marks
from app.access.records.item_log import What
from app.access.records.taken_back import load_any
from app.domain.errors import Reason, Refusal, StaleEdit
from app.domain.kinds import ActionState
from app.features.live.pages import Removed
from app.features.live.service import live_item, record
from app.infra import clock
from app.infra.db import transaction
from app.models import ActionEvent, Decision, Note, OralMark


def put_back(actor: Actor, what: What, object_id: uuid.UUID, *, version: int) -> LoadedItem:
    """Let it stand again as it did; StaleEdit when it changed since. Gives the item.

    VALUE_UNKNOWN where a decision rested on an explanation that was taken back since.
    """
    with transaction() as session:
        if what is What.ACTION:
            at = _action(session, actor, object_id, version)
        elif what is What.ORAL_MARK:
            mark, at = load_any(session, actor, OralMark, object_id, deleted=True)
            mark.deleted_at = None
        elif what is What.NOTE:
            note, at = load_any(session, actor, Note, object_id, deleted=True)
            _stand_again(note, version)
        else:
            decision, at = load_any(session, actor, Decision, object_id, deleted=True)
            _stand_again(decision, version)
            if decision.oral_mark_id is not None:
                oral_marks.refuse_not_agreed(session, at, decision.oral_mark_id)
        live_item(session, actor, at.item.id, Permission.DECISION_RECORD)
        record(session, actor, at.meeting, what.value, at, object_id=object_id)
        return at


def delete_mark(actor: Actor, mark_id: uuid.UUID) -> tuple[uuid.UUID, Removed]:
    """Take back that somebody explained something; gives the meeting, and what puts it back.

    ORAL_RESTED_ON while a decision rests on it.
    """
    with transaction() as session:
        mark, at = load_any(session, actor, OralMark, mark_id, deleted=False)
        live_item(session, actor, mark.item_id, Permission.DECISION_RECORD)
        oral_marks.refuse_rested_on(session, mark)
        mark.deleted_at = clock.now()
        record(session, actor, at.meeting, What.ORAL_MARK.value, at, object_id=mark_id)
        return at.meeting.id, Removed(mark.item_id, What.ORAL_MARK, mark_id, mark.recorded_at, 0)


def _stand_again(found: Decision | Note, version: int) -> None:
    if found.version != version:
        raise StaleEdit("", found.version)
    found.deleted_at = None


def _action(session: Session, actor: Actor, action_id: uuid.UUID, version: int) -> LoadedItem:
    """A dropped action is open again; both stay in its history."""
    loaded = access.load_staff_action(session, actor, action_id, Permission.ACTION_RECORD)
    action = actions.lock(session, loaded)
    at = access.load_item(session, actor, action.item_id, Permission.ACTION_RECORD)
    if action.version != version:
        raise StaleEdit("", action.version)
    if action.state is not ActionState.LAPSED:
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    action.state, action.finished_at, action.taken_back_at = ActionState.OPEN, None, None
    session.add(
        ActionEvent(
            action_id=action_id,
            at=clock.now(),
            state=ActionState.OPEN,
            recorded_by_id=actor.person_id,
        )
    )
    return at
