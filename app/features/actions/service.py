"""What holders do with their actions: report how it goes, take that back, confirm what was noted.

Everything is appended to the history; a state is never changed without a line that says who.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app import access
from app.access import Actor, LoadedAction, Permission, audit
from app.access.records import actions, handing_on, term_requests, verifying
from app.domain.errors import NotVisible, Reason, Refusal, StaleEdit
from app.domain.kinds import ActionState, Ground
from app.domain.states import UNFINISHED, may_move
from app.features.actions import texts
from app.infra import clock
from app.infra.db import transaction
from app.models import Action, ActionEvent

UNDO_FOR = timedelta(seconds=30)
NEEDS_REASON = (ActionState.NOT_POSSIBLE, ActionState.NOT_DONE)
REPORTABLE = (ActionState.STARTED, ActionState.DONE, *NEEDS_REASON)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How an action goes. ``version`` is the one the reader had on screen."""

    state: ActionState
    remark: str
    version: int


def report(actor: Actor, action_id: uuid.UUID, given: Report) -> None:
    """The holder says how it goes; what staff noted on the holder's behalf is answered by it."""
    with transaction() as session:
        loaded = access.load_own_action(session, actor, action_id, Permission.ACTION_REPORT)
        action = actions.lock(session, loaded)
        write_state(session, action, given, recorded_by=actor)
        handing_on.follow_case(session, loaded)
        actions.confirm_seen(session, loaded, actor)
        record(session, actor, loaded, event=audit.Event.CHANGE)


def write_state(
    session: Session,
    action: Action,
    given: Report,
    *,
    recorded_by: Actor,
    said_by: uuid.UUID | None = None,
    said_at: datetime | None = None,
) -> None:
    """Add a line to the history and move the action; a remark alone moves nothing.

    Raises StaleEdit, or Refusal when the state may not follow or its reason is missing.
    """
    refuse_stale(action, given.version)
    if given.state in (*NEEDS_REASON, ActionState.LAPSED) and not given.remark:
        raise Refusal(Reason.REASON_NEEDED, "remark")
    is_move = given.state is not action.state
    if is_move and not may_move(action.state, given.state):
        raise Refusal(Reason.STATE_NOT_ALLOWED, "state")
    if not is_move and not given.remark:
        raise Refusal(Reason.VALUE_MISSING, "remark")
    event_id = uuid.uuid4()
    session.add(
        ActionEvent(
            id=event_id,
            action_id=action.id,
            at=clock.now(),
            state=given.state if is_move else None,
            remark_ct=texts.seal_remark(action.case_id, event_id, given.remark),
            recorded_by_id=recorded_by.person_id,
            said_by_id=said_by,
            said_at=said_at,
        )
    )
    if is_move:
        _move(action, given.state)
        if action.state not in UNFINISHED:
            term_requests.let_go(session, action)
    else:
        # A remark is an edit too: the next writer has to see it first.
        action.version += 1


def undo(actor: Actor, action_id: uuid.UUID) -> None:
    """Back to the state before the actor's latest report, within 30 seconds of it."""
    with transaction() as session:
        loaded = access.load_own_action(session, actor, action_id, Permission.ACTION_REPORT)
        action = actions.lock(session, loaded)
        before = state_to_restore(session, loaded, actor)
        if before is None or not may_move(action.state, before):
            raise Refusal(Reason.DEADLINE_PASSED)
        session.add(
            ActionEvent(
                action_id=action.id,
                at=clock.now(),
                state=before,
                recorded_by_id=actor.person_id,
            )
        )
        _move(action, before)
        handing_on.follow_case(session, loaded)
        record(session, actor, loaded, event=audit.Event.CHANGE)


def state_to_restore(session: Session, loaded: LoadedAction, actor: Actor) -> ActionState | None:
    """The state before the actor's own report of just now; None when there is nothing to undo."""
    moves = [line.event for line in actions.history(session, loaded) if line.event.state]
    if not moves or moves[0].recorded_by_id != actor.person_id or moves[0].said_by_id:
        return None
    if clock.now() - moves[0].at >= UNDO_FOR or moves[0].state is not loaded.action.state:
        return None
    return moves[1].state if len(moves) > 1 else ActionState.OPEN


def confirm(actor: Actor, action_id: uuid.UUID) -> None:
    """The holder agrees with what was taken down by telephone, or has seen that it lapsed."""
    with transaction() as session:
        loaded = access.load_own_action(session, actor, action_id, Permission.ACTION_REPORT)
        if not actions.confirm_seen(session, loaded, actor):
            raise NotVisible
        record(session, actor, loaded, event=audit.Event.CHANGE)


def own_event(actor: Actor, loaded: LoadedAction, remark: str = "") -> ActionEvent:
    """A line for the history of a loaded action, by the actor, just now."""
    event_id = uuid.uuid4()
    return ActionEvent(
        id=event_id,
        action_id=loaded.action.id,
        at=clock.now(),
        recorded_by_id=actor.person_id,
        remark_ct=texts.seal_remark(loaded.action.case_id, event_id, remark),
    )


def refuse_stale(action: Action, version: int) -> None:
    """Refuse to write over what somebody else saved in between."""
    if action.version != version:
        raise StaleEdit(action.state.value, action.version)


def record(
    session: Session,
    actor: Actor,
    loaded: LoadedAction,
    *,
    event: audit.Event,
    ground: Ground | None = None,
    on_behalf_of: uuid.UUID | None = None,
    outcome: str = "done",
) -> None:
    """One line in the access log about an action."""
    action = loaded.action
    audit.record(
        session,
        actor,
        audit.Entry(
            event=event,
            object_kind="action",
            object_id=action.id,
            ground=ground,
            on_behalf_of_id=on_behalf_of,
            outcome=outcome,
            table_id=action.table_id,
            item_id=action.item_id,
            case_id=action.case_id,
        ),
    )


def record_all(session: Session, actor: Actor, read: Iterable[Action]) -> None:
    """One line for each of these own actions something confidential was shown of."""
    audit.record_all(
        session,
        actor,
        [
            audit.Entry(
                event=audit.Event.READ,
                object_kind="action",
                object_id=action.id,
                table_id=action.table_id,
                item_id=action.item_id,
                case_id=action.case_id,
            )
            for action in dict.fromkeys(read)
        ],
    )


def _move(action: Action, to: ActionState) -> None:
    action.state = to
    action.finished_at = None if to in UNFINISHED else clock.now()
    verifying.forget(action)
