"""Holding a meeting: start and close, open and finish items, presence, decisions and actions."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app import access
from app.access import Actor, LoadedItem, Permission, audit
from app.access.meetings.live import AT_TABLE, SeatAt, open_items_of, seats_at
from app.access.seats.bystanders import refuse_waiting
from app.access.seats.deputies import follow_window
from app.domain import windows
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import (
    ActionState,
    CaseState,
    DecisionKind,
    Ground,
    PresenceState,
    RetentionClass,
)
from app.infra import clock, crypto, wall
from app.infra.crypto import KeyScope
from app.infra.db import transaction
from app.infra.holidays_nl import is_holiday
from app.infra.wall import System
from app.models import (
    Action,
    ActionEvent,
    AgendaItem,
    Case,
    Decision,
    DecisionAddressee,
    Meeting,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDecision:
    """A decision as typed; no addressees means the seats present."""

    text: str
    kind: DecisionKind
    dissent: str
    addressee_ids: tuple[uuid.UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAction:
    """An action as typed: one seat's organisation and person hold it."""

    seat_id: uuid.UUID
    due_on: date
    safe: str
    full: str


def start_meeting(actor: Actor, meeting_id: uuid.UUID) -> None:
    """Begin; a meeting begins once."""
    with transaction() as session:
        meeting = _running(session, actor, meeting_id, started=False)
        meeting.started_at = clock.now()
        record(session, actor, meeting, "start")


def close_meeting(actor: Actor, meeting_id: uuid.UUID) -> None:
    """End the meeting and every open item; the access window counts from now."""
    with transaction() as session:
        meeting = _running(session, actor, meeting_id)
        now = clock.now()
        with wall.opened_for(session, System.PLANNING):
            _finish(open_items_of(session, meeting), now)
        meeting.closed_at = now
        if meeting.published_at is not None:
            meeting.closes_at = windows.closes_at(
                planned_end=meeting.ends_at,
                closed_at=now,
                days_after=meeting.closes_working_days,
                is_holiday=is_holiday,
            )
        follow_window(session, meeting)
        record(session, actor, meeting, "close")


def open_item(actor: Actor, item_id: uuid.UUID) -> uuid.UUID:
    """Take an item up; one that was still open is finished first."""
    with transaction() as session:
        loaded = live_item(session, actor, item_id)
        refuse_waiting(session, loaded)
        now = clock.now()
        with wall.opened_for(session, System.PLANNING):
            _finish(open_items_of(session, loaded.meeting), now)
        loaded.item.opened_at = loaded.item.opened_at or now
        loaded.item.closed_at = None
        record(session, actor, loaded.meeting, "item", loaded)
        return loaded.meeting.id


def close_item(actor: Actor, item_id: uuid.UUID) -> uuid.UUID:
    """Finish an item; its case has then been discussed."""
    with transaction() as session:
        loaded = live_item(session, actor, item_id)
        if loaded.item.opened_at is None:
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        _finish([(loaded.item, loaded.case)], clock.now())
        record(session, actor, loaded.meeting, "item", loaded)
        return loaded.meeting.id


def note_presence(actor: Actor, seat_id: uuid.UUID, presence: PresenceState) -> uuid.UUID:
    """Roll call for one seat; gives the item."""
    with transaction() as session:
        loaded = access.load_seat(session, actor, seat_id, Permission.MEETING_CLOSE)
        _refuse_closed(loaded.meeting)
        loaded.seat.presence = presence
        record(
            session,
            actor,
            loaded.meeting,
            "presence",
            LoadedItem(loaded.item, loaded.meeting, loaded.case),
        )
        return loaded.item.id


def record_decision(actor: Actor, item_id: uuid.UUID, new: NewDecision) -> uuid.UUID:
    """Write a decision down for its addressees: by default the seats present. GATE_WAITS."""
    refuse_empty(new.text, "text")
    with transaction() as session:
        loaded = live_item(session, actor, item_id, Permission.DECISION_RECORD)
        refuse_waiting(session, loaded)
        decision_id = uuid.uuid4()
        session.add(
            Decision(
                id=decision_id,
                item_id=item_id,
                case_id=_case_id(loaded),
                kind=new.kind,
                recorded_by_id=actor.person_id,
                recorded_at=clock.now(),
                **sealed_decision(loaded, decision_id, new),
            )
        )
        seats = seats_at(session, loaded.item)
        for seat_id in _addressees(seats, new.addressee_ids):
            session.add(DecisionAddressee(decision_id=decision_id, seat_id=seat_id))
        record(session, actor, loaded.meeting, "decision", loaded, object_id=decision_id)
        return decision_id


