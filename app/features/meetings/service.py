"""Planning, moving and cancelling a meeting; the papers and invitations have acts of their own."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy.orm import Session

from app import access
from app.access import Actor, Permission, audit
from app.access.held import hold_row
from app.access.meetings import planning, rooms, steps
from app.access.meetings.timetable import NewTimes, load_for_change, shift, tell_staff
from app.domain.errors import Reason, Refusal, StaleEdit
from app.domain.kinds import CaseState
from app.domain.local_time import ImpossibleTime, local_to_utc, to_local
from app.infra import clock, wall
from app.infra.calendar_queue import queue_calendar
from app.infra.db import transaction
from app.infra.wall import System
from app.models import Case, Meeting


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingTimes:
    """When and where, on the clocks of the Netherlands."""

    day: date
    start: time
    end: time
    place: str
    link: str
    room_id: uuid.UUID | None = None


def plan_meeting(actor: Actor, table_id: uuid.UUID, times: MeetingTimes) -> uuid.UUID:
    """Put a meeting of a table served in the calendar, as a draft; gives its id."""
    starts_at, ends_at = _moments(times)
    with transaction() as session:
        table = access.load_staff_table(session, actor, table_id, Permission.MEETING_CREATE)
        meeting = Meeting(
            id=uuid.uuid4(),
            table_id=table.id,
            starts_at=starts_at,
            ends_at=ends_at,
            place=times.place,
            link=times.link,
            opens_working_days=table.opens_working_days,
            closes_working_days=table.closes_working_days,
            opens_with_item=table.sections_open_with_item,
        )
        rooms.book(session, meeting, times.room_id)
        session.add(meeting)
        tell_staff(session, meeting)
        _record(session, actor, audit.Event.ADD, meeting)
        return meeting.id


def move_meeting(actor: Actor, meeting_id: uuid.UUID, times: MeetingTimes, *, version: int) -> None:
    """Change date, times or place; everybody invited gets an update for the own slot only."""
    starts_at, ends_at = _moments(times)
    with transaction() as session:
        meeting = load_for_change(session, actor, meeting_id, Permission.MEETING_PLAN)
        if meeting.version != version:
            raise StaleEdit(describe(meeting), meeting.version)
        before = steps.picture(session, meeting)
        shift(
            session,
            actor,
            meeting,
            NewTimes(
                starts_at=starts_at,
                ends_at=ends_at,
                place=times.place,
                link=times.link,
                room_id=times.room_id,
            ),
        )
        tell_staff(session, meeting)
        steps.keep(session, actor, meeting, before)
        _record(session, actor, audit.Event.CHANGE, meeting)


def cancel_meeting(actor: Actor, meeting_id: uuid.UUID) -> None:
    """Cancel; only those who were invited hear of it, and the cases return to the list."""
    with transaction() as session:
        meeting = load_for_change(session, actor, meeting_id, Permission.MEETING_PUBLISH)
        before = steps.picture(session, meeting)
        queue_calendar(session, meeting.id, planning.invited_people(session, meeting))
        tell_staff(session, meeting)
        with wall.opened_for(session, System.PLANNING):
            for case in planning.cases_on_agenda(session, meeting):
                return_to_list(session, case, meeting.id)
        meeting.cancelled_at = clock.now()
        steps.keep(session, actor, meeting, before)
        _record(session, actor, audit.Event.CHANGE, meeting)


def undo(actor: Actor, meeting_id: uuid.UUID, step_id: uuid.UUID) -> bool:
    """Take an own act back while its messages wait; gives whether those of another still go."""
    with transaction() as session:
        meeting = access.load_meeting(session, actor, meeting_id, Permission.MEETING_PLAN)
        hold_row(session, meeting)
        steps.take_back(session, actor, meeting, step_id)
        if meeting.cancelled_at is None:
            rooms.book(session, meeting, meeting.room_id)
        _record(session, actor, audit.Event.CHANGE, meeting)
        return steps.is_more_waiting(session, meeting, now=clock.now())


def return_to_list(session: Session, case: Case, meeting_id: uuid.UUID) -> None:
    """A case that left its only agenda is again an accepted case on the list."""
    waiting = case.state is CaseState.ON_AGENDA
    if waiting and not planning.is_on_another_agenda(session, case.id, meeting_id):
        case.state = CaseState.ACCEPTED


def describe(meeting: Meeting) -> str:
    """When and where the meeting stands now, for somebody whose change came too late."""
    start, end = to_local(meeting.starts_at), to_local(meeting.ends_at)
    parts = [f"{start:%d-%m-%Y}, {start:%H.%M} – {end:%H.%M}", meeting.place, meeting.link]
    return "\n".join(part for part in parts if part)


def _moments(times: MeetingTimes) -> tuple[datetime, datetime]:
    if times.end <= times.start:
        raise Refusal(Reason.END_BEFORE_START, "end")
    starts_at = _moment(times.day, times.start, "start")
    ends_at = _moment(times.day, times.end, "end")
    if starts_at <= clock.now():
        raise Refusal(Reason.DATE_IN_PAST, "day")
    return starts_at, ends_at


def _moment(day: date, at: time, field: str) -> datetime:
    try:
        return local_to_utc(day, at)
    except ImpossibleTime:
        raise Refusal(Reason.HOUR_DOES_NOT_EXIST, field) from None


def _record(session: Session, actor: Actor, event: audit.Event, meeting: Meeting) -> None:
    audit.record(
        session,
        actor,
        audit.Entry(
            event=event,
            object_kind="meeting",
            object_id=meeting.id,
            table_id=meeting.table_id,
            meeting_id=meeting.id,
        ),
    )
