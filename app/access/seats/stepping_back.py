"""Recusal: a person who knows somebody concerned loses every ground on the case at once."""

from __future__ import annotations

import uuid

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.messages.notices import queue_freed
from app.access.seats.deputies import end_hold
from app.access.seats.own_seats import holds_at_case
from app.access.tasks.guests import follow_tasks
from app.domain.kinds import HoldEnd
from app.infra import clock
from app.infra.calendar_queue import queue_calendar
from app.models import Recusal, Task


def step_back(session: Session, actor: Actor, case_id: uuid.UUID) -> None:
    """End every seat and task of the actor at a case it was let into; the caller records it."""
    now = clock.now()
    freed: dict[uuid.UUID, list[uuid.UUID]] = {}
    for hold, meeting_id in holds_at_case(session, actor.person_id, case_id, now=now):
        if hold.from_at <= now:
            freed.setdefault(meeting_id, []).append(hold.seat_id)
        end_hold(hold, HoldEnd.RECUSED)
    session.add(Recusal(person_id=actor.person_id, case_id=case_id, at=now))
    session.execute(
        update(Task)
        .where(Task.person_id == actor.person_id, Task.case_id == case_id, Task.ended_at.is_(None))
        .values(ended_at=now, ended_by_id=actor.person_id)
    )
    follow_tasks(session, Task.person_id == actor.person_id)
    for meeting_id, seat_ids in freed.items():
        queue_calendar(session, meeting_id, [actor.person_id])
        queue_freed(session, meeting_id, seat_ids, but=actor.person_id)
