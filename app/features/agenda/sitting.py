"""Who sits on a seat from when until when, and who is a guest; what they saw is not told here."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from app.access import Actor, scopes
from app.access.conditions import is_held
from app.access.tasks.giving import guests_at
from app.domain.kinds import AccountState
from app.features.agenda.pages import GuestRow, Stretch
from app.infra import clock
from app.models import AgendaItem, Person, Seat, SeatHold


def read_sitting(session: Session, actor: Actor, seat_id: uuid.UUID) -> tuple[Stretch, ...]:
    """Every stretch of time on a loaded seat, past and to come, in order."""
    now = clock.now()
    rows = session.execute(
        scopes.staff_holds(actor, now=now)
        .join(Person, Person.id == SeatHold.person_id)
        .add_columns(Person.name)
        .where(Seat.id == seat_id)
        .order_by(SeatHold.from_at, SeatHold.until_at.is_(None), SeatHold.until_at)
    )
    return tuple(
        Stretch(
            name=row.name,
            from_at=row.SeatHold.from_at,
            until_at=row.SeatHold.until_at,
            is_deputy=row.SeatHold.is_deputy,
            ended=row.SeatHold.ended,
            is_ahead=row.SeatHold.from_at > now,
            is_over=row.SeatHold.until_at is not None and row.SeatHold.until_at <= now,
        )
        for row in rows
        if row.SeatHold.from_at != row.SeatHold.until_at
    )


def occupant_of(session: Session, actor: Actor, seat_id: uuid.UUID) -> Person | None:
    """Who sits there just now."""
    statement = (
        scopes.staff_holds(actor, now=clock.now())
        .join(Person, Person.id == SeatHold.person_id)
        .add_columns(Person)
        .where(Seat.id == seat_id, is_held(clock.now()))
    )
    row = session.execute(statement).one_or_none()
    return row.Person if row else None


def read_guests(session: Session, item: AgendaItem) -> tuple[GuestRow, ...]:
    """The guests of a loaded item, by organisation."""
    return tuple(
        GuestRow(
            row.name,
            row.organisation,
            has_account=row.state is not AccountState.INVITED,
            has_accepted=row.Task.accepted_at is not None,
        )
        for row in session.execute(guests_at(item))
    )
