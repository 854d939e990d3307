"""What a change of a series touches, for the staff of its table to see before they save it."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import ScalarSelect, and_, func, select
from sqlalchemy.orm import Session

from app.access import scopes
from app.access.actor import Actor
from app.access.conditions import is_held
from app.domain.kinds import ItemKind
from app.domain.local_time import local_date, start_of_day
from app.models import AgendaItem, Case, Meeting, Organisation, Person, Seat, SeatHold, Series


def coming_meetings(now: datetime) -> ScalarSelect[int]:
    """How many meetings ``Series`` of the enclosing statement still has to come."""
    return (
        select(func.count(Meeting.id))
        .where(
            Meeting.series_id == Series.id,
            Meeting.cancelled_at.is_(None),
            Meeting.ends_at > now,
        )
        .correlate(Series)
        .scalar_subquery()
    )


def days_with_meetings(
    session: Session,
    table_id: uuid.UUID,
    between: tuple[date, date],
    *,
    but: Collection[uuid.UUID],
) -> frozenset[date]:
    """Days on which a table served meets already, these meetings aside; both ends included."""
    first_on, last_on = between
    rows = session.execute(
        select(Meeting.id, Meeting.starts_at).where(
            Meeting.table_id == table_id,
            Meeting.cancelled_at.is_(None),
            Meeting.starts_at >= start_of_day(first_on),
            Meeting.starts_at < start_of_day(last_on + timedelta(days=1)),
        )
    )
    return frozenset(local_date(row.starts_at) for row in rows if row.id not in but)


def invited_at(
    session: Session, actor: Actor, meeting_ids: Collection[uuid.UUID], *, now: datetime
) -> frozenset[uuid.UUID]:
    """Who holds an invited seat the actor may know of; to count, never to name."""
    return frozenset(
        session.scalars(
            scopes.staff_seats(actor, now=now)
            .join(SeatHold, and_(SeatHold.seat_id == Seat.id, is_held(now)))
            .where(Meeting.id.in_(meeting_ids), Seat.invited_at.is_not(None))
            .with_only_columns(SeatHold.person_id)
        )
    )


def has_closed(
    session: Session, actor: Actor, meeting_ids: Collection[uuid.UUID], *, now: datetime
) -> bool:
    """Whether a case at any of these meetings is closed to the actor."""
    closed = scopes.staff_items(actor, now=now).where(
        Meeting.id.in_(meeting_ids), AgendaItem.kind == ItemKind.CASE, Case.id.is_(None)
    )
    return bool(session.scalar(select(closed.with_only_columns(AgendaItem.id).exists())))


def named_people(
    session: Session, person_ids: Collection[uuid.UUID]
) -> tuple[tuple[str, str], ...]:
    """Name and organisation of these people, by name."""
    rows = session.execute(
        select(Person.name, Organisation.name.label("organisation"))
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(Person.id.in_(person_ids))
        .order_by(Person.name, Person.id)
    )
    return tuple((row.name, row.organisation) for row in rows)
