"""A case goes to another table: accepted by one named person who serves that table.

What was not used at the old table closes with it: seats, disclosures, tasks. Its staff keep the
minutes of what was discussed there, and nothing else. Access requests go along.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.access import audit
from app.access.actor import Actor
from app.access.disclosure import section_binding
from app.access.held import hold_row, hold_seats
from app.access.meetings import planning
from app.access.meetings.timetable import lay_out
from app.access.seats.deputies import free_seat
from app.access.tasks import tasks
from app.access.tasks.guests import follow_tasks
from app.access.tasks.holding import OwnTask
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import ActionState, CaseState
from app.infra import clock, crypto
from app.infra.calendar_queue import queue_calendar
from app.infra.crypto import KeyScope, Sealed
from app.infra.wall import System, opened_for
from app.models import (
    AccessRequest,
    Action,
    AgendaItem,
    Case,
    Disclosure,
    Meeting,
    Seat,
    Section,
    SectionType,
    Task,
)

UNFINISHED = (ActionState.OPEN, ActionState.STARTED)


def may_take_over(actor: Actor, task: Task) -> bool:
    """A held and accepted task offers the case to a table the actor still serves."""
    return task.accepted_at is not None and task.to_table_id in actor.staff_table_ids


def take_over(session: Session, actor: Actor, own: OwnTask) -> None:
    """Bring the case of a held task to the table it is offered to. NotVisible, Refusal.

    Refused while the case is being discussed.
    """
    task, now = own.task, clock.now()
    if task.to_table_id is None or not may_take_over(actor, task):
        raise NotVisible
    with opened_for(session, System.HANDOVER):
        case = session.scalars(
            select(Case)
            .where(Case.id == own.case.id, Case.table_id == task.table_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).one_or_none()
        if case is None:
            raise NotVisible
        _leave_agendas(session, case, now)
        _close_tasks(session, actor, case, now)
        _take_along(session, case, task.to_table_id)
        _take_requests(session, case, task.to_table_id)
        case.table_id = task.to_table_id
        if case.state is CaseState.ON_AGENDA:
            case.state = CaseState.ACCEPTED
    audit.record(session, actor, tasks.line_of(task, audit.Event.TRANSFER))


def _leave_agendas(session: Session, case: Case, now: datetime) -> None:
    rows = session.execute(
        select(AgendaItem, Meeting)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(
            AgendaItem.case_id == case.id,
            AgendaItem.removed_at.is_(None),
            AgendaItem.closed_at.is_(None),
            Meeting.table_id == case.table_id,
            Meeting.cancelled_at.is_(None),
            Meeting.closed_at.is_(None),
        )
        .order_by(Meeting.id)
    ).all()
    for item, meeting in rows:
        hold_row(session, meeting)
        session.refresh(item)
        if meeting.closed_at is None and item.closed_at is None and item.removed_at is None:
            _leave(session, item, meeting, now)


def _leave(session: Session, item: AgendaItem, meeting: Meeting, now: datetime) -> None:
    """Take an item off the agenda; only whoever was invited to it hears of it."""
    if item.opened_at is not None:
        raise Refusal(Reason.ALREADY_STARTED)
    queue_calendar(
        session, meeting.id, planning.invited_people(session, meeting, item_ids=[item.id])
    )
    seats = session.scalars(
        select(Seat).where(Seat.item_id == item.id, Seat.removed_at.is_(None))
    ).all()
    hold_seats(session, [one.id for one in seats])
    for seat in seats:
        free_seat(session, seat.id)
        seat.removed_at = now
    _close_papers(session, [one.id for one in seats], now)
    item.removed_at = now
    session.flush()
    if meeting.started_at is None:
        lay_out(session, meeting, _rest_of(session, meeting))


def _rest_of(session: Session, meeting: Meeting) -> list[AgendaItem]:
    rest = select(AgendaItem).where(
        AgendaItem.meeting_id == meeting.id, AgendaItem.removed_at.is_(None)
    )
    return list(session.scalars(rest.order_by(AgendaItem.position, AgendaItem.id)))


def _close_papers(session: Session, seat_ids: Sequence[uuid.UUID], now: datetime) -> None:
    session.execute(
        update(Disclosure)
        .where(Disclosure.seat_id.in_(seat_ids), Disclosure.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
    )


def _close_tasks(session: Session, actor: Actor, case: Case, now: datetime) -> None:
    session.execute(
        update(Task)
        .where(Task.case_id == case.id, Task.table_id == case.table_id, Task.ended_at.is_(None))
        .values(ended_at=now, ended_by_id=actor.person_id)
    )
    follow_tasks(session, Task.case_id == case.id)


def _take_requests(session: Session, case: Case, table_id: uuid.UUID) -> None:
    """Who asks to see what is kept is answered by the new table, reviewed anew where it was not.

    Else nobody would find the request any more, and it would hold the case for ever.
    """
    of_case = update(AccessRequest).where(AccessRequest.case_id == case.id)
    session.execute(of_case.values(table_id=table_id))
    session.execute(
        of_case.where(AccessRequest.closed_at.is_(None), AccessRequest.approved.is_(None)).values(
            prepared_at=None, answer=None, task_id=None
        )
    )


def _take_along(session: Session, case: Case, table_id: uuid.UUID) -> None:
    """Unfinished actions are followed at the new table; sections stand under its headings.

    A heading the new table does not have stays the old one; so does one that screens names, or
    does not, where the new table's heading of that code does otherwise.
    """
    session.execute(
        update(Action)
        .where(Action.case_id == case.id, Action.state.in_(UNFINISHED))
        .values(table_id=table_id)
    )
    there = {
        (one.code, one.is_identity): one
        for one in session.scalars(select(SectionType).where(SectionType.table_id == table_id))
    }
    used = session.execute(
        select(Section, SectionType)
        .join(SectionType, SectionType.id == Section.section_type_id)
        .where(Section.case_id == case.id)
        .with_for_update(of=Section)
        .execution_options(populate_existing=True)
    )
    for section, kind in used.all():
        new = there.get((kind.code, kind.is_identity))
        if new is not None:
            _put_under(section, kind, new)


def _put_under(section: Section, old: SectionType, new: SectionType) -> None:
    """Give a section another heading, and the data key of that heading's retention class.

    Else it would go, or stay, with the keys of a class it no longer belongs to.
    """
    section.section_type_id = new.id
    if section.text_ct is not None and new.retention is not old.retention:
        binding = section_binding(section.id)
        text = crypto.unseal(Sealed(section.text_ct, binding))
        scope = KeyScope.of_case(section.case_id, new.retention)
        section.text_ct = crypto.seal(scope, text, belongs_to=binding)
