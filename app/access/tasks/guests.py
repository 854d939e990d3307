"""Guests of one item: an account of their own that lasts as long as their task, never longer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import Session

from app.domain.kinds import TaskKind
from app.infra import clock
from app.models import AgendaItem, Meeting, Organisation, Person, Task


def organisations(session: Session) -> list[Organisation]:
    """Of which a guest may be: every one that goes on, with or without a covenant, by name."""
    going_on = select(Organisation).where(Organisation.ended_at.is_(None))
    return list(session.scalars(going_on.order_by(Organisation.name)))


def move_end(session: Session, meeting: Meeting, end: datetime) -> None:
    """Let the tasks of a meeting's guests, and their accounts, end with its window."""
    now = clock.now()
    items = select(AgendaItem.id).where(AgendaItem.meeting_id == meeting.id)
    mine = Task.kind == TaskKind.GUEST, Task.item_id.in_(items), Task.ended_at.is_(None)
    session.execute(
        update(Task).where(*mine, Task.until_at > now).values(until_at=end),
        execution_options={"synchronize_session": False},
    )
    guests = select(Task.person_id).where(*mine)
    session.execute(
        update(Person).where(Person.id.in_(guests), Person.ends_at > now).values(ends_at=end),
        execution_options={"synchronize_session": False},
    )


def end_account(session: Session, task: Task) -> None:
    """End the account of a guest whose last task just ended; no other account ends by this."""
    now = clock.now()
    session.flush()
    other = exists().where(
        Task.person_id == task.person_id,
        Task.id != task.id,
        Task.ended_at.is_(None),
        or_(Task.until_at.is_(None), Task.until_at > now),
    )
    session.execute(
        update(Person)
        .where(Person.id == task.person_id, Person.ends_at > now, ~other)
        .values(ends_at=now),
        execution_options={"synchronize_session": False},
    )
