"""Guests of one item: an account of their own that lasts as long as their task, never longer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, case, func, literal, null, or_, select, update
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


def follow_tasks(session: Session, *these: ColumnElement[bool]) -> None:
    """Let the account of every guest who has one of these tasks end with the last that goes on.

    Of other accounts nothing changes. Who is given a task without end is no guest any more.
    """
    session.flush()
    now = clock.now()
    guests = select(Task.person_id).where(*these)
    goes_on = (
        select(Task)
        .where(
            Task.person_id == Person.id,
            Task.ended_at.is_(None),
            or_(Task.until_at.is_(None), Task.until_at > now),
        )
        .correlate(Person)
    )
    last = goes_on.with_only_columns(func.max(Task.until_at)).scalar_subquery()
    is_endless = goes_on.where(Task.until_at.is_(None)).exists()
    end = case((is_endless, null()), else_=func.coalesce(last, literal(now, Person.ends_at.type)))
    session.execute(
        update(Person).where(Person.id.in_(guests), Person.ends_at > now).values(ends_at=end),
        execution_options={"synchronize_session": False},
    )
