"""Until when input may be given: proposed anew after a meeting moved, and changed in one act."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Select, and_
from sqlalchemy.orm import Session

from app.access import Actor, Permission, audit, scopes, steps
from app.access.notices import queue_deadline
from app.access.steps import Waiting
from app.access.timetable import load_for_change
from app.domain.deadlines import propose_deadline
from app.features.meetings.queries import MeetingHead, find_head
from app.features.meetings.sending import deadline_of
from app.infra import clock
from app.infra.db import reading, transaction
from app.infra.holidays_nl import is_holiday
from app.models import AgendaItem, Case, InputRequest, Seat, SeatHold


@dataclass(frozen=True, slots=True)
class OldDeadline:
    """A deadline as it stands, how many questions have it, and whether it makes no sense now."""

    at: datetime
    requests: int
    is_past: bool
    is_after_start: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlinePage:
    """What is still asked at a meeting, and a moment proposed for all of it.

    ``was`` is when the meeting started before it moved.
    """

    meeting: MeetingHead
    old: tuple[OldDeadline, ...]
    proposal: datetime | None
    was: datetime | None
    waiting: Waiting | None

    @property
    def can_stay(self) -> bool:
        """Whether every deadline still lies ahead of the meeting."""
        return not any(one.is_after_start for one in self.old)


def wait_for(actor: Actor, meeting_id: uuid.UUID, *, was: datetime) -> bool:
    """Whether the meeting starts at another moment than it did, and input is still asked for it."""
    with reading() as session:
        meeting, _head = find_head(session, actor, meeting_id)
        moved = meeting.starts_at != was
        return moved and session.execute(_asked(actor, meeting_id).limit(1)).first() is not None


def read_deadlines(actor: Actor, meeting_id: uuid.UUID, *, was: datetime | None) -> DeadlinePage:
    """The page; without ``was`` the meeting did not move."""
    now = clock.now()
    with reading() as session:
        meeting, head = find_head(session, actor, meeting_id)
        rows = session.execute(_asked(actor, meeting_id))
        found = Counter(row.InputRequest.deadline_at for row in rows)
        waiting = steps.last_step(session, actor, meeting_id, now=now)
    proposal = None
    if found and head.starts_at > now:
        proposal = propose_deadline(
            max(found),
            old_start=was or meeting.starts_at,
            new_start=meeting.starts_at,
            now=now,
            is_holiday=is_holiday,
        )
    old = tuple(
        OldDeadline(at, requests, at <= now, at > meeting.starts_at)
        for at, requests in sorted(found.items())
    )
    return DeadlinePage(meeting=head, old=old, proposal=proposal, was=was, waiting=waiting)


def change_deadlines(actor: Actor, meeting_id: uuid.UUID, day: date, at: time) -> int:
    """Give every open question of a meeting this deadline; gives how many changed.

    Who occupies the seat of one that changed hears of it. Refusals as for asking.
    """
    with transaction() as session:
        meeting = load_for_change(session, actor, meeting_id, Permission.INPUT_ASK)
        deadline_at = deadline_of(meeting, day, at)
        changed = [
            row
            for row in session.execute(_asked(actor, meeting_id)).all()
            if row.InputRequest.deadline_at != deadline_at
        ]
        for row in changed:
            row.InputRequest.deadline_at = deadline_at
        told = [(row.Seat.id, row.person_id) for row in changed if row.person_id]
        queue_deadline(session, meeting.id, told)
        _record(session, actor, meeting.table_id, changed)
        return len(changed)


def _asked(actor: Actor, meeting_id: uuid.UUID) -> Select[*tuple[Any, ...]]:
    """Questions without an answer, past their deadline too, with the occupant of the seat."""
    return (
        scopes.staff_requests(actor, now=clock.now())
        .outerjoin(SeatHold, and_(SeatHold.seat_id == Seat.id, SeatHold.until_at.is_(None)))
        .add_columns(SeatHold.person_id, Case.id.label("case_id"))
        .where(
            AgendaItem.meeting_id == meeting_id,
            AgendaItem.removed_at.is_(None),
            Seat.removed_at.is_(None),
            InputRequest.answered_at.is_(None),
            InputRequest.withdrawn_at.is_(None),
        )
        .order_by(InputRequest.deadline_at, InputRequest.id)
    )


def _record(session: Session, actor: Actor, table_id: uuid.UUID, changed: list[Any]) -> None:
    """A question opens the identity until its deadline: another one is another authorisation."""
    audit.record_all(
        session,
        actor,
        [
            audit.Entry(
                event=audit.Event.AUTHORISE,
                object_kind="input_request",
                object_id=row.InputRequest.id,
                table_id=table_id,
                meeting_id=row.AgendaItem.meeting_id,
                item_id=row.AgendaItem.id,
                case_id=row.case_id,
            )
            for row in changed
        ],
    )
