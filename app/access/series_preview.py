"""What a change of a series touches, for the staff of its table to see before they save it."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session

from app.domain.local_time import local_date
from app.models import AgendaItem, Meeting, Organisation, Person, Seat, SeatHold, Series


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
    between: tuple[datetime, datetime],
    *,
    but: Collection[uuid.UUID],
) -> frozenset[date]:
    """Days on which a table served meets already, these meetings aside."""
    rows = session.execute(
        select(Meeting.id, Meeting.starts_at).where(
            Meeting.table_id == table_id,
            Meeting.cancelled_at.is_(None),
            Meeting.starts_at.between(*between),
        )
    )
    return frozenset(local_date(row.starts_at) for row in rows if row.id not in but)


def invited_at(session: Session, meeting_ids: Collection[uuid.UUID]) -> frozenset[uuid.UUID]:
    """Who holds an invited seat at any of these meetings; to count, never to name."""
    return frozenset(
        session.scalars(
            select(SeatHold.person_id)
            .join(Seat, Seat.id == SeatHold.seat_id)
            .join(AgendaItem, AgendaItem.id == Seat.item_id)
            .where(
                AgendaItem.meeting_id.in_(meeting_ids),
                AgendaItem.removed_at.is_(None),
                Seat.removed_at.is_(None),
                Seat.invited_at.is_not(None),
                SeatHold.until_at.is_(None),
            )
        )
    )


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
