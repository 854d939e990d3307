"""Accounts where several rooms touch them: ending sessions and calendars, taken names."""

from __future__ import annotations

import uuid
from collections import defaultdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from app.access.conditions import is_held, is_live, is_to_end
from app.access.seats.deputies import end_hold
from app.domain.kinds import STAFF_ROLES, AccountState, HoldEnd
from app.infra import clock
from app.infra.calendar_queue import queue_calendar
from app.models import (
    AgendaItem,
    Feed,
    Invitation,
    Meeting,
    OneTimeLink,
    Passkey,
    Person,
    Seat,
    SeatHold,
    TableRole,
    WebSession,
)

_PROVED_ANEW: Final = frozenset({"password", "factor", "email"})


def revoke_sessions(
    session: Session, person_id: uuid.UUID, *, reason: str, but: uuid.UUID | None = None
) -> None:
    """End every session of a person at once, except ``but``; the next request is refused.

    What was proved anew ends the calendar subscription too: its address is a key that whoever was
    in the account may have made.
    """
    statement = update(WebSession).where(
        WebSession.person_id == person_id, WebSession.revoked_at.is_(None)
    )
    if but is not None:
        statement = statement.where(WebSession.id != but)
    session.execute(statement.values(revoked_at=clock.now(), ended_reason=reason))
    if reason in _PROVED_ANEW:
        session.execute(
            update(Feed)
            .where(Feed.person_id == person_id, Feed.revoked_at.is_(None))
            .values(revoked_at=clock.now())
        )


def end_passkeys(session: Session, person_id: uuid.UUID, *, reason: str) -> None:
    """End every passkey of somebody, in the current transaction."""
    session.execute(
        update(Passkey)
        .where(Passkey.person_id == person_id, Passkey.revoked_at.is_(None))
        .values(revoked_at=clock.now(), revoked_reason=reason)
    )


def has_ended(person: Person) -> bool:
    """Whether this is the account of a guest whose time is over."""
    return person.ends_at is not None and person.ends_at <= clock.now()


def expire_links(session: Session, person_id: uuid.UUID) -> None:
    """Make every one-time link sent to the person so far stop working."""
    session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.person_id == person_id, OneTimeLink.used_at.is_(None))
        .values(used_at=clock.now())
    )


def seats_ahead(
    session: Session, person_id: uuid.UUID, *, now: datetime
) -> dict[uuid.UUID, list[uuid.UUID]]:
    """The seats the person holds in meetings that are not over, per meeting."""
    found: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    for meeting_id, seat_id in session.execute(
        holds_ahead(person_id, now).with_only_columns(Meeting.id, Seat.id)
    ):
        found[meeting_id].append(seat_id)
    return found


def holds_ahead(person_id: uuid.UUID, now: datetime) -> Select[*tuple[Any, ...]]:
    """Holds of a person in meetings that are not over; an administrator finds them, no case."""
    walk = (
        select(SeatHold)
        .join(Seat, Seat.id == SeatHold.seat_id)
        .join(AgendaItem, AgendaItem.id == Seat.item_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
    )
    return walk.where(
        SeatHold.person_id == person_id,
        is_held(now),
        Seat.removed_at.is_(None),
        AgendaItem.removed_at.is_(None),
        Meeting.cancelled_at.is_(None),
        Meeting.closed_at.is_(None),
        Meeting.ends_at > now,
    )


def end_holds(session: Session, person_id: uuid.UUID) -> None:
    """Free every seat the person holds: rights belong to the seat of the organisation left."""
    going_on = select(SeatHold).where(SeatHold.person_id == person_id, is_to_end(clock.now()))
    for hold in session.scalars(going_on):
        end_hold(hold, HoldEnd.REVOKED)


def recheck_calendar(session: Session, person_id: uuid.UUID) -> None:
    """Have the person's calendar entries of coming meetings looked at again."""
    meetings = session.scalars(
        select(Invitation.meeting_id)
        .where(Invitation.person_id == person_id, Invitation.ends_at > clock.now())
        .distinct()
    ).all()
    for meeting_id in meetings:
        queue_calendar(session, meeting_id, [person_id])


def tables_of(session: Session, person_id: uuid.UUID, *, now: datetime) -> frozenset[uuid.UUID]:
    """The tables at which the person has a role just now."""
    return frozenset(
        session.scalars(
            select(TableRole.table_id).where(
                TableRole.person_id == person_id,
                is_live(TableRole.from_at, TableRole.until_at, now),
            )
        )
    )


def tables_concerned(
    session: Session, person_id: uuid.UUID, *, now: datetime
) -> frozenset[uuid.UUID]:
    """The tables at which the person has a role, or a seat in a meeting that is not over."""
    seated = session.scalars(
        holds_ahead(person_id, now).with_only_columns(Meeting.table_id).distinct()
    )
    return tables_of(session, person_id, now=now) | frozenset(seated)


def staff_of(
    session: Session, table_ids: frozenset[uuid.UUID], *, now: datetime
) -> frozenset[uuid.UUID]:
    """The active chairs and coordinators of these tables."""
    return frozenset(
        session.scalars(
            select(TableRole.person_id)
            .join(Person, Person.id == TableRole.person_id)
            .where(
                TableRole.table_id.in_(table_ids),
                TableRole.role.in_(STAFF_ROLES),
                is_live(TableRole.from_at, TableRole.until_at, now),
                Person.state == AccountState.ACTIVE,
                Person.is_administrator.is_(False),
            )
        )
    )
