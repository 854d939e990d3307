"""Deputies: a seat passed on until a moment, at which it is whose it was again by time alone.

Every stretch of time is a hold of its own, [from_at, until_at); nothing has to run for the seat to
go back, a job only tells people of it.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.conditions import is_to_end
from app.access.held import hold_seats
from app.access.loaders import OwnSeat
from app.access.tasks import guests
from app.domain import windows
from app.domain.errors import Reason, Refusal
from app.domain.kinds import HoldEnd, PresenceState
from app.infra import clock, outbox
from app.infra.calendar_queue import queue_calendar
from app.infra.holidays_nl import is_holiday
from app.models import AgendaItem, Meeting, Seat, SeatHold

RETURNED = "seats.returned"


def end_of_window(meeting: Meeting) -> datetime:
    """When the papers close, or would if they were published now."""
    return meeting.closes_at or windows.closes_at(
        planned_end=meeting.ends_at,
        closed_at=meeting.closed_at,
        days_after=meeting.closes_working_days,
        is_holiday=is_holiday,
    )


def pass_on(session: Session, own: OwnSeat, to_id: uuid.UUID, *, until: datetime | None) -> None:
    """Give an own loaded seat away until a moment, at most until the papers close (None).

    A deputy of a deputy ends with the first at the latest. Refusal DATE_IN_PAST.
    """
    now, hold = clock.now(), own.hold
    forget_presence(own.seat, own.item)
    last, follows = hold.until_at, hold.follows_window
    end = end_of_window(own.meeting)
    is_sooner = until is not None and until < end
    end = until if until is not None and is_sooner else end
    if end <= now:
        raise Refusal(Reason.DATE_IN_PAST, "until_on")
    if last is not None and last <= end:
        end, is_sooner = last, not follows
    hold.until_at, hold.ended, hold.follows_window = now, HoldEnd.HANDED_OVER, False
    session.flush()
    given = SeatHold(seat_id=hold.seat_id, person_id=to_id, from_at=now, until_at=end)
    given.is_deputy, given.follows_window = True, not is_sooner
    session.add(given)
    # A deputy whose own time ends at the same moment gets none back, but may be handed the seat.
    after = SeatHold(seat_id=hold.seat_id, person_id=hold.person_id, from_at=end)
    after.until_at, after.is_deputy, after.follows_window = last, hold.is_deputy, follows
    session.add(after)
    if end < own.meeting.ends_at and end != last:
        _queue_return(session, own.meeting.id, hold.seat_id, (to_id, hold.person_id), end)
    queue_calendar(session, own.meeting.id, [hold.person_id, to_id])


def forget_presence(seat: Seat, item: AgendaItem) -> None:
    """Whoever was seen on a seat that goes to somebody else was not that one; until it is over.

    A deputy who was seen is who comes now.
    """
    if item.closed_at is None and seat.presence is not PresenceState.DEPUTY:
        seat.presence = seat.is_alone = None


def next_hold(session: Session, hold: SeatHold) -> SeatHold | None:
    """Whose the seat is when this hold ends: the person one stands in for."""
    if hold.until_at is None:
        return None
    return session.scalars(
        select(SeatHold)
        .where(
            SeatHold.seat_id == hold.seat_id,
            SeatHold.from_at >= hold.until_at,
            SeatHold.ended.is_(None),
        )
        .order_by(SeatHold.from_at, SeatHold.until_at.is_(None), SeatHold.until_at)
    ).first()


def give_back(session: Session, own: OwnSeat, to: SeatHold) -> None:
    """End an own hold now; whoever comes next has the seat from this moment."""
    now = clock.now()
    forget_presence(own.seat, own.item)
    own.hold.until_at, own.hold.ended, own.hold.follows_window = now, HoldEnd.HANDED_BACK, False
    to.from_at = now
    queue_calendar(session, own.meeting.id, [own.hold.person_id, to.person_id])


def end_hold(hold: SeatHold, why: HoldEnd) -> None:
    """End a hold now; of one that is still to come no moment is left."""
    hold.until_at, hold.ended = max(clock.now(), hold.from_at), why
    hold.follows_window = False


def free_seat(session: Session, seat_id: uuid.UUID) -> None:
    """End every hold of a seat, the coming ones included; the next may be inserted after it."""
    going_on = select(SeatHold).where(SeatHold.seat_id == seat_id, is_to_end(clock.now()))
    for hold in session.scalars(going_on):
        end_hold(hold, HoldEnd.REVOKED)
    session.flush()


def follow_window(session: Session, meeting: Meeting) -> None:
    """Move the end of every deputy that follows the window, and of guests, to where it is now."""
    session.flush()
    now = clock.now()
    following = (
        select(SeatHold)
        .join(Seat, Seat.id == SeatHold.seat_id)
        .join(AgendaItem, AgendaItem.id == Seat.item_id)
        .where(AgendaItem.meeting_id == meeting.id, SeatHold.follows_window, is_to_end(now))
        .order_by(SeatHold.from_at)
    )
    hold_seats(session, session.scalars(following.with_only_columns(SeatHold.seat_id)).all())
    holds = session.scalars(following).all()
    end = end_of_window(meeting)
    guests.move_end(session, meeting, end)
    for hold in holds:
        after = next_hold(session, hold)
        hold.until_at = max(end, now, hold.from_at)
        if after is not None:
            after.from_at = hold.until_at
        session.flush()


def _queue_return(
    session: Session,
    meeting_id: uuid.UUID,
    seat_id: uuid.UUID,
    people: tuple[uuid.UUID, uuid.UUID],
    at: datetime,
) -> None:
    """Have both told at that moment; who has the seat then is asked again."""
    outbox.add(
        session,
        RETURNED,
        unique_key=f"{RETURNED}:{uuid.uuid4()}",
        payload={
            "about_id": meeting_id,
            "seat_id": seat_id,
            "from_id": people[0],
            "to_id": people[1],
        },
        available_at=at,
    )
