"""Meetings the product proposes by itself: drafts that staff publish, move or cancel as any other.

Nobody but the table's staff hears of one, and a draft opens nothing.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from app.access import audit
from app.access.actor import Actor
from app.access.held import hold_row
from app.access.meetings.planning import invited_people
from app.access.meetings.timetable import NewTimes, shift, tell_staff
from app.models import CaseTable, Meeting


def make_draft(
    session: Session, actor: Actor, table: CaseTable, starts_at: datetime, ends_at: datetime
) -> Meeting:
    """A draft of a table that was loaded for its staff; they get it in their calendars."""
    meeting = Meeting(
        id=uuid.uuid4(),
        table_id=table.id,
        starts_at=starts_at,
        ends_at=ends_at,
        place=table.place,
        opens_working_days=table.opens_working_days,
        closes_working_days=table.closes_working_days,
        opens_with_item=table.sections_open_with_item,
    )
    session.add(meeting)
    session.flush()
    tell_staff(session, meeting)
    _record(session, actor, meeting, audit.Event.ADD)
    return meeting


def move_draft(session: Session, actor: Actor, meeting: Meeting, starts_at: datetime) -> None:
    """Give a draft another start; one that anybody was invited to stays, and staff see to it."""
    hold_row(session, meeting)
    settled = (
        meeting.published_at, meeting.started_at, meeting.closed_at, meeting.cancelled_at,
    )  # fmt: skip
    if starts_at == meeting.starts_at or any(settled) or invited_people(session, meeting):
        return
    ends_at = starts_at + (meeting.ends_at - meeting.starts_at)
    place = NewTimes(starts_at=starts_at, ends_at=ends_at, place=meeting.place, link=meeting.link)
    shift(session, actor, meeting, place)
    tell_staff(session, meeting)
    _record(session, actor, meeting, audit.Event.CHANGE)


def _record(session: Session, actor: Actor, meeting: Meeting, event: audit.Event) -> None:
    entry = audit.Entry(
        event=event,
        object_kind="meeting",
        object_id=meeting.id,
        table_id=meeting.table_id,
        meeting_id=meeting.id,
    )
    audit.record(session, actor, entry)
