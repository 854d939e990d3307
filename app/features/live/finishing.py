"""After a discussion: who leaves the room, whether the case returns; it never opens the next."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.access import Actor, LoadedItem, audit
from app.access.meetings.live import open_items_of
from app.access.records import outcomes
from app.access.seats import bystanders
from app.access.seats.leaving import (
    Remaining,
    go,
    items_of,
    last_of,
    next_of,
    remaining,
    was_said,
)
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kind_document import OutcomeRule
from app.features.live.service import hold_course, live_item, record
from app.infra import clock, crypto
from app.infra.db import transaction


@dataclass(frozen=True, slots=True)
class InRoom:
    """Somebody in the room who has no place at the next item."""

    key: str
    name: str
    organisation: str

    @property
    def words(self) -> str:
        """As the gate of the next item names them."""
        return f"{self.name}, {self.organisation}" if self.organisation else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """What is asked when a discussion is over, or before one that does not come next.

    ``item_id`` is the item that was finished, or the one that waits.
    """

    meeting_id: uuid.UUID
    item_id: uuid.UUID
    reference: str
    next_id: uuid.UUID | None
    next_reference: str
    returns: bool
    room: tuple[InRoom, ...]
    outcome: str = ""
    offered: tuple[OutcomeRule, ...] = ()


def finished(actor: Actor, item_id: uuid.UUID) -> Finished:
    """The question of who leaves; names of those let in without a seat are recorded as read."""
    with transaction() as session:
        loaded, to, room = _room(session, actor, item_id)
        came_of = outcomes.of_items(session, actor, [item_id]).get(item_id)
        offered = outcomes.offered(session, loaded.meeting.table_id)
    return Finished(
        meeting_id=loaded.meeting.id,
        item_id=item_id,
        reference=loaded.case.reference if loaded.case else "",
        next_id=to.item.id if to else None,
        next_reference=to.case.reference if to and to.case else "",
        returns=loaded.item.returns,
        room=_named(room),
        outcome=came_of.code if came_of else "",
        offered=offered,
    )


def waiting(actor: Actor, item_id: uuid.UUID) -> Finished:
    """The same question before an item that opens out of order, or first of all."""
    with transaction() as session:
        to, room = _room_before(session, actor, item_id)
    reference = to.case.reference if to.case else ""
    return Finished(
        meeting_id=to.meeting.id,
        item_id=item_id,
        reference=reference,
        next_id=item_id,
        next_reference=reference,
        returns=False,
        room=_named(room),
    )


def clear(
    actor: Actor,
    item_id: uuid.UUID,
    *,
    left: frozenset[str],
    returns: bool,
    outcome: str | None = None,
) -> tuple[uuid.UUID, uuid.UUID | None]:
    """Write down what came of it and who left; who stays waits at the gate of the next.

    Without ``outcome`` what stands stays. Gives the meeting and the next item. VALUE_UNKNOWN for
    an outcome the kind does not know.
    """
    with transaction() as session:
        loaded, to, room = _room(session, actor, item_id)
        loaded.item.returns = returns
        if outcome is not None:
            outcomes.choose(session, actor, loaded, outcome)
        record(session, actor, loaded.meeting, "leavers", loaded)
        if to is None:
            return loaded.meeting.id, None
        _say(session, actor, to, room, left)
        return loaded.meeting.id, to.item.id


def clear_before(actor: Actor, item_id: uuid.UUID, *, left: frozenset[str]) -> uuid.UUID:
    """Write down who left before this item; who stays waits at its gate. Gives the meeting."""
    with transaction() as session:
        to, room = _room_before(session, actor, item_id)
        if open_items_of(session, to.meeting):
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        record(session, actor, to.meeting, "leavers", to)
        _say(session, actor, to, room, left)
        return to.meeting.id


def _say(
    session: Session, actor: Actor, to: LoadedItem, room: list[Remaining], left: frozenset[str]
) -> None:
    to.item.cleared_at = clock.now()
    go([one for one in room if one.key in left])
    for one in _named([one for one in room if one.key not in left]):
        if to.case is not None:
            bystanders.add(session, actor, to.item, to.case.id, one.words)
            record(session, actor, to.meeting, "bystander", to)


def _room(
    session: Session, actor: Actor, item_id: uuid.UUID
) -> tuple[LoadedItem, LoadedItem | None, list[Remaining]]:
    """A finished item of a running meeting, the next, and who has no place there."""
    loaded = live_item(session, actor, item_id)
    if loaded.case is None:
        raise NotVisible
    hold_course(session, loaded.meeting)
    session.refresh(loaded.item)
    if loaded.item.closed_at is None:
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    items = items_of(session, actor, loaded.meeting.id)
    to = next_of(items, loaded.item)
    room = _unsaid(session, actor, to, items) if to else []
    return loaded, to, room


def _room_before(
    session: Session, actor: Actor, item_id: uuid.UUID
) -> tuple[LoadedItem, list[Remaining]]:
    """An item of a running meeting, and who has no place there."""
    to = live_item(session, actor, item_id)
    if to.case is None:
        raise NotVisible
    hold_course(session, to.meeting)
    session.refresh(to.item)
    items = items_of(session, actor, to.meeting.id)
    return to, _unsaid(session, actor, to, items)


def _unsaid(
    session: Session, actor: Actor, to: LoadedItem, items: list[LoadedItem]
) -> list[Remaining]:
    """Who is asked about; reading the name of somebody let in is recorded."""
    if was_said(items, to.item):
        return []
    room = remaining(session, actor, to, last_of(items, to.item))
    let_in = [one.bystander for one in room if one.bystander]
    before = {one.item.id: one for one in items}
    entries = [bystanders.reading_of(one, before[one.item_id]) for one in let_in]
    audit.record_all(session, actor, entries)
    return room


def _named(room: list[Remaining]) -> tuple[InRoom, ...]:
    texts = crypto.unseal_many([one.sealed for one in room])
    return tuple(
        InRoom(one.key, one.name or text, one.organisation)
        for one, text in zip(room, texts, strict=True)
    )
