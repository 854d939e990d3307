"""Guests of one item: an account of their own that lasts as long as their task, never longer."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, literal, select, update
from sqlalchemy.orm import Session

from app.domain.kinds import TaskKind
from app.infra import clock
from app.models import AgendaItem, Meeting, Organisation, Person, Task


def organisations(session: Session) -> list[Organisation]:
    """Of which a guest may be: every one that goes on, with or without a covenant, by name."""
    going_on = select(Organisation).where(Organisation.ended_at.is_(None))
    return list(session.scalars(going_on.order_by(Organisation.name)))


def move_end(session: Session, meeting: Meeting, end: datetime) -> None:
    """Let the tasks of a meeting's guests end with its window, and their accounts with the last."""
    now = clock.now()
    items = select(AgendaItem.id).where(AgendaItem.meeting_id == meeting.id)
    mine = Task.kind == TaskKind.GUEST, Task.item_id.in_(items), Task.ended_at.is_(None)
    session.execute(
        update(Task).where(*mine, Task.until_at > now).values(until_at=end),
        execution_options={"synchronize_session": False},
    )
    follow_tasks(session, Task.id.in_(select(Task.id).where(*mine)))


def follow_agenda(session: Session, meeting_ids: Collection[uuid.UUID]) -> None:
    """Let accounts follow what happened to the items of these meetings, put back or taken off."""
    items = select(AgendaItem.id).where(AgendaItem.meeting_id.in_(meeting_ids))
    follow_tasks(session, Task.kind == TaskKind.GUEST, Task.item_id.in_(items))


def follow_tasks(session: Session, *these: ColumnElement[bool]) -> None:
    """Let the account of every guest who has one of these tasks end with the last that goes on.

    A task goes on until its end, at an item that stands. Where none does, the account ends now, or
    ended before. Of other accounts nothing changes.
    """
    session.flush()
    now = clock.now()
    guests = select(Task.person_id).where(*these)
    last = (
        select(func.max(Task.until_at))
        .outerjoin(AgendaItem, AgendaItem.id == Task.item_id)
        .outerjoin(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(
            Task.person_id == Person.id,
            Task.ended_at.is_(None),
            Task.until_at > now,
            AgendaItem.removed_at.is_(None),
            Meeting.cancelled_at.is_(None),
        )
        .correlate(Person)
        .scalar_subquery()
    )
    at_once = case((Person.ends_at < now, Person.ends_at), else_=literal(now, Person.ends_at.type))
    session.execute(
        update(Person)
        .where(Person.id.in_(guests), Person.ends_at.is_not(None))
        .values(ends_at=func.coalesce(last, at_once)),
        execution_options={"synchronize_session": False},
    )
