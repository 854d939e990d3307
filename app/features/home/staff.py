"""The start page of chair and coordinator: what waits, and the meetings that come."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, case, func, select
from sqlalchemy.engine import Row

from app.access import Actor, scopes
from app.access.administration.covenants import Ending, ending_columns
from app.access.administration.recertifying import Unanswered, late_columns
from app.access.case_life.between_marks import COLUMNS, Marks, marks_of, of_tables
from app.access.case_life.review_reminders import number_due
from app.access.lifecycle.requests_waiting import WaitingRequests, waiting_columns
from app.access.meetings.acting import Acting, acting_of
from app.access.messages.replies import number_waiting
from app.access.messages.undelivered import number_stopped
from app.access.oversight.emergency_review import Standing, standing
from app.access.records import board, takeovers
from app.access.records.actions import is_past_due
from app.access.referrals.handover_lists import number_to_look_at
from app.access.referrals.on_the_spot import may_report
from app.access.referrals.waiting import WaitingReferrals, waiting_referrals
from app.access.seats.open_points import OpenPoints, first_meetings, open_points
from app.access.seats.own_seats import MeetingLine, read_own_meetings
from app.domain.kinds import TableKind
from app.domain.states import UNFINISHED
from app.features.home.held_tasks import HeldTask, held_tasks
from app.features.home.waiting import ToConfirm, has_input, to_confirm_by
from app.infra import clock
from app.infra.db import reading
from app.models import Action, CaseTable

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
    acting: Acting | None
    points: OpenPoints

    @property
    def is_ready(self) -> bool:
        """Nothing is missing any more."""
        return self.published and self.points == OpenPoints(cases=self.points.cases or 1)


@dataclass(frozen=True, slots=True)
class StaffHome:
    """The start page of chair and coordinator; own seats come first when there are any.

    ``day_list_of`` and ``screening_of``: the first table served that keeps a list by the day.
    ``asking``: holders who ask for more time; ``to_verify``: done, and still to be looked at;
    ``gone``: people who left something open.
    """

    own: MeetingLine | None
    has_input: bool
    meetings: tuple[ComingMeeting, ...]
    late: int
    unfinished: int
    replies_waiting: int
    stopped: int
    unclosed: tuple[ComingMeeting, ...]
    to_adopt: tuple[ComingMeeting, ...]
    to_confirm: ToConfirm
    emergencies: Standing
    tasks: tuple[HeldTask, ...]
    requests: WaitingRequests
    covenants: Ending
    unanswered: Unanswered
    referrals: WaitingReferrals
    handovers: int
    reviews: int
    between: Marks
    is_on_the_spot: bool
    day_list_of: uuid.UUID | None
    screening_of: uuid.UUID | None
    asking: int
    to_verify: int
    gone: int
    now: datetime


def staff_home(actor: Actor) -> StaffHome:
    """Coming meetings with what they miss, what is to be closed, adopted or confirmed."""
    now, today = clock.now(), clock.today()
    late = func.sum(case((is_past_due(now), 1), else_=0))
    with reading() as session:
        own, _total = read_own_meetings(session, actor, now=now, past=False, number=1, size=1)
        rows = session.execute(first_meetings(actor, now=now, most=MOST_SHOWN)).all()
        to_close = [row for row in rows if row.Meeting.closed_at is None]
        to_prepare = [row for row in to_close if row.Meeting.ends_at > now]
        points = open_points(session, actor, [row.Meeting.id for row in to_prepare], now=now)
        to_confirm = to_confirm_by(session, actor, now)
        emergencies = standing(session, actor, now=now)
        tasks = held_tasks(session, actor, now=now)
        row = session.execute(
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
                *late_columns(actor, now=now),
                *waiting_referrals(actor, now=now),
                number_to_look_at(actor, now=now),
                number_due(actor, now=now),
                may_report(actor),
                *of_tables(actor, now=now, today=today),
                _first_served(actor, TableKind.ZSM),
                _first_served(actor, TableKind.SCREENING),
                *board.waiting_columns(actor, now=now),
                takeovers.number_waiting(actor, now=now),
            )
        ).one()
    counted, by_day, (asking, to_verify, gone) = row[:-5], row[-5:-3], row[-3:]
    return StaffHome(
        own[0] if own else None,
        bool(counted[2]),
        tuple(_coming(row, points.get(row.Meeting.id)) for row in to_prepare),
        int(counted[0] or 0),
        int(counted[1] or 0),
        int(counted[3]),
        int(counted[4]),
        tuple(_coming(row) for row in to_close if row.Meeting.ends_at <= now),
        tuple(_coming(row) for row in rows if row.Meeting.closed_at is not None),
        to_confirm,
        emergencies,
        tasks,
        WaitingRequests(*counted[5:8]),
        Ending(*counted[8:14]),
        Unanswered(*counted[14:16]),
        WaitingReferrals(*counted[16 : -COLUMNS - 3]),
        int(counted[-COLUMNS - 3] or 0),
        int(counted[-COLUMNS - 2] or 0),
        marks_of(counted[-COLUMNS:]),
        bool(counted[-COLUMNS - 1]),
        by_day[0],
        by_day[1],
        int(asking or 0),
        int(to_verify or 0),
        int(gone),
        now,
    )


def _first_served(actor: Actor, kind: TableKind) -> ScalarSelect[uuid.UUID]:
    return (
        select(CaseTable.id)
        .where(CaseTable.id.in_(actor.staff_table_ids), CaseTable.kind == kind)
        .order_by(CaseTable.name, CaseTable.id)
        .limit(1)
        .correlate(None)
        .scalar_subquery()
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
        acting_of(row),
        points or OpenPoints(),
    )
