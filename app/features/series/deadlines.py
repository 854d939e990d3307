"""What a change of a whole series does to the deadlines for input; it never sees the input."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.access import Actor
from app.access.seats.open_questions import by_meeting, give_deadline, open_questions, proposed
from app.features.series.plans import Plan
from app.models import Meeting


@dataclass(frozen=True, slots=True)
class NewDeadline:
    """What is still asked at one meeting that moves, and the moment proposed for all of it."""

    meeting: Meeting
    starts_at: datetime
    rows: Sequence[Any]
    at: datetime


def propose(session: Session, actor: Actor, plan: Plan) -> list[NewDeadline]:
    """One deadline per meeting that will start at another moment, before anything moves."""
    moving = {
        one.meeting.id: (one.meeting, occurrence.starts_at)
        for one, occurrence in plan.moved
        if one.items and one.meeting.starts_at != occurrence.starts_at
    }
    if not moving:
        return []
    asked = by_meeting(session.execute(open_questions(actor, moving)).all())
    found = []
    for meeting_id, rows in asked.items():
        meeting, starts_at = moving[meeting_id]
        deadlines = [row.InputRequest.deadline_at for row in rows]
        moment = proposed(deadlines, old_start=meeting.starts_at, new_start=starts_at)
        if moment is not None and set(deadlines) != {moment}:
            found.append(NewDeadline(meeting, starts_at, rows, moment))
    return sorted(found, key=lambda one: (one.starts_at, one.meeting.id))


def give(session: Session, actor: Actor, deadlines: Sequence[NewDeadline]) -> int:
    """Give each of these meetings its new deadline; gives how many questions changed."""
    return sum(give_deadline(session, actor, one.meeting, one.rows, one.at) for one in deadlines)


@dataclass(frozen=True, slots=True)
class DeadlineLine:
    """One meeting that moves: since when its questions were due, and when they are."""

    meeting_id: uuid.UUID
    starts_at: datetime
    requests: int
    was: tuple[datetime, ...]
    at: datetime


def as_lines(deadlines: Sequence[NewDeadline]) -> tuple[DeadlineLine, ...]:
    """What to show of these before they are given."""
    return tuple(
        DeadlineLine(
            one.meeting.id,
            one.starts_at,
            len(one.rows),
            tuple(sorted({row.InputRequest.deadline_at for row in one.rows})),
            one.at,
        )
        for one in deadlines
    )
