"""Requests for input: what the task opens to its holder, and staff taking an answer down."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from app.access import scopes
from app.access.actor import Actor
from app.access.conditions import is_held
from app.access.loaders import OwnRequest
from app.domain.errors import NotVisible
from app.infra import clock
from app.models import (
    Case,
    InputRequest,
    Person,
    SeatHold,
    Section,
    SectionType,
)


def input_type(session: Session, table_id: uuid.UUID) -> SectionType | None:
    """The section type of a table that takes partners' input."""
    return session.scalars(
        select(SectionType)
        .where(SectionType.table_id == table_id, SectionType.is_input.is_(True))
        .order_by(SectionType.position)
        .limit(1)
    ).one_or_none()


def staff_request(session: Session, actor: Actor, request_id: uuid.UUID) -> OwnRequest:
    """A request at an item of a table served; NotVisible otherwise."""
    row = session.execute(
        scopes.staff_requests(actor, now=clock.now())
        .add_columns(Case)
        .where(InputRequest.id == request_id, InputRequest.withdrawn_at.is_(None))
    ).one_or_none()
    if row is None:
        raise NotVisible
    return OwnRequest(row.InputRequest, row.AgendaItem, row.Case)


def said_for(actor: Actor, *, now: datetime) -> ColumnElement[bool]:
    """``InputRequest`` was taken down for the actor by staff and still waits to be confirmed."""
    return and_(
        InputRequest.answered_by_id == actor.person_id,
        InputRequest.recorded_by_id.is_not(None),
        InputRequest.confirmed_at.is_(None),
        InputRequest.answered_at <= now,
    )


def load_said_request(session: Session, actor: Actor, request_id: uuid.UUID) -> OwnRequest:
    """An answer taken down for the actor by telephone, to confirm or correct; else NotVisible."""
    now = clock.now()
    row = session.execute(
        scopes.own_requests(actor, now=now).where(
            InputRequest.id == request_id, said_for(actor, now=now)
        )
    ).one_or_none()
    if row is None:
        raise NotVisible
    return OwnRequest(row.InputRequest, row.AgendaItem, row.Case)


def given_section(session: Session, own: OwnRequest) -> Section | None:
    """The text given with an answered request, which was loaded for its holder before."""
    if own.request.section_id is None:
        return None
    return session.get(Section, own.request.section_id)


def holder_of(session: Session, seat_id: uuid.UUID) -> Person | None:
    """Who occupies a seat just now."""
    return session.scalars(
        select(Person)
        .join(SeatHold, SeatHold.person_id == Person.id)
        .where(SeatHold.seat_id == seat_id, is_held(clock.now()))
    ).one_or_none()
