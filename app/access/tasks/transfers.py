"""What a case leaves behind and takes along when another table, or a team, takes it over.

What was not used at the old table closes with it: seats, disclosures, tasks. Its staff keep the
minutes of what was discussed there, and nothing else. Access requests go along. Who may take it
over is decided in ``referrals.handovers``, never here.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.case_life.bringing import end_waiting
from app.access.disclosure import section_binding
from app.access.held import hold_row, hold_seats
from app.access.meetings import planning
from app.access.meetings.timetable import lay_out
from app.access.seats.deputies import free_seat
from app.access.tasks.giving import end_with_case
from app.access.tasks.guests import follow_tasks
from app.domain.errors import Reason, Refusal
from app.domain.kinds import CaseState
from app.domain.states import UNFINISHED
from app.infra import clock, crypto
from app.infra.calendar_queue import queue_calendar
from app.infra.crypto import KeyScope, Sealed
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


def move(session: Session, actor: Actor, case: Case, to_table_id: uuid.UUID) -> None:
    """Bring a case that was loaded and held to the list of another table. Refusal.

    Refused while it is being discussed, and while a source forbids to pass on what it brought.
    """
    now = clock.now()
    _leave_agendas(session, case, now)
    _close_tasks(session, actor, case, now)
    _take_along(session, case, to_table_id)
    _take_requests(session, case, to_table_id)
    end_waiting(session, case)
    case.table_id = to_table_id
    case.state = CaseState.ACCEPTED


def leave(session: Session, actor: Actor, case: Case, team_id: uuid.UUID) -> None:
    """A team outside has the duty from now on: at the table the case is closed. Refusal."""
    _leave_agendas(session, case, clock.now())
    end_with_case(session, actor, case)
    case.team_id = team_id
    case.state, case.closed_at = CaseState.CLOSED, clock.now()


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
    does not, where the new table's heading of that code does otherwise. PASSING_ON_FORBIDDEN: the
    new table reads the whole case, so its sources have a say first.
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
        if section.no_passing_on and section.text_ct is not None:
            raise Refusal(Reason.PASSING_ON_FORBIDDEN)
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