def record_action(actor: Actor, item_id: uuid.UUID, new: NewAction) -> uuid.UUID:
    """Write an action down for one holder, with its safe and its full text. GATE_WAITS."""
    refuse_empty(new.safe, "safe")
    if new.due_on < clock.today():
        raise Refusal(Reason.DATE_IN_PAST, "due_on")
    with transaction() as session:
        loaded = live_item(session, actor, item_id, Permission.ACTION_RECORD)
        refuse_waiting(session, loaded)
        seat = {one.seat.id: one for one in seats_at(session, loaded.item)}.get(new.seat_id)
        if seat is None:
            raise Refusal(Reason.VALUE_UNKNOWN, "holder")
        action_id, case_id = uuid.uuid4(), _case_id(loaded)
        scope = KeyScope.of_case(case_id, RetentionClass.DECISIONS)
        session.add(
            Action(
                id=action_id,
                item_id=item_id,
                case_id=case_id,
                table_id=loaded.meeting.table_id,
                organisation_id=seat.seat.organisation_id,
                person_id=seat.person_id,
                safe_ct=crypto.seal(scope, new.safe, belongs_to=f"action:{action_id}:safe"),
                full_ct=crypto.seal(scope, new.full, belongs_to=f"action:{action_id}:full")
                if new.full
                else None,
                due_on=new.due_on,
                state=ActionState.OPEN,
                recorded_by_id=actor.person_id,
                recorded_at=clock.now(),
            )
        )
        session.add(
            ActionEvent(
                action_id=action_id,
                at=clock.now(),
                state=ActionState.OPEN,
                recorded_by_id=actor.person_id,
            )
        )
        record(session, actor, loaded.meeting, "action", loaded, object_id=action_id)
        return action_id


def _finish(items: Iterable[tuple[AgendaItem, Case | None]], now: datetime) -> None:
    """Close items; a case that waited on the agenda has then been discussed."""
    for item, case in items:
        item.closed_at = now
        if case is not None and case.state is CaseState.ON_AGENDA:
            case.state = CaseState.DISCUSSED


def _addressees(seats: list[SeatAt], chosen: tuple[uuid.UUID, ...]) -> set[uuid.UUID]:
    ids = {one.seat.id for one in seats}
    if chosen:
        if not set(chosen) <= ids:
            raise Refusal(Reason.VALUE_UNKNOWN, "addressees")
        return set(chosen)
    return {one.seat.id for one in seats if one.seat.presence in AT_TABLE}


def refuse_empty(text: str, field: str) -> None:
    """Refuse what was only white space: the form sees that something was typed."""
    if not text.strip():
        raise Refusal(Reason.VALUE_MISSING, field)


def sealed_decision(
    loaded: LoadedItem, decision_id: uuid.UUID, new: NewDecision
) -> dict[str, bytes | None]:
    """Both texts of a decision, sealed for its row."""
    scope = KeyScope.of_case(_case_id(loaded), RetentionClass.DECISIONS)
    return {
        "text_ct": crypto.seal(scope, new.text, belongs_to=f"decision:{decision_id}:text"),
        "dissent_ct": crypto.seal(scope, new.dissent, belongs_to=f"decision:{decision_id}:dissent")
        if new.dissent
        else None,
    }


def _case_id(loaded: LoadedItem) -> uuid.UUID:
    if loaded.case is None:
        raise NotVisible
    return loaded.case.id


def live_item(
    session: Session,
    actor: Actor,
    item_id: uuid.UUID,
    permission: Permission = Permission.MEETING_CLOSE,
) -> LoadedItem:
    """An item of a meeting that has begun; decisions may be mended until adoption."""
    loaded = access.load_item(session, actor, item_id, permission)
    if loaded.meeting.started_at is None:
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    if permission is Permission.MEETING_CLOSE:
        _refuse_closed(loaded.meeting)
    if loaded.meeting.adopted_at is not None:
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    return loaded


def _running(
    session: Session, actor: Actor, meeting_id: uuid.UUID, *, started: bool = True
) -> Meeting:
    meeting = access.load_meeting(session, actor, meeting_id, Permission.MEETING_CLOSE)
    session.refresh(meeting, with_for_update=True)
    if meeting.cancelled_at is not None:
        raise Refusal(Reason.MEETING_CANCELLED)
    _refuse_closed(meeting)
    if started is (meeting.started_at is None):
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    return meeting


def _refuse_closed(meeting: Meeting) -> None:
    if meeting.closed_at is not None:
        raise Refusal(Reason.ALREADY_CLOSED)


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
    """One line in the access log about an act at a meeting."""
    audit.record(
        session,
        actor,
        audit.Entry(
            event=event,
            object_kind=kind,
            object_id=object_id or (loaded.item.id if loaded else meeting.id),
            ground=Ground.STAFF,
            table_id=meeting.table_id,
            meeting_id=meeting.id,
            item_id=loaded.item.id if loaded else None,
            case_id=loaded.item.case_id if loaded else None,
        ),
    )
