"""Adopting minutes and adding to what was adopted; recipients are told that, never what."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app import access
from app.access import Actor, LoadedItem, Permission, audit
from app.access.meetings.live import seats_at
from app.access.records import adoption
from app.domain.adoption import Readiness
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import AT_TABLE, Ground, RetentionClass
from app.infra import clock, crypto, outbox
from app.infra.crypto import KeyScope
from app.infra.db import transaction
from app.models import Addendum, AddendumReader, Meeting


def adopt(actor: Actor, meeting_id: uuid.UUID) -> bool:
    """Adopt every item that may be; whether that was the last of the meeting.

    Refusal unless just closed, or where nothing may be adopted yet.
    """
    with transaction() as session:
        meeting = access.load_meeting(session, actor, meeting_id, Permission.MEETING_CLOSE)
        _hold(session, meeting)
        done = adoption.adopt_ready(session, meeting, by=actor, now=clock.now())
        if not done and meeting.adopted_at is None:
            raise Refusal(Reason.MINUTES_WAIT)
        return meeting.adopted_at is not None


def adopt_item(actor: Actor, item_id: uuid.UUID) -> uuid.UUID:
    """Adopt the minutes of one item; gives the meeting."""
    now = clock.now()
    with transaction() as session:
        loaded = access.load_item(session, actor, item_id, Permission.MEETING_CLOSE)
        _hold(session, loaded.meeting)
        (state,) = adoption.states_of(session, loaded.meeting, now=now, only=[item_id])
        _refuse_unready(state.readiness)
        adoption.adopt_ready(session, loaded.meeting, by=actor, now=now, item_id=item_id)
        return loaded.meeting.id


def _hold(session: Session, meeting: Meeting) -> None:
    session.refresh(meeting, with_for_update=True)
    if meeting.closed_at is None or meeting.adopted_at is not None:
        raise Refusal(Reason.STATE_NOT_ALLOWED)


def _refuse_unready(readiness: Readiness) -> None:
    reasons = {
        Readiness.ADOPTED: Reason.STATE_NOT_ALLOWED,
        Readiness.HELD_BACK: Reason.MINUTES_HELD_BACK,
        Readiness.WAITS: Reason.MINUTES_WAIT,
    }
    if readiness in reasons:
        raise Refusal(reasons[readiness])


@dataclass(frozen=True, slots=True)
class Place:
    """A seat an addition may be written for; ``is_chosen`` where somebody sat on it."""

    seat_id: uuid.UUID
    organisation: str
    person: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AdditionPage:
    """The adopted item that is added to, and for whom that can be."""

    meeting_id: uuid.UUID
    item_id: uuid.UUID
    reference: str
    starts_at: datetime
    places: tuple[Place, ...]


def addition_page(actor: Actor, item_id: uuid.UUID) -> AdditionPage:
    """The page to add to an adopted item on."""
    with transaction() as session:
        loaded = _adopted(session, actor, item_id)
        seats = seats_at(session, loaded.item)
    return AdditionPage(
        meeting_id=loaded.meeting.id,
        item_id=item_id,
        reference=loaded.case.reference if loaded.case else "",
        starts_at=loaded.item.starts_at,
        places=tuple(
            Place(one.seat.id, one.organisation, one.person, one.seat.presence in AT_TABLE)
            for one in seats
        ),
    )


def add(actor: Actor, item_id: uuid.UUID, text: str, seat_ids: frozenset[uuid.UUID]) -> None:
    """Add dated words for these seats to adopted minutes; their extracts get a next version."""
    if not text.strip():
        raise Refusal(Reason.VALUE_MISSING, "text")
    with transaction() as session:
        loaded = _adopted(session, actor, item_id)
        if not seat_ids or not seat_ids <= {one.seat.id for one in seats_at(session, loaded.item)}:
            raise Refusal(Reason.VALUE_MISSING, "seats")
        key = uuid.uuid4()
        case_id = _case_id(loaded)
        scope = KeyScope.of_case(case_id, RetentionClass.DECISIONS)
        session.add(
            Addendum(
                id=key,
                item_id=item_id,
                case_id=case_id,
                text_ct=crypto.seal(scope, text, belongs_to=f"addendum:{key}:text"),
                recorded_by_id=actor.person_id,
                recorded_at=clock.now(),
            )
        )
        session.flush()
        session.add_all(AddendumReader(addendum_id=key, seat_id=one) for one in seat_ids)
        audit.record(session, actor, _line(loaded, key))
        payload = {"meeting_id": loaded.meeting.id, "addendum_id": key}
        outbox.add(session, "minutes.added", unique_key=f"minutes.added:{key}", payload=payload)


def _case_id(loaded: LoadedItem) -> uuid.UUID:
    if loaded.case is None:
        raise NotVisible
    return loaded.case.id


def _adopted(session: Session, actor: Actor, item_id: uuid.UUID) -> LoadedItem:
    loaded = access.load_item(session, actor, item_id, Permission.MEETING_CLOSE)
    if (loaded.item.adopted_at or loaded.meeting.adopted_at) is None:
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    return loaded


def _line(loaded: LoadedItem, object_id: uuid.UUID) -> audit.Entry:
    return audit.Entry(
        event=audit.Event.ADD,
        object_kind="addendum",
        object_id=object_id,
        ground=Ground.STAFF,
        table_id=loaded.meeting.table_id,
        meeting_id=loaded.meeting.id,
        item_id=loaded.item.id,
        case_id=loaded.item.case_id,
    )
