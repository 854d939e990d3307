"""Taking over what comes back from an earlier meeting, or leaving it; opens nothing to anybody."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from app import access
from app.access import Actor, Permission, audit
from app.access.meetings.carry_over import Carried, CarryReason, load_carried, propose_seats
from app.access.meetings.placing import NewCaseItem, put_on_agenda
from app.access.meetings.timetable import load_for_change
from app.domain.kinds import DiscussionKind
from app.infra import clock
from app.infra.db import transaction
from app.models import AgendaItem, Meeting


def take_over(actor: Actor, meeting_id: uuid.UUID, item_id: uuid.UUID) -> uuid.UUID:
    """Put the case on this agenda, with the seats of last time as proposals; gives the new item."""
    with transaction() as session:
        meeting = load_for_change(session, actor, meeting_id, Permission.MEETING_PLAN)
        last, carried = load_carried(session, actor, meeting, item_id)
        case = access.load_case(session, actor, carried.case_id, Permission.CASE_READ)
        new = NewCaseItem(
            case_id=case.id, minutes=last.minutes, discussion=_discussion(last, carried)
        )

        def follow(item: AgendaItem) -> None:
            item.carried_from_id = last.id
            propose_seats(session, meeting, last=last, item=item)

        return put_on_agenda(session, actor, meeting, case, new, then=follow).id


def leave(actor: Actor, meeting_id: uuid.UUID, item_id: uuid.UUID) -> None:
    """Do not propose this item again."""
    with transaction() as session:
        meeting = load_for_change(session, actor, meeting_id, Permission.MEETING_PLAN)
        item, _carried = load_carried(session, actor, meeting, item_id)
        item.carry_refused_at = clock.now()
        _record(session, actor, meeting, item)


def propose_again(actor: Actor, meeting_id: uuid.UUID, item_id: uuid.UUID) -> None:
    """Take a refusal back."""
    with transaction() as session:
        meeting = load_for_change(session, actor, meeting_id, Permission.MEETING_PLAN)
        item, _carried = load_carried(session, actor, meeting, item_id)
        item.carry_refused_at = None
        _record(session, actor, meeting, item)


def _discussion(last: AgendaItem, carried: Carried) -> DiscussionKind:
    """What was not discussed comes back as what it was."""
    if CarryReason.NOT_DISCUSSED in carried.reasons and last.discussion is not None:
        return last.discussion
    return DiscussionKind.FOLLOW_UP


def _record(session: Session, actor: Actor, meeting: Meeting, item: AgendaItem) -> None:
    audit.record(
        session,
        actor,
        audit.Entry(
            event=audit.Event.CHANGE,
            object_kind="carry-over",
            object_id=item.id,
            table_id=meeting.table_id,
            meeting_id=meeting.id,
            item_id=item.id,
            case_id=item.case_id,
        ),
    )
