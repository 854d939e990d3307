"""The clock times of an agenda: laid out anew after every change, and told to whom they concern."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.access import scopes
from app.access.actor import Actor
from app.access.administration.accounts import staff_of
from app.access.held import hold_row
from app.access.loaders import load_meeting
from app.access.meetings import acting, planning, rooms
from app.access.meetings.series import recipients, with_entries
from app.access.messages.notices import queue_papers
from app.access.permissions import Permission
from app.access.seats.deputies import follow_window
from app.domain import agenda, windows
from app.domain.errors import Reason, Refusal
from app.domain.kinds import InvitationAnswer, ItemKind
from app.domain.local_time import ImpossibleTime, local_date, local_to_utc, to_local
from app.infra import clock
from app.infra.calendar_queue import queue_calendar, queue_series
from app.infra.holidays_nl import is_holiday
from app.models import AgendaItem, CaseTable, Meeting, Seat


def load_for_change(
    session: Session, actor: Actor, meeting_id: uuid.UUID, permission: Permission
) -> Meeting:
    """The meeting, held for this transaction; refused once it is cancelled, begun or closed."""
    meeting = load_meeting(session, actor, meeting_id, permission)
    hold_row(session, meeting)
    refuse_when_settled(meeting)
    return meeting


def refuse_when_settled(meeting: Meeting) -> None:
    """Refuse to plan a meeting that no longer lies ahead."""
    if meeting.cancelled_at is not None:
        raise Refusal(Reason.MEETING_CANCELLED)
    if meeting.closed_at is not None:
        raise Refusal(Reason.ALREADY_CLOSED)
    if meeting.started_at is not None:
        raise Refusal(Reason.ALREADY_STARTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTimes:
    """When and where a meeting is from now on; aware moments. A room becomes the place."""

    starts_at: datetime
    ends_at: datetime
    place: str
    link: str
    room_id: uuid.UUID | None = None


def shift(session: Session, actor: Actor, meeting: Meeting, times: NewTimes) -> None:
    """Give a meeting other times or another place, with its agenda, window and invitations.

    At another start every answer is open again, roll call begins anew, and the end of who acts as
    chair moves along. Staff hear of it by ``tell_staff``.
    """
    items = items_of(session, actor, meeting)
    if meeting.starts_at != times.starts_at:
        _reopen_answers(session, meeting)
        _forget_roll_call(session, meeting)
        acting.follow_moves(session, {meeting.id: (meeting.starts_at, times.starts_at)})
    before = (meeting.place, meeting.link)
    _keep_clock(items, local_date(meeting.starts_at), local_date(times.starts_at))
    meeting.starts_at, meeting.ends_at = times.starts_at, times.ends_at
    meeting.place, meeting.link = times.place, times.link
    rooms.book(session, meeting, times.room_id)
    set_window(meeting)
    follow_window(session, meeting)
    if meeting.published_at is not None:
        queue_papers(session, meeting)
    if (meeting.place, meeting.link) != before:
        queue_calendar(session, meeting.id, planning.invited_people(session, meeting))
    lay_out(session, meeting, items)


def _reopen_answers(session: Session, meeting: Meeting) -> None:
    """Who was invited answers anew; what was said for the old time is kept as just that.

    ``answered_at`` becomes now: a mail written before says nothing about the new time.
    """
    now = clock.now()
    for hold, starts_at in planning.invited_holds(session, meeting):
        if hold.answer is not InvitationAnswer.OPEN:
            hold.former_answer, hold.former_starts_at = hold.answer, starts_at
        hold.answer, hold.answered_at = InvitationAnswer.OPEN, now
        hold.answer_recorded_by_id = hold.answer_confirmed_at = None


def _forget_roll_call(session: Session, meeting: Meeting) -> None:
    """Who was noted before the meeting moved was seen at a time at which it was not held."""
    items = select(AgendaItem.id).where(AgendaItem.meeting_id == meeting.id)
    noted = update(Seat).where(Seat.item_id.in_(items), Seat.presence.is_not(None))
    session.execute(noted.values(presence=None, is_alone=None, left_at=None))


def tell_staff(session: Session, meeting: Meeting) -> None:
    """Bring the calendars of whoever has the whole meeting up to date, alone or in its series."""
    if meeting.series_id is not None:
        table = session.get_one(CaseTable, meeting.table_id)
        told = with_entries(session, meeting.series_id)
        told |= recipients(session, table, now=clock.now())
        queue_series(session, meeting.series_id, told)
        return
    staff = staff_of(session, frozenset({meeting.table_id}), now=clock.now())
    queue_calendar(session, meeting.id, staff)


def _keep_clock(items: Sequence[AgendaItem], old_day: date, new_day: date) -> None:
    """A break pinned to a clock time keeps that time on the new day."""
    for item in items:
        if item.fixed_at is None or old_day == new_day:
            continue
        local = to_local(item.fixed_at)
        day = new_day + (local.date() - old_day)
        try:
            item.fixed_at = local_to_utc(day, local.time())
        except ImpossibleTime:
            raise Refusal(Reason.HOUR_DOES_NOT_EXIST, "day") from None


def items_of(session: Session, actor: Actor, meeting: Meeting) -> list[AgendaItem]:
    """Every item on the agenda in order, closed blocks included: they take time too."""
    statement = (
        scopes.staff_items(actor, now=clock.now())
        .where(AgendaItem.meeting_id == meeting.id)
        .order_by(AgendaItem.position, AgendaItem.id)
    )
    return [row.AgendaItem for row in session.execute(statement)]


def lay_out(session: Session, meeting: Meeting, items: Sequence[AgendaItem]) -> None:
    """Give these items their places and times; the invited whose slot moved get an update."""
    planned = agenda.plan(
        meeting.starts_at,
        [agenda.AgendaEntry(item.id, item.minutes, item.fixed_at) for item in items],
    )
    moved = set()
    for position, (item, slot) in enumerate(zip(items, planned.items, strict=True), 1):
        if (item.starts_at, item.ends_at) != (slot.starts_at, slot.ends_at):
            moved.add(item.id)
        item.position, item.starts_at, item.ends_at = position, slot.starts_at, slot.ends_at
    if moved:
        session.flush()
        people = planning.invited_people(session, meeting, item_ids=moved)
        queue_calendar(session, meeting.id, people)


def set_window(meeting: Meeting) -> None:
    """Store the access window of a published meeting after its date or publication changed."""
    if meeting.published_at is None:
        return
    meeting.opens_at = windows.opens_at(
        published_at=meeting.published_at,
        starts_at=meeting.starts_at,
        days_before=meeting.opens_working_days,
        is_holiday=is_holiday,
    )
    meeting.closes_at = windows.closes_at(
        planned_end=meeting.ends_at,
        closed_at=meeting.closed_at,
        days_after=meeting.closes_working_days,
        is_holiday=is_holiday,
    )


def stands_still(item: AgendaItem) -> bool:
    """The opening stays first and the closing last, whatever is moved between them."""
    return item.kind in (ItemKind.OPENING, ItemKind.CLOSING)
