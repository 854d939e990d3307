"""Holding a meeting: start and close, open and finish items, presence."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from app import access
from app.access import Actor, LoadedItem, Permission, audit
from app.access.meetings import room_screen
from app.access.meetings.live import open_items_of
from app.access.records import adoption, item_questions, paper_copies
from app.access.referrals import clocks
from app.access.seats import roll_call
from app.access.seats.bystanders import refuse_waiting
from app.access.seats.deputies import follow_window
from app.access.seats.leaving import come_in, refuse_unsaid
from app.access.tasks import minute_taking
from app.domain import windows
from app.domain.errors import Reason, Refusal
from app.domain.item_timer import stood_still
from app.domain.kinds import (
    CaseState,
    PresenceState,
)
from app.infra import clock, wall
from app.infra.db import transaction
from app.infra.holidays_nl import is_holiday
from app.infra.wall import System
from app.models import (
    AgendaItem,
    Case,
    Meeting,
)


def start_meeting(actor: Actor, meeting_id: uuid.UUID) -> None:
    """Begin; a meeting begins once."""
    with transaction() as session:
        meeting = running(session, actor, meeting_id, started=False)
        meeting.started_at = clock.now()
        record(session, actor, meeting, "start")


def close_meeting(actor: Actor, meeting_id: uuid.UUID) -> int:
    """End the meeting and every open item; the access window counts from now.

    Gives how many copies on paper are still outside.
    """
    with transaction() as session:
        meeting = running(session, actor, meeting_id)
        room_screen.blank(session, meeting.id)
        now = clock.now()
        with wall.opened_for(session, System.PLANNING):
            _finish(session, actor, meeting, open_items_of(session, meeting), now=now)
        item_questions.keep_of_meeting(session, meeting, at=now)
        meeting.closed_at = now
        if meeting.published_at is not None:
            meeting.closes_at = windows.closes_at(
                planned_end=meeting.ends_at,
                closed_at=now,
                days_after=meeting.closes_working_days,
                is_holiday=is_holiday,
            )
        follow_window(session, meeting)
        roll_call.forget_undiscussed(session, actor, meeting)
        adoption.begin(session, meeting, now=now)
        record(session, actor, meeting, "close")
        return paper_copies.open_copies(session, actor, meeting.id, now=now)


def open_item(actor: Actor, item_id: uuid.UUID) -> uuid.UUID:
    """Take an item up; one that was still open is finished first. GATE_WAITS, LEAVERS_FIRST."""
    with transaction() as session:
        loaded = _held(session, actor, item_id)
        if loaded.item.opened_at is not None and loaded.item.closed_at is None:
            return loaded.meeting.id
        refuse_waiting(session, loaded)
        refuse_unsaid(session, actor, loaded)
        now = clock.now()
        with wall.opened_for(session, System.PLANNING):
            finished = open_items_of(session, loaded.meeting)
            _finish(session, actor, loaded.meeting, finished, now=now)
        item_questions.keep(session, [item.id for item, _case in finished], at=now)
        item_questions.let_go(session, item_id)
        _take_up(loaded.item, now)
        come_in(session, loaded.item)
        room_screen.show(session, loaded.meeting.id, item_id)
        record(session, actor, loaded.meeting, "item", loaded)
        return loaded.meeting.id


def close_item(actor: Actor, item_id: uuid.UUID) -> uuid.UUID:
    """Finish an item; its case has then been discussed. Nothing else opens by it."""
    with transaction() as session:
        loaded = _held(session, actor, item_id)
        if loaded.item.opened_at is None or loaded.item.closed_at is not None:
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        room_screen.blank(session, loaded.meeting.id)
        now = clock.now()
        _finish(session, actor, loaded.meeting, [(loaded.item, loaded.case)], now=now)
        item_questions.keep(session, [item_id], at=now)
        record(session, actor, loaded.meeting, "item", loaded)
        return loaded.meeting.id


def note_presence(
    actor: Actor, seat_id: uuid.UUID, presence: PresenceState, *, is_alone: bool | None = None
) -> uuid.UUID:
    """Roll call for one seat; gives the item."""
    with transaction() as session:
        loaded = access.load_seat(session, actor, seat_id, Permission.MEETING_CLOSE)
        _refuse_closed(loaded.meeting)
        place = (loaded.seat, loaded.case.id)
        roll_call.note(session, actor, loaded.meeting, [place], presence, is_alone=is_alone)
        return loaded.item.id


def _held(session: Session, actor: Actor, item_id: uuid.UUID) -> LoadedItem:
    """A live item, its course held; read as whoever was first left it."""
    loaded = live_item(session, actor, item_id)
    hold_course(session, loaded.meeting)
    _refuse_closed(loaded.meeting)
    session.refresh(loaded.item)
    return loaded


def hold_course(session: Session, meeting: Meeting) -> None:
    """Let two acts on the course happen one after the other; what only points at it goes on."""
    session.refresh(meeting, with_for_update={"key_share": True})


def _take_up(item: AgendaItem, now: datetime) -> None:
    """Open an item; while it was closed its timer stood still."""
    if item.opened_at is None or item.closed_at is None:
        item.opened_at = now
    else:
        item.reopened_at = now
        item.paused_seconds += stood_still(item.closed_at, now)
    item.closed_at = None


def _finish(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    items: Collection[tuple[AgendaItem, Case | None]],
    *,
    now: datetime,
) -> None:
    """Close items; a case that waited on the agenda has then been discussed."""
    for item, case in items:
        if item.paused_at is not None:
            item.paused_seconds += stood_still(item.paused_at, now)
        item.paused_at, item.closed_at, item.cleared_at = None, now, None
        if case is not None and case.state is CaseState.ON_AGENDA:
            case.state = CaseState.DISCUSSED
    if discussed := [case.id for _item, case in items if case is not None]:
        clocks.meet_discussed(session, meeting.table_id, discussed, actor)


def refuse_empty(text: str, field: str) -> None:
    """Refuse what was only white space: the form sees that something was typed."""
    if not text.strip():
        raise Refusal(Reason.VALUE_MISSING, field)


def live_item(
    session: Session,
    actor: Actor,
    item_id: uuid.UUID,
    permission: Permission = Permission.MEETING_CLOSE,
) -> LoadedItem:
    """An item of a meeting that has begun, to write at; decisions may be mended until adoption.

    What is written goes through `record`, which lets go of what was approved before.
    """
    loaded = item_to_read(session, actor, item_id, permission)
    if loaded.meeting.closed_at is not None:
        session.refresh(loaded.meeting, with_for_update=True)
        session.refresh(loaded.item)
        _refuse_adopted(loaded)
    return loaded


def item_to_read(
    session: Session, actor: Actor, item_id: uuid.UUID, permission: Permission
) -> LoadedItem:
    """The same item for a look at what would be written: nothing is held or changed by it."""
    loaded = minute_taking.load_to_write(session, actor, item_id, permission)
    if loaded.meeting.started_at is None:
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    if permission is Permission.MEETING_CLOSE:
        _refuse_closed(loaded.meeting)
    _refuse_adopted(loaded)
    return loaded


def running(
    session: Session, actor: Actor, meeting_id: uuid.UUID, *, started: bool = True
) -> Meeting:
    """A meeting that goes on, or did not start yet, held; MEETING_CANCELLED, ALREADY_CLOSED."""
    meeting = access.load_meeting(session, actor, meeting_id, Permission.MEETING_CLOSE)
    hold_course(session, meeting)
    if meeting.cancelled_at is not None:
        raise Refusal(Reason.MEETING_CANCELLED)
    _refuse_closed(meeting)
    if started is (meeting.started_at is None):
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    return meeting


def _refuse_closed(meeting: Meeting) -> None:
    if meeting.closed_at is not None:
        raise Refusal(Reason.ALREADY_CLOSED)


def _refuse_adopted(loaded: LoadedItem) -> None:
    if (loaded.meeting.adopted_at or loaded.item.adopted_at) is not None:
        raise Refusal(Reason.STATE_NOT_ALLOWED)


def words_changed(session: Session, at: LoadedItem) -> None:
    """After the meeting, whoever approved or checked an item did not see what it says now."""
    if at.meeting.closed_at is not None:
        adoption.words_changed(session, at.meeting, at.item, now=clock.now())


def record(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    kind: str,
    loaded: LoadedItem | None = None,
    *,
    object_id: uuid.UUID | None = None,
    event: audit.Event = audit.Event.CHANGE,
) -> None:
    """One line in the access log about an act at a meeting, and what a change of words brings."""
    if loaded is not None and event is audit.Event.CHANGE:
        words_changed(session, loaded)
    audit.record(
        session,
        actor,
        audit.Entry(
            event=event,
            object_kind=kind,
            object_id=object_id or (loaded.item.id if loaded else meeting.id),
            ground=minute_taking.ground_of(actor, meeting),
            table_id=meeting.table_id,
            meeting_id=meeting.id,
            item_id=loaded.item.id if loaded else None,
            case_id=loaded.item.case_id if loaded else None,
        ),
    )
