"""What the start page shows: for a representative at most three blocks, for staff what waits."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session

from app.access import Actor, scopes
from app.access.administration.changes import confirmable
from app.access.administration.covenants import Ending, ending_columns
from app.access.lifecycle.requests_waiting import WaitingRequests, waiting_columns
from app.access.meetings.source_decisions import readers_waiting
from app.access.messages.replies import number_waiting
from app.access.messages.undelivered import number_stopped
from app.access.oversight.emergency_review import Standing, standing
from app.access.permissions import Audience
from app.access.records.actions import is_untold_lapse
from app.access.seats.input_requests import said_for
from app.access.seats.open_points import OpenPoints, first_meetings, open_points
from app.access.seats.own_input import own_input
from app.access.seats.own_seats import MeetingLine, read_own_meetings
from app.domain.kinds import ActionState, PowerfulChangeKind
from app.features.home.held_tasks import HeldTask, held_tasks
from app.infra import clock, crypto
from app.infra.crypto import Sealed
from app.infra.db import reading
from app.models import (
    Action,
    CaseTable,
    InputRequest,
    Organisation,
    Person,
    PowerfulChange,
    Section,
)

UNFINISHED = (ActionState.OPEN, ActionState.STARTED)
MOST_SHOWN = 5
MOST_CHANGES = 3


@dataclass(frozen=True, slots=True)
class AskedInput:
    """A request for input: when it is due; or an answer taken down for one, to be confirmed."""

    request_id: uuid.UUID
    starts_at: datetime
    deadline_at: datetime
    to_confirm: bool


@dataclass(frozen=True, slots=True)
class OwnAction:
    """An own action by its safe text; one that lapsed stands here until its holder has seen it."""

    action_id: uuid.UUID
    text: str
    due_on: date
    late: bool
    lapsed: bool


@dataclass(frozen=True, slots=True)
class WaitingChange:
    """A powerful change that waits for a second person: what, and for whom."""

    kind: PowerfulChangeKind
    subject: str
    requested_at: datetime


@dataclass(frozen=True, slots=True)
class ToConfirm:
    """The first few changes the reader may confirm, and how many more there are."""

    changes: tuple[WaitingChange, ...]
    more: int


NOTHING_TO_CONFIRM = ToConfirm((), 0)


@dataclass(frozen=True, slots=True)
class PartnerHome:
    """The start page of a representative; ``confirms`` is for a privacy officer."""

    next: MeetingLine | None
    more_meetings: int
    asked: tuple[AskedInput, ...]
    waiting: int
    has_input: bool
    requests: WaitingRequests
    actions: tuple[OwnAction, ...]
    more_actions: int
    to_confirm: ToConfirm
    confirms: bool
    emergencies: Standing
    tasks: tuple[HeldTask, ...]


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


@dataclass(frozen=True, slots=True)
class OfficeHome:
    """The start page of the functional administrator: numbers of the set-up, never of cases."""

    organisations: int
    people: int
    tables: int
    changes: int
    covenants: Ending


def partner_home(actor: Actor) -> PartnerHome:
    """Next own meeting, asked input, own actions; five statements and one on the key store.

    A privacy officer sees first what waits for confirmation: one statement more.
    """
    now, today = clock.now(), clock.today()
    with reading() as session:
        meetings, total = read_own_meetings(session, actor, now=now, past=False, number=1, size=1)
        asked = _asked(session, actor, now)
        waiting, has_input, requests = _of_source(session, actor, now)
        to_confirm = _to_confirm(session, actor, now)
        emergencies = standing(session, actor, now=now)
        tasks = held_tasks(session, actor, now=now)
        rows = session.execute(
            scopes.own_actions(actor, now=now)
            .add_columns(func.count().over().label("total"))
            .where(or_(Action.state.in_(UNFINISHED), is_untold_lapse()))
            .order_by(Action.due_on, Action.id)
            .limit(MOST_SHOWN)
        ).all()
    texts = crypto.unseal_many(
        [Sealed(row.Action.safe_ct, f"action:{row.Action.id}:safe") for row in rows]
    )
    return PartnerHome(
        next=meetings[0] if meetings else None,
        more_meetings=max(0, total - 1),
        asked=asked,
        waiting=waiting,
        has_input=has_input,
        requests=requests,
        actions=tuple(
            _own_action(row.Action, text, today) for row, text in zip(rows, texts, strict=True)
        ),
        more_actions=rows[0].total - len(rows) if rows else 0,
        to_confirm=to_confirm,
        confirms=actor.belongs_to(Audience.CONFIRMER),
        emergencies=emergencies,
        tasks=tasks,
    )


def _to_confirm(session: Session, actor: Actor, now: datetime) -> ToConfirm:
    """What waits for somebody like the actor, oldest first; asks nothing for who never confirms."""
    if not actor.belongs_to(Audience.CONFIRMER):
        return NOTHING_TO_CONFIRM
    rows = session.execute(
        confirmable(actor, now=now)
        .outerjoin(Person, Person.id == PowerfulChange.subject_id)
        .outerjoin(CaseTable, CaseTable.id == PowerfulChange.table_id)
        .where(PowerfulChange.decided_at.is_(None))
        .add_columns(
            func.coalesce(Person.name, CaseTable.name).label("name"),
            func.count().over().label("total"),
        )
        .order_by(PowerfulChange.requested_at, PowerfulChange.id)
        .limit(MOST_CHANGES)
    ).all()
    return ToConfirm(
        tuple(
            WaitingChange(row.PowerfulChange.kind, row.name, row.PowerfulChange.requested_at)
            for row in rows
        ),
        rows[0].total - len(rows) if rows else 0,
    )


def _own_action(action: Action, text: str, today: date) -> OwnAction:
    lapsed = action.state is ActionState.LAPSED
    return OwnAction(action.id, text, action.due_on, not lapsed and action.due_on < today, lapsed)


def _asked(session: Session, actor: Actor, now: datetime) -> tuple[AskedInput, ...]:
    rows = session.execute(
        scopes.own_requests(actor, now=now)
        .where(or_(scopes.is_open_request(now), said_for(actor, now=now)))
        .order_by(InputRequest.deadline_at)
        .limit(MOST_SHOWN)
    )
    return tuple(
        AskedInput(
            row.InputRequest.id,
            row.AgendaItem.starts_at,
            row.InputRequest.deadline_at,
            row.InputRequest.answered_at is not None,
        )
        for row in rows
    )


def _of_source(session: Session, actor: Actor, now: datetime) -> tuple[int, bool, WaitingRequests]:
    """What waits for the own organisation as source, whether it has input, and what is asked."""
    if not actor.representative_table_ids:
        return 0, False, WaitingRequests()
    counted = readers_waiting(actor, now=now)
    row = session.execute(select(counted, _has_input(actor, now), *waiting_columns(actor))).one()
    return int(row[0] or 0), bool(row[1]), WaitingRequests(*row[2:])


def _has_input(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """Whether the own organisation brought anything, whatever the statement around it is about."""
    return own_input(actor, now=now).with_only_columns(Section.id).correlate(None).exists()


def staff_home(actor: Actor) -> StaffHome:
    """Coming meetings with what they miss, late actions, minutes to adopt, changes to confirm."""
    now, today = clock.now(), clock.today()
    late = func.sum(case((Action.due_on < today, 1), else_=0))
    with reading() as session:
        own, _total = read_own_meetings(session, actor, now=now, past=False, number=1, size=1)
        rows = session.execute(first_meetings(actor, now=now, most=MOST_SHOWN)).all()
        to_prepare = [row for row in rows if row.Meeting.closed_at is None]
        points = open_points(session, actor, [row.Meeting.id for row in to_prepare], now=now)
        to_confirm = _to_confirm(session, actor, now)
        emergencies = standing(session, actor, now=now)
        tasks = held_tasks(session, actor, now=now)
        counted = session.execute(
            scopes.staff_actions(actor, now=now)
            .where(Action.state.in_(UNFINISHED))
            .with_only_columns(
                late,
                func.count(),
                _has_input(actor, now),
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


def office_home(actor: Actor) -> OfficeHome:
    """Four counts in one statement."""
    with reading() as session:
        row = session.execute(
            select(
                select(func.count()).select_from(Organisation).scalar_subquery(),
                select(func.count()).select_from(Person).scalar_subquery(),
                select(func.count()).select_from(CaseTable).scalar_subquery(),
                select(func.count())
                .select_from(PowerfulChange)
                .where(PowerfulChange.decided_at.is_(None))
                .scalar_subquery(),
                *ending_columns(actor, now=clock.now()),
            )
        ).one()
    return OfficeHome(row[0], row[1], row[2], row[3], Ending(*row[4:]))
