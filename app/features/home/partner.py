"""The start page of a representative: at most three blocks."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_
from sqlalchemy.orm import Session

from app.access import Actor, scopes
from app.access.lifecycle.requests_waiting import WaitingRequests
from app.access.oversight.emergency_review import Standing, standing
from app.access.permissions import Audience
from app.access.records.actions import is_overdue, is_untold_lapse
from app.access.seats.input_requests import said_for
from app.access.seats.own_seats import MeetingLine, read_own_meetings
from app.domain.kinds import ActionState
from app.domain.states import UNFINISHED
from app.features.home.held_tasks import HeldTask, held_tasks
from app.features.home.waiting import ToConfirm, asked_of_source, to_confirm_by
from app.infra import clock, crypto
from app.infra.crypto import Sealed
from app.infra.db import reading
from app.models import (
    Action,
    InputRequest,
)

MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class AskedInput:
    """A request for input: when it is due; or an answer taken down for one, to be confirmed."""

    request_id: uuid.UUID
    starts_at: datetime
    deadline_at: datetime
    to_confirm: bool
    asks_known: bool


@dataclass(frozen=True, slots=True)
class OwnAction:
    """An own action by its safe text; one that lapsed stands here until its holder has seen it."""

    action_id: uuid.UUID
    text: str
    due_on: date
    late: bool
    lapsed: bool


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
    brings: uuid.UUID | None
    questions: int
    may_refer: bool
    is_on_the_spot: bool
    survey: uuid.UUID | None
    has_chased: bool
    colleagues: int | None


def partner_home(actor: Actor) -> PartnerHome:
    """Next own meeting, asked input, own actions; five statements and one on the key store.

    A privacy officer sees first what waits for confirmation: one statement more.
    """
    now = clock.now()
    with reading() as session:
        meetings, total = read_own_meetings(session, actor, now=now, past=False, number=1, size=1)
        asked = _asked(session, actor, now)
        source = asked_of_source(session, actor, now)
        to_confirm = to_confirm_by(session, actor, now)
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
        waiting=source.waiting,
        has_input=source.has_input,
        requests=source.requests,
        questions=source.questions,
        may_refer=actor.may_refer,
        is_on_the_spot=source.is_on_the_spot,
        survey=source.survey,
        has_chased=source.has_chased,
        colleagues=source.colleagues,
        actions=tuple(_own_action(row.Action, text) for row, text in zip(rows, texts, strict=True)),
        more_actions=rows[0].total - len(rows) if rows else 0,
        to_confirm=to_confirm,
        confirms=actor.belongs_to(Audience.CONFIRMER),
        emergencies=emergencies,
        tasks=tasks,
        brings=source.brings,
    )


def _own_action(action: Action, text: str) -> OwnAction:
    lapsed = action.state is ActionState.LAPSED
    return OwnAction(action.id, text, action.due_on, not lapsed and is_overdue(action), lapsed)


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
            row.InputRequest.asks_known and row.InputRequest.known is None,
        )
        for row in rows
    )
