"""The start page of chair and coordinator: what waits, and the meetings that come."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func
from sqlalchemy.engine import Row

from app.access import Actor, scopes
from app.access.administration.covenants import Ending, ending_columns
from app.access.lifecycle.requests_waiting import WaitingRequests, waiting_columns
from app.access.messages.replies import number_waiting
from app.access.messages.undelivered import number_stopped
from app.access.oversight.emergency_review import Standing, standing
from app.access.seats.open_points import OpenPoints, first_meetings, open_points
from app.access.seats.own_seats import MeetingLine, read_own_meetings
from app.domain.kinds import ActionState
from app.features.home.held_tasks import HeldTask, held_tasks
from app.features.home.waiting import ToConfirm, has_input, to_confirm_by
from app.infra import clock
from app.infra.db import reading
from app.models import (
    Action,
)

UNFINISHED = (ActionState.OPEN, ActionState.STARTED)
MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class ComingMeeting:
    """A coming meeting of a table served."""

    meeting_id: uuid.UUID
    table_name: str
    starts_at: datetime
    ends_at: datetime
    published: bool
    started: bool
    points: OpenPoints

    @property
    def is_ready(self) -> bool:
        """Nothing is missing any more."""
        return self.published and self.points == OpenPoints(cases=self.points.cases or 1)


@dataclass(frozen=True, slots=True)
class StaffHome:
    """The start page of chair and coordinator; own seats come first when there are any."""

    own: MeetingLine | None
    has_input: bool
    meetings: tuple[ComingMeeting, ...]
    late: int
    unfinished: int
    replies_waiting: int
    stopped: int
    to_adopt: tuple[ComingMeeting, ...]
    to_confirm: ToConfirm
    emergencies: Standing
    tasks: tuple[HeldTask, ...]
    requests: WaitingRequests
    covenants: Ending


def staff_home(actor: Actor) -> StaffHome:
    """Coming meetings with what they miss, late actions, minutes to adopt, changes to confirm."""
    now, today = clock.now(), clock.today()
    late = func.sum(case((Action.due_on < today, 1), else_=0))
    with reading() as session:
        own, _total = read_own_meetings(session, actor, now=now, past=False, number=1, size=1)
        rows = session.execute(first_meetings(actor, now=now, most=MOST_SHOWN)).all()
        to_prepare = [row for row in rows if row.Meeting.closed_at is None]
        points = open_points(session, actor, [row.Meeting.id for row in to_prepare], now=now)
        to_confirm = to_confirm_by(session, actor, now)
        emergencies = standing(session, actor, now=now)
        tasks = held_tasks(session, actor, now=now)
        counted = session.execute(
            scopes.staff_actions(actor, now=now)
            .where(Action.state.in_(UNFINISHED))
            .with_only_columns(
                late,
                func.count(),
                has_input(actor, now),
                number_waiting(actor, now=now),
                number_stopped(actor),
                *waiting_columns(actor),
                *ending_columns(actor, now=now),
            )
        ).one()
    return StaffHome(
        own[0] if own else None,
        bool(counted[2]),
        tuple(_coming(row, points.get(row.Meeting.id)) for row in to_prepare),
        int(counted[0] or 0),
        int(counted[1] or 0),
        int(counted[3]),
        int(counted[4]),
        tuple(_coming(row) for row in rows if row.Meeting.closed_at is not None),
        to_confirm,
        emergencies,
        tasks,
        WaitingRequests(*counted[5:8]),
        Ending(*counted[8:]),
    )


def _coming(row: Row[*tuple[Any, ...]], points: OpenPoints | None = None) -> ComingMeeting:
    meeting = row.Meeting
    return ComingMeeting(
        meeting.id,
        row.table_name,
        meeting.starts_at,
        meeting.ends_at,
        meeting.published_at is not None,
        meeting.started_at is not None,
        points or OpenPoints(),
    )
