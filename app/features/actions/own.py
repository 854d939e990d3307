"""The own actions of whoever is signed in: safe texts, and the full one where access opens it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import Session

from app import access
from app.access import Actor, Permission, scopes
from app.access.records import actions
from app.domain.errors import NotVisible
from app.domain.kinds import ActionState
from app.domain.states import UNFINISHED
from app.features.actions import texts
from app.features.actions.service import record_all, state_to_restore
from app.infra import clock, crypto
from app.infra.crypto import Sealed
from app.infra.db import reading, transaction
from app.models import Action, ActionEvent

PER_PAGE = 50
HIGHEST_PAGE = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRow:
    """One own action in the list."""

    id: uuid.UUID
    reference: str
    safe: str
    due_on: date
    due_at: datetime | None
    overdue: bool
    state: ActionState
    is_shared: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What staff noted as said by the reader, or an action that lapsed; waits to be confirmed."""

    action_id: uuid.UUID
    safe: str
    state: ActionState | None
    remark: str
    said_at: datetime | None
    at: datetime

    @property
    def has_lapsed(self) -> bool:
        """Whether it says that the action no longer has to be done."""
        return self.state is ActionState.LAPSED


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnList:
    """One page of the own actions: open ones soonest first, or finished ones latest first."""

    rows: tuple[OwnRow, ...]
    found: int
    number: int
    pages: int
    finished: bool
    told: tuple[Told, ...]
    undo_id: uuid.UUID | None


def own_list(
    actor: Actor, *, finished: bool, number: int, saved_id: uuid.UUID | None = None
) -> OwnList:
    """The list, what waits for confirmation, and whether the report of just now may be undone."""
    now = clock.now()
    number = min(max(1, number), HIGHEST_PAGE)
    unfinished = Action.state.in_(UNFINISHED)
    statement = (
        scopes.own_actions(actor, now=now)
        .add_columns(func.count().over().label("found"))
        .where(~unfinished if finished else unfinished)
        .order_by(Action.finished_at.desc() if finished else Action.due_on, Action.id)
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    )
    with transaction() as session:
        rows = session.execute(statement).all()
        told = session.execute(actions.to_tell(actor, now=now).order_by(ActionEvent.at)).all()
        record_all(session, actor, [row.Action for row in told if _own_words(row.ActionEvent)])
        undo_id = _undoable(session, actor, saved_id)
    opened = crypto.unseal_many([
        *(texts.safe_text(row.Action) for row in rows),
        *(sealed for row in told for sealed in _told_texts(row)),
    ])  # fmt: skip
    found = rows[0].found if rows else 0
    said = opened[len(rows) :]
    return OwnList(
        rows=tuple(_row(row, safe) for row, safe in zip(rows, opened, strict=False)),
        found=found,
        number=number,
        pages=max(1, -(-found // PER_PAGE)),
        finished=finished,
        told=tuple(
            Told(
                action_id=row.Action.id,
                safe=said[2 * index],
                remark=said[2 * index + 1],
                state=row.ActionEvent.state,
                said_at=row.ActionEvent.said_at,
                at=row.ActionEvent.at,
            )
            for index, row in enumerate(told)
        ),
        undo_id=undo_id,
    )


def _row(row: Any, safe: str) -> OwnRow:  # noqa: ANN401 - a result row
    action: Action = row.Action
    return OwnRow(
        id=action.id,
        reference=row.Case.reference,
        safe=safe,
        due_on=action.due_on,
        due_at=action.due_at,
        overdue=actions.is_overdue(action),
        state=action.state,
        is_shared=action.person_id is None,
    )


def _told_texts(row: Any) -> tuple[Sealed, Sealed]:  # noqa: ANN401 - a result row
    remark = texts.remark(row.ActionEvent) if _own_words(row.ActionEvent) else Sealed(None, "")
    return texts.safe_text(row.Action), remark


def _own_words(event: ActionEvent) -> bool:
    """What the reader said; why an action lapsed is for whom its full text opens."""
    return event.said_by_id is not None and event.remark_ct is not None


def _undoable(session: Session, actor: Actor, action_id: uuid.UUID | None) -> uuid.UUID | None:
    if action_id is None:
        return None
    try:
        loaded = access.load_own_action(session, actor, action_id, Permission.ACTION_REPORT)
    except NotVisible:
        return None
    return action_id if state_to_restore(session, loaded, actor) else None


def count_unfinished(actor: Actor) -> int:
    """How many own actions are still open."""
    statement = (
        scopes.own_actions(actor, now=clock.now())
        .where(Action.state.in_(UNFINISHED))
        .with_only_columns(func.count())
    )
    with reading() as session:
        return session.scalar(statement) or 0
