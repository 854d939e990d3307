"""Mending an action of an item, until the minutes are adopted and never after it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app import access
from app.access import Actor, LoadedItem, Permission, action_disclosures, audit
from app.access.meetings import room_lines
from app.access.meetings.live import SeatAt, seats_at
from app.access.messages.naming_hidden import refuse_naming
from app.access.records import actions
from app.access.records.item_log import What
from app.domain.errors import Reason, Refusal, StaleEdit
from app.domain.kinds import ActionState, RetentionClass
from app.features.live.pages import Place, Removed
from app.features.live.reading_item import place_of
from app.features.live.service import live_item, record, refuse_empty
from app.infra import clock, crypto
from app.infra.crypto import KeyScope, Sealed
from app.infra.db import transaction
from app.models import Action, ActionEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionWords:
    """Both texts and the date as typed; ``version`` is the one the reader had on screen.

    ``seat_id`` is the seat whose occupant holds it from now on; None leaves it where it is.
    """

    safe: str
    full: str
    due_on: date
    due_at: datetime | None
    version: int
    seat_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionToEdit:
    """An action as it stands, for changing it; ``seat_id`` is that of its holder, where at it."""

    id: uuid.UUID
    meeting_id: uuid.UUID
    item_id: uuid.UUID
    is_running: bool
    safe: str
    full: str
    due_on: date
    due_at: datetime | None
    version: int
    places: tuple[Place, ...]
    seat_id: uuid.UUID | None


def action_to_edit(actor: Actor, action_id: uuid.UUID) -> ActionToEdit:
    """Open one action for editing; recorded as read."""
    with transaction() as session:
        loaded = access.load_staff_action(session, actor, action_id, Permission.ACTION_RECORD)
        action = loaded.action
        at = access.load_item(session, actor, action.item_id, Permission.ACTION_RECORD)
        seats = seats_at(session, at.item)
        _record_reading(session, actor, at, "action", action.id)
    safe, full = crypto.unseal_many(_sealed_action(action))
    return ActionToEdit(
        id=action.id,
        meeting_id=at.meeting.id,
        item_id=action.item_id,
        is_running=at.meeting.closed_at is None,
        safe=safe,
        full=full,
        due_on=action.due_on,
        due_at=action.due_at,
        version=action.version,
        places=tuple(place_of(one) for one in seats),
        seat_id=next((one.seat.id for one in seats if _holder(one) == _held_by(action)), None),
    )


def change_action(actor: Actor, action_id: uuid.UUID, words: ActionWords) -> None:
    """Change texts, date and holder; StaleEdit, recorded as read, when somebody else was first."""
    refuse_empty(words.safe, "safe")
    with transaction() as session:
        action, at = _hold(session, actor, action_id)
        is_late = action.version != words.version
        if is_late:
            _record_reading(session, actor, at, "action", action.id)
        else:
            _write(action, words)
            seats = seats_at(session, at.item)
            _hand_over(session, actor, action, seats, words.seat_id)
            readers = [one.seat.id for one in seats if _holder(one)[0] == action.organisation_id]
            refuse_naming(actor, at, seats, words.full, readers=readers)
            room_lines.follow(session, actor, at, action_id=action.id)
            record(session, actor, at.meeting, "action", at, object_id=action.id)
    if is_late:
        theirs = "\n".join(filter(None, crypto.unseal_many(_sealed_action(action))))
        raise StaleEdit(theirs, action.version)


def drop_action(actor: Actor, action_id: uuid.UUID, *, version: int) -> Removed:
    """Let an action lapse that should not have been recorded; its history stays."""
    with transaction() as session:
        action, at = _hold(session, actor, action_id)
        if action.version != version:
            raise StaleEdit("", action.version)
        _refuse_begun(action)
        action.state, action.finished_at = ActionState.LAPSED, clock.now()
        action.taken_back_at = action.finished_at
        room_lines.follow(session, actor, at, action_id=action.id)
        session.add(
            ActionEvent(
                action_id=action.id,
                at=clock.now(),
                state=ActionState.LAPSED,
                recorded_by_id=actor.person_id,
            )
        )
        record(session, actor, at.meeting, "action", at, object_id=action.id)
        session.flush()
        return Removed(action.item_id, What.ACTION, action.id, action.recorded_at, action.version)


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
    if words.due_at not in {None, action.due_at} and words.due_at < clock.now():
        raise Refusal(Reason.DATE_IN_PAST, "due_time")
    action.due_on, action.due_at = words.due_on, words.due_at


def _hand_over(
    session: Session,
    actor: Actor,
    action: Action,
    seats: list[SeatAt],
    seat_id: uuid.UUID | None,
) -> None:
    """Let the occupant of another seat at the item hold it."""
    if seat_id is None:
        return
    seat = next((one for one in seats if one.seat.id == seat_id), None)
    if seat is None:
        raise Refusal(Reason.VALUE_UNKNOWN, "holder")
    if _holder(seat) == _held_by(action):
        return
    # What one holder was allowed to read is not the next one's.
    action_disclosures.withdraw(session, action, now=clock.now())
    action.organisation_id, action.person_id = _holder(seat)
    session.add(
        ActionEvent(
            action_id=action.id,
            at=clock.now(),
            recorded_by_id=actor.person_id,
            new_organisation_id=action.organisation_id,
            new_person_id=action.person_id,
        )
    )


def _holder(one: SeatAt) -> tuple[uuid.UUID, uuid.UUID | None]:
    return one.seat.organisation_id, one.person_id


def _held_by(action: Action) -> tuple[uuid.UUID, uuid.UUID | None]:
    return action.organisation_id, action.person_id


def _sealed_action(action: Action) -> tuple[Sealed, Sealed]:
    return (
        Sealed(action.safe_ct, f"action:{action.id}:safe"),
        Sealed(action.full_ct, f"action:{action.id}:full"),
    )


def _record_reading(
    session: Session, actor: Actor, at: LoadedItem, kind: str, object_id: uuid.UUID
) -> None:
    """What a form or a refused save shows is read, in the transaction that fetched it."""
    record(session, actor, at.meeting, kind, at, object_id=object_id, event=audit.Event.READ)
