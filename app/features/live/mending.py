"""Mending what was recorded, until the minutes are adopted and never after it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app import access
from app.access import Actor, LoadedItem, Permission, audit
from app.access.records import actions
from app.domain.errors import Reason, Refusal, StaleEdit
from app.domain.kinds import ActionState, RetentionClass
from app.features.live.service import (
    NewDecision,
    live_item,
    record,
    refuse_empty,
    sealed_decision,
)
from app.infra import clock, crypto
from app.infra.crypto import KeyScope, Sealed
from app.infra.db import transaction
from app.models import Action, ActionEvent, Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionWords:
    """Both texts and the date as typed; ``version`` is the one the reader had on screen."""

    safe: str
    full: str
    due_on: date
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionToEdit:
    """An action as it stands, for changing it."""

    id: uuid.UUID
    meeting_id: uuid.UUID
    item_id: uuid.UUID
    safe: str
    full: str
    due_on: date
    version: int


def action_to_edit(actor: Actor, action_id: uuid.UUID) -> ActionToEdit:
    """Open one action for editing; recorded as read."""
    with transaction() as session:
        loaded = access.load_staff_action(session, actor, action_id, Permission.ACTION_RECORD)
        action = loaded.action
        at = access.load_item(session, actor, action.item_id, Permission.ACTION_RECORD)
        _record_reading(session, actor, at, "action", action.id)
    safe, full = crypto.unseal_many(_sealed_action(action))
    return ActionToEdit(
        id=action.id,
        meeting_id=at.meeting.id,
        item_id=action.item_id,
        safe=safe,
        full=full,
        due_on=action.due_on,
        version=action.version,
    )


def change_action(actor: Actor, action_id: uuid.UUID, words: ActionWords) -> None:
    """Change texts and date; StaleEdit, recorded as a reading, when somebody else saved first."""
    refuse_empty(words.safe, "safe")
    with transaction() as session:
        action, at = _hold(session, actor, action_id)
        is_late = action.version != words.version
        if is_late:
            _record_reading(session, actor, at, "action", action.id)
        else:
            _write(action, words)
            record(session, actor, at.meeting, "action", at, object_id=action.id)
    if is_late:
        theirs = "\n".join(filter(None, crypto.unseal_many(_sealed_action(action))))
        raise StaleEdit(theirs, action.version)


def drop_action(actor: Actor, action_id: uuid.UUID, *, version: int) -> None:
    """Let an action lapse that should not have been recorded; its history stays."""
    with transaction() as session:
        action, at = _hold(session, actor, action_id)
        if action.version != version:
            raise StaleEdit("", action.version)
        _refuse_begun(action)
        action.state, action.finished_at = ActionState.LAPSED, clock.now()
        session.add(
            ActionEvent(
                action_id=action.id,
                at=clock.now(),
                state=ActionState.LAPSED,
                recorded_by_id=actor.person_id,
            )
        )
        record(session, actor, at.meeting, "action", at, object_id=action.id)


def _hold(session: Session, actor: Actor, action_id: uuid.UUID) -> tuple[Action, LoadedItem]:
    """The action held for this transaction, with the item it was agreed at."""
    loaded = access.load_staff_action(session, actor, action_id, Permission.ACTION_RECORD)
    action = actions.lock(session, loaded)
    return action, live_item(session, actor, action.item_id, Permission.ACTION_RECORD)


def _refuse_begun(action: Action) -> None:
    if action.state is not ActionState.OPEN:
        raise Refusal(Reason.STATE_NOT_ALLOWED)


def _write(action: Action, words: ActionWords) -> None:
    _refuse_begun(action)
    if words.due_on != action.due_on and words.due_on < clock.today():
        raise Refusal(Reason.DATE_IN_PAST, "due_on")
    scope = KeyScope.of_case(action.case_id, RetentionClass.DECISIONS)
    safe, full = _sealed_action(action)
    action.safe_ct = crypto.seal(scope, words.safe, belongs_to=safe.belongs_to)
    action.full_ct = (
        crypto.seal(scope, words.full, belongs_to=full.belongs_to) if words.full else None
    )
    action.due_on = words.due_on


def _sealed_action(action: Action) -> tuple[Sealed, Sealed]:
    return (
        Sealed(action.safe_ct, f"action:{action.id}:safe"),
        Sealed(action.full_ct, f"action:{action.id}:full"),
    )


@dataclass(frozen=True, slots=True)
class DecisionToEdit:
    """A decision as it stands, for changing it."""

    id: uuid.UUID
    meeting_id: uuid.UUID
    item_id: uuid.UUID
    text: str
    dissent: str
    version: int


def decision_to_edit(actor: Actor, decision_id: uuid.UUID) -> DecisionToEdit:
    """Open one decision for editing; recorded as read."""
    with transaction() as session:
        decision = access.load_decision(session, actor, decision_id, Permission.DECISION_RECORD)
        loaded = access.load_item(session, actor, decision.item_id, Permission.DECISION_RECORD)
        _record_reading(session, actor, loaded, "decision", decision.id)
    text, dissent = crypto.unseal_many(_sealed_words(decision))
    return DecisionToEdit(
        decision.id, loaded.meeting.id, decision.item_id, text, dissent, decision.version
    )


def change_decision(
    actor: Actor, decision_id: uuid.UUID, *, text: str, dissent: str, version: int
) -> uuid.UUID:
    """Change the words of a decision; a stale edit shows what stands now. Gives the item."""
    refuse_empty(text, "text")
    with transaction() as session:
        decision = access.load_decision(session, actor, decision_id, Permission.DECISION_RECORD)
        loaded = live_item(session, actor, decision.item_id, Permission.DECISION_RECORD)
        is_late = decision.version != version
        if is_late:
            _record_reading(session, actor, loaded, "decision", decision.id)
        else:
            new = NewDecision(text=text, kind=decision.kind, dissent=dissent, addressee_ids=())
            sealed = sealed_decision(loaded, decision.id, new)
            decision.text_ct, decision.dissent_ct = sealed["text_ct"] or b"", sealed["dissent_ct"]
            record(session, actor, loaded.meeting, "decision", loaded, object_id=decision.id)
    if is_late:
        theirs = "\n".join(filter(None, crypto.unseal_many(_sealed_words(decision))))
        raise StaleEdit(theirs, decision.version)
    return decision.item_id


def delete_decision(actor: Actor, decision_id: uuid.UUID, *, version: int) -> uuid.UUID:
    """Take back a decision as it was seen, before the minutes are adopted; gives the item."""
    with transaction() as session:
        decision = access.load_decision(session, actor, decision_id, Permission.DECISION_RECORD)
        loaded = live_item(session, actor, decision.item_id, Permission.DECISION_RECORD)
        if decision.version != version:
            raise StaleEdit("", decision.version)
        decision.deleted_at = clock.now()
        record(session, actor, loaded.meeting, "decision", loaded, object_id=decision.id)
        return decision.item_id


def _sealed_words(decision: Decision) -> tuple[Sealed, Sealed]:
    return (
        Sealed(decision.text_ct, f"decision:{decision.id}:text"),
        Sealed(decision.dissent_ct, f"decision:{decision.id}:dissent"),
    )


def _record_reading(
    session: Session, actor: Actor, at: LoadedItem, kind: str, object_id: uuid.UUID
) -> None:
    """What a form or a refused save shows is read, in the transaction that fetched it."""
    record(session, actor, at.meeting, kind, at, object_id=object_id, event=audit.Event.READ)
