"""The meetings that together are the list of one day of a table, and a case put on that list.

A list never gives anybody a seat by itself, and never opens papers nobody asked for.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta

from sqlalchemy import Select
from sqlalchemy.orm import Session

from app.access import audit, scopes
from app.access.actor import Actor
from app.access.held import hold_row
from app.access.meetings.placing import NewCaseItem, put_on_agenda
from app.access.meetings.planning import READY_FOR_AGENDA
from app.access.meetings.timetable import set_window, tell_staff
from app.domain.kinds import CaseState, DiscussionKind
from app.domain.local_time import local_date, local_to_utc, start_of_day
from app.infra import clock
from app.models import AgendaItem, Case, CaseTable, Meeting

BEGINS, ENDS = time(9), time(17)
_DAY, _LAST_BIT = timedelta(days=1), timedelta(hours=1)


def meetings_of(actor: Actor, table_id: uuid.UUID, day: date) -> Select[Meeting]:
    """The meetings of a day in Amsterdam of a table served, in order, without the cancelled."""
    return (
        scopes.staff_meetings(actor)
        .where(
            Meeting.table_id == table_id,
            Meeting.starts_at >= start_of_day(day),
            Meeting.starts_at < start_of_day(day + _DAY),
            Meeting.cancelled_at.is_(None),
        )
        .order_by(Meeting.starts_at, Meeting.id)
    )


def open_list(session: Session, actor: Actor, table: CaseTable, day: date) -> Meeting:
    """The meeting of that day that still takes lines, held; made when there is none.

    The table is held first: two people enter the first line of a day into one meeting.
    """
    session.refresh(table, with_for_update={"key_share": True})
    for one in session.scalars(meetings_of(actor, table.id, day)).all():
        if one.closed_at is None:
            hold_row(session, one)
            return one
    return _new(session, actor, table, day)


def _new(session: Session, actor: Actor, table: CaseTable, day: date) -> Meeting:
    starts_at = _start(day)
    meeting = Meeting(
        id=uuid.uuid4(),
        table_id=table.id,
        starts_at=starts_at,
        ends_at=max(local_to_utc(day, ENDS), starts_at + _LAST_BIT),
        place=table.place,
        opens_working_days=table.opens_working_days,
        closes_working_days=table.closes_working_days,
        published_at=clock.now(),
        opens_with_item=table.sections_open_with_item,
    )
    set_window(meeting)
    session.add(meeting)
    session.flush()
    tell_staff(session, meeting)
    entry = audit.Entry(
        event=audit.Event.ADD,
        object_kind="meeting",
        object_id=meeting.id,
        table_id=table.id,
        meeting_id=meeting.id,
    )
    audit.record(session, actor, entry)
    return meeting


def _start(day: date) -> datetime:
    """Now on the day itself, else when such a day begins."""
    now = clock.now().replace(second=0, microsecond=0)
    return now if local_date(now) == day else local_to_utc(day, BEGINS)


def put_on_list(
    session: Session, actor: Actor, table: CaseTable, meeting: Meeting, case: Case
) -> AgendaItem:
    """A loaded case as the last line; who always sits gets its seat. CASE_ALREADY_ON_AGENDA.

    A case that was discussed before comes back as a follow-up.
    """
    came_before = case.state in (CaseState.DISCUSSED, CaseState.IN_PROGRESS)
    line = NewCaseItem(
        case_id=case.id,
        minutes=table.minutes_per_item,
        discussion=DiscussionKind.FOLLOW_UP if came_before else DiscussionKind.NEW,
    )
    return put_on_agenda(session, actor, meeting, case, line)


def known_case(session: Session, actor: Actor, table: CaseTable, number: str) -> Case | None:
    """The live case of this table that goes by a number: the file's own, or its reference."""
    statement = (
        scopes.staff_cases(actor, now=clock.now())
        .where(
            Case.table_id == table.id,
            Case.state.in_(READY_FOR_AGENDA),
            (Case.imported_number == number) | (Case.reference == number.upper()),
        )
        .order_by(Case.created_at.desc(), Case.id)
        .limit(1)
    )
    found: Case | None = session.scalars(statement).one_or_none()
    return found
