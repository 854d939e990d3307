"""Questions for input without an answer yet, and giving them another deadline; never their text."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_
from sqlalchemy.orm import Session

from app.access import audit, scopes
from app.access.actor import Actor
from app.access.conditions import is_held
from app.access.messages.notices import queue_deadline
from app.domain.deadlines import propose_deadline
from app.infra import clock
from app.infra.holidays_nl import is_holiday
from app.models import AgendaItem, Case, InputRequest, Meeting, Seat, SeatHold


def open_questions(actor: Actor, meeting_ids: Collection[uuid.UUID]) -> Select[*tuple[Any, ...]]:
    """Questions without an answer, past their deadline too, with the occupant of the seat."""
    return (
        scopes.staff_requests(actor, now=clock.now())
        .outerjoin(SeatHold, and_(SeatHold.seat_id == Seat.id, is_held(clock.now())))
        .add_columns(SeatHold.person_id, Case.id.label("case_id"))
        .where(
            AgendaItem.meeting_id.in_(meeting_ids),
            AgendaItem.removed_at.is_(None),
            Seat.removed_at.is_(None),
            InputRequest.answered_at.is_(None),
            InputRequest.withdrawn_at.is_(None),
        )
        .order_by(InputRequest.deadline_at, InputRequest.id)
    )


def proposed(
    deadlines: Collection[datetime], *, old_start: datetime, new_start: datetime
) -> datetime | None:
    """One moment for all questions of a meeting; None where nothing is asked or it has begun."""
    now = clock.now()
    if not deadlines or new_start <= now:
        return None
    return propose_deadline(
        max(deadlines), old_start=old_start, new_start=new_start, now=now, is_holiday=is_holiday
    )


def give_deadline(
    session: Session, actor: Actor, meeting: Meeting, rows: Sequence[Any], deadline_at: datetime
) -> int:
    """Give rows of ``open_questions`` of one held meeting a deadline; gives how many changed.

    Who occupies the seat of one that changed hears of it. A question opens the identity until its
    deadline, so another one is another authorisation in the log.
    """
    changed = [row for row in rows if row.InputRequest.deadline_at != deadline_at]
    for row in changed:
        row.InputRequest.deadline_at = deadline_at
    told = [(row.Seat.id, row.person_id) for row in changed if row.person_id]
    queue_deadline(session, meeting.id, told, deadline_at=deadline_at)
    audit.record_all(
        session,
        actor,
        [
            audit.Entry(
                event=audit.Event.AUTHORISE,
                object_kind="input_request",
                object_id=row.InputRequest.id,
                table_id=meeting.table_id,
                meeting_id=meeting.id,
                item_id=row.AgendaItem.id,
                case_id=row.case_id,
            )
            for row in changed
        ],
    )
    return len(changed)


def by_meeting(rows: Sequence[Any]) -> dict[uuid.UUID, list[Any]]:
    """Rows of ``open_questions`` per meeting."""
    found: dict[uuid.UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.AgendaItem.meeting_id].append(row)
    return found
