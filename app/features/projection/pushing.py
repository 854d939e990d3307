"""Putting a recorded sentence on the screen in the room: never one that names somebody.

An action gives its neutral text, a decision its words; staff may push another sentence instead.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app import access
from app.access import Actor, LoadedItem, Permission
from app.access.meetings import room_lines
from app.access.meetings.room_lines import NotForTheRoom
from app.domain.errors import Reason, Refusal, StaleEdit
from app.domain.kinds import ActionState
from app.domain.leaks import findings, telling_words
from app.domain.room_shapes import shaped_words
from app.infra import crypto
from app.infra.crypto import Sealed
from app.infra.db import transaction
from app.models import Action, Decision


@dataclass(frozen=True, slots=True)
class Source:
    """Where a sentence comes from: one of the two."""

    decision_id: uuid.UUID | None = None
    action_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToPush:
    """A recorded sentence as it stands, for staff to push."""

    source: Source
    meeting_id: uuid.UUID
    item_id: uuid.UUID
    text: str
    version: int


def read(actor: Actor, source: Source) -> ToPush:
    """The sentence a source would push; recorded as read."""
    with transaction() as session:
        found, at = _load(session, actor, source)
        room_lines.record_reading(session, actor, at, _kind(found), found.id)
    return ToPush(
        source=source,
        meeting_id=at.meeting.id,
        item_id=at.item.id,
        text=crypto.unseal(_sealed(found)),
        version=found.version,
    )


def push(actor: Actor, one: ToPush, sentence: str = "") -> tuple[str, ...]:
    """Put it, or the sentence given instead, on the screen; else the words that keep it off.

    Refusal STATE_NOT_ALLOWED when its item is not on the table, StaleEdit when somebody changed it.
    """
    said = sentence.strip() or one.text
    with transaction() as session:
        at = room_lines.on_the_table(session, actor, one.item_id)
        forbidden = room_lines.not_for_the_room(session, actor, at)
    found = _named(said, forbidden)
    if found:
        return found
    with transaction() as session:
        source, _at = _load(session, actor, one.source)
        # Whoever changes it meanwhile waits, and then finds the sentence to take away.
        session.refresh(source, with_for_update=True)
        if source.version != one.version:
            raise StaleEdit("", source.version)
        if isinstance(source, Action) and source.state is ActionState.LAPSED:
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        at = room_lines.on_the_table(session, actor, one.item_id)
        room_lines.push(
            session,
            actor,
            at,
            said,
            decision_id=one.source.decision_id,
            action_id=one.source.action_id,
        )
    return ()


def take_away(actor: Actor, line_id: uuid.UUID) -> LoadedItem:
    """Take one sentence off the screen; gives its item."""
    with transaction() as session:
        return room_lines.take_away(session, actor, line_id)


def _named(text: str, forbidden: NotForTheRoom) -> tuple[str, ...]:
    """What in a text names somebody; all of it where no shorter part does by itself."""
    words, shaped = forbidden.words(), shaped_words(text, forbidden.prefixes)
    told = telling_words(text, words)
    if findings(text, words) and not (told or shaped):
        return (text,)
    return tuple(dict.fromkeys((*told, *shaped)))


def _load(session: Session, actor: Actor, source: Source) -> tuple[Decision | Action, LoadedItem]:
    found: Decision | Action
    if source.decision_id is not None:
        found = access.load_decision(session, actor, source.decision_id, Permission.DECISION_RECORD)
    else:
        assert source.action_id is not None  # noqa: S101 - one of the two
        found = access.load_staff_action(
            session, actor, source.action_id, Permission.ACTION_RECORD
        ).action
    return found, access.load_item(session, actor, found.item_id, Permission.MEETING_CLOSE)


def _kind(found: Decision | Action) -> str:
    return "decision" if isinstance(found, Decision) else "action"


def _sealed(found: Decision | Action) -> Sealed:
    if isinstance(found, Decision):
        return Sealed(found.text_ct, f"decision:{found.id}:text")
    return Sealed(found.safe_ct, f"action:{found.id}:safe")
