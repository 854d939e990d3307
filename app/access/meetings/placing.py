"""Putting a case on the agenda of a meeting: its place, its times and its line in the log.

A place on an agenda opens nothing and invites nobody; who always sits at the table gets its seat.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.access import audit
from app.access.actor import Actor
from app.access.meetings import planning, steps
from app.access.meetings.timetable import items_of, lay_out
from app.access.seats.standing import seat_standing
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import CaseState, DiscussionKind, ItemKind
from app.domain.states import may_move
from app.models import AgendaItem, Case, Meeting


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCaseItem:
    """A case for the agenda; ``reason`` is why it comes after the list was closed."""

    case_id: uuid.UUID
    minutes: int
    discussion: DiscussionKind
    reason: str = ""


def put_on_agenda(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    case: Case,
    new: NewCaseItem,
    *,
    then: Callable[[AgendaItem], None] | None = None,
) -> AgendaItem:
    """The same for a meeting and a case that were loaded; ``then`` belongs to the same act."""
    items = items_of(session, actor, meeting)
    _refuse_unfit(case, meeting, items)
    before = steps.picture(session, meeting, case_id=case.id)
    if may_move(case.state, CaseState.ON_AGENDA):
        case.state = CaseState.ON_AGENDA
    item = new_item(meeting, ItemKind.CASE, new.minutes)
    item.case_id, item.discussion = case.id, new.discussion
    session.add(item)
    insert(session, meeting, items, item)
    if then is not None:
        then(item)
    seat_standing(session, actor, meeting, item=item, case=case)
    steps.keep(session, actor, meeting, before)
    record(session, actor, audit.Event.ADD, item, meeting, reason=new.reason.strip())
    return item


def _refuse_unfit(case: Case, meeting: Meeting, items: list[AgendaItem]) -> None:
    if case.table_id != meeting.table_id:
        raise NotVisible
    if any(item.case_id == case.id for item in items):
        raise Refusal(Reason.CASE_ALREADY_ON_AGENDA, "case")
    if case.state not in planning.READY_FOR_AGENDA:
        raise Refusal(Reason.STATE_NOT_ALLOWED, "case")


def new_item(meeting: Meeting, kind: ItemKind, minutes: int) -> AgendaItem:
    """An item without a place yet: the timetable gives it its times."""
    return AgendaItem(
        id=uuid.uuid4(),
        meeting_id=meeting.id,
        kind=kind,
        minutes=minutes,
        position=0,
        starts_at=meeting.starts_at,
        ends_at=meeting.starts_at,
    )


def insert(session: Session, meeting: Meeting, items: list[AgendaItem], item: AgendaItem) -> None:
    """Put a new item in its place: the opening first, the closing last, all else before that."""
    session.flush()
    others = [other for other in items if other.id != item.id]
    if item.kind is ItemKind.OPENING:
        order = [item, *others]
    elif item.kind is ItemKind.CLOSING:
        order = [*others, item]
    else:
        closing = [other for other in others if other.kind is ItemKind.CLOSING]
        order = [*(other for other in others if other not in closing), item, *closing]
    lay_out(session, meeting, order)


def record(
    session: Session,
    actor: Actor,
    event: audit.Event,
    item: AgendaItem,
    meeting: Meeting,
    *,
    reason: str = "",
) -> None:
    """One line of the log about an item; ``reason`` is kept sealed under the key of its case."""
    audit.record(
        session,
        actor,
        audit.Entry(
            event=event,
            object_kind="agenda_item",
            object_id=item.id,
            table_id=meeting.table_id,
            meeting_id=meeting.id,
            item_id=item.id,
            case_id=item.case_id,
            reason=reason,
        ),
    )
