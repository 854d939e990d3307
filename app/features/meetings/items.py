"""Changing the agenda: add, lengthen, move and remove items; clock times follow by themselves."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy.orm import Session

from app import access
from app.access import Actor, LoadedItem, Permission, audit
from app.access.meetings import late, planning, steps
from app.access.meetings.placing import NewCaseItem, insert, new_item, put_on_agenda, record
from app.access.meetings.steps import Picture
from app.access.meetings.timetable import (
    items_of,
    lay_out,
    load_for_change,
    stands_still,
)
from app.domain import agenda
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import DiscussionKind, ItemKind
from app.domain.local_time import ImpossibleTime, local_date, local_to_utc
from app.features.meetings.service import return_to_list
from app.infra import clock
from app.infra.calendar_queue import queue_calendar
from app.infra.db import transaction
from app.models import AgendaItem, Meeting


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedItem:
    """An opening, break or closing; only a break may be pinned to a clock time."""

    kind: ItemKind
    minutes: int
    at: time | None = None


def add_case(actor: Actor, meeting_id: uuid.UUID, new: NewCaseItem) -> uuid.UUID:
    """Put a case of the table's list on the agenda, before the closing; gives the item's id."""
    with transaction() as session:
        meeting = load_for_change(session, actor, meeting_id, Permission.MEETING_PLAN)
        case = access.load_case(session, actor, new.case_id, Permission.CASE_READ)
        late.refuse_without_reason(session, meeting, new.reason)
        return put_on_agenda(session, actor, meeting, case, new).id


def add_fixed(actor: Actor, meeting_id: uuid.UUID, new: FixedItem) -> uuid.UUID:
    """Add a fixed block: the opening comes first, the closing last, a break before the closing."""
    with transaction() as session:
        meeting = load_for_change(session, actor, meeting_id, Permission.MEETING_PLAN)
        items = items_of(session, actor, meeting)
        if new.kind is not ItemKind.BREAK and any(item.kind is new.kind for item in items):
            raise Refusal(Reason.FIXED_ITEM_EXISTS, "kind")
        before = steps.picture(session, meeting)
        item = new_item(meeting, new.kind, new.minutes)
        item.fixed_at = _clock_time(meeting, new)
        session.add(item)
        insert(session, meeting, items, item)
        steps.keep(session, actor, meeting, before)
        record(session, actor, audit.Event.ADD, item, meeting)
        return item.id


def change_case_item(
    actor: Actor, item_id: uuid.UUID, *, minutes: int, discussion: DiscussionKind
) -> uuid.UUID:
    """Change the length and kind of a discussion; gives the id of the meeting."""
    with transaction() as session:
        loaded = _load(session, actor, item_id)
        if loaded.case is None:
            raise NotVisible
        before = steps.picture(session, loaded.meeting)
        loaded.item.minutes, loaded.item.discussion = minutes, discussion
        return _laid_out_again(session, actor, loaded, before)


def change_fixed_item(actor: Actor, item_id: uuid.UUID, new: FixedItem) -> uuid.UUID:
    """Change the length or the clock time of a fixed block; gives the id of the meeting."""
    with transaction() as session:
        loaded = _load(session, actor, item_id)
        if loaded.item.kind is ItemKind.CASE:
            raise NotVisible
        before = steps.picture(session, loaded.meeting)
        loaded.item.minutes = new.minutes
        loaded.item.fixed_at = _clock_time(loaded.meeting, new)
        return _laid_out_again(session, actor, loaded, before)


def remove_item(actor: Actor, item_id: uuid.UUID) -> uuid.UUID:
    """Take an item off the agenda; only its invited occupants hear of it. Gives the meeting."""
    with transaction() as session:
        loaded = _load(session, actor, item_id)
        meeting, item = loaded.meeting, loaded.item
        people = planning.invited_people(session, meeting, item_ids=[item.id])
        before = steps.picture(session, meeting)
        queue_calendar(session, meeting.id, people)
        item.removed_at = clock.now()
        if loaded.case is not None:
            session.flush()
            return_to_list(session, loaded.case, meeting.id)
        rest = [other for other in items_of(session, actor, meeting) if other.id != item.id]
        lay_out(session, meeting, rest)
        steps.keep(session, actor, meeting, before)
        record(session, actor, audit.Event.DELETE, item, meeting)
        return meeting.id


def shift(actor: Actor, item_id: uuid.UUID, direction: agenda.Direction) -> uuid.UUID:
    """Move an item one place; nothing changes at the edge. Gives the id of the meeting."""
    with transaction() as session:
        loaded = _load(session, actor, item_id)
        items = items_of(session, actor, loaded.meeting)
        movable = [item for item in items if not stands_still(item)]
        if loaded.item in movable:
            movable = list(agenda.move(movable, loaded.item, direction))
        before = steps.picture(session, loaded.meeting)
        order = _between_ends(items, movable)
        return _reordered(session, actor, loaded, order, before=before)


def place(actor: Actor, item_id: uuid.UUID, position: int) -> uuid.UUID:
    """Move a case to a place among the cases, counted from 1. Gives the id of the meeting."""
    with transaction() as session:
        loaded = _load(session, actor, item_id)
        items = items_of(session, actor, loaded.meeting)
        movable = [item for item in items if not stands_still(item)]
        cases = [item for item in movable if item.kind is ItemKind.CASE]
        if loaded.item in cases:
            target = cases[max(0, min(position - 1, len(cases) - 1))]
            movable = list(agenda.move_to(movable, loaded.item, movable.index(target)))
        before = steps.picture(session, loaded.meeting)
        order = _between_ends(items, movable)
        return _reordered(session, actor, loaded, order, before=before)


def _load(session: Session, actor: Actor, item_id: uuid.UUID) -> LoadedItem:
    """An item whose agenda may still change; a barred case is invisible here."""
    loaded = access.load_item(session, actor, item_id, Permission.MEETING_PLAN, with_case=False)
    if loaded.item.kind is ItemKind.CASE and loaded.case is None:
        raise NotVisible
    load_for_change(session, actor, loaded.meeting.id, Permission.MEETING_PLAN)
    return loaded


def _clock_time(meeting: Meeting, new: FixedItem) -> datetime | None:
    if new.at is None or new.kind is not ItemKind.BREAK:
        return None
    try:
        moment = local_to_utc(local_date(meeting.starts_at), new.at)
    except ImpossibleTime:
        raise Refusal(Reason.HOUR_DOES_NOT_EXIST, "at") from None
    if not meeting.starts_at <= moment < meeting.ends_at:
        raise Refusal(Reason.OUTSIDE_MEETING, "at")
    return moment


def _between_ends(items: list[AgendaItem], movable: list[AgendaItem]) -> list[AgendaItem]:
    opening = [item for item in items if item.kind is ItemKind.OPENING]
    closing = [item for item in items if item.kind is ItemKind.CLOSING]
    return [*opening, *movable, *closing]


def _laid_out_again(
    session: Session, actor: Actor, loaded: LoadedItem, before: Picture
) -> uuid.UUID:
    items = items_of(session, actor, loaded.meeting)
    return _reordered(session, actor, loaded, items, before=before)


def _reordered(
    session: Session,
    actor: Actor,
    loaded: LoadedItem,
    order: list[AgendaItem],
    *,
    before: Picture,
) -> uuid.UUID:
    lay_out(session, loaded.meeting, order)
    steps.keep(session, actor, loaded.meeting, before)
    record(session, actor, audit.Event.CHANGE, loaded.item, loaded.meeting)
    return loaded.meeting.id
