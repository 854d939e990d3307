"""What the worker knows of an unfinished action when it looks whom to tell; never a text of it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from app.domain.chasing import Term
from app.domain.kinds import TableKind
from app.domain.states import UNFINISHED
from app.models import Action, ActionEvent, ActionPause, CaseTable

ACUTE: Final = tuple(kind for kind in TableKind if kind.is_acute)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chased:
    """One unfinished action with its term."""

    id: uuid.UUID
    table_id: uuid.UUID
    case_id: uuid.UUID
    item_id: uuid.UUID
    reminded_at: datetime | None
    term: Term


def chased(*more: ColumnElement[bool], on: date) -> Select[*tuple[Any, ...]]:
    """Unfinished actions that are not paused on this day; columns only."""
    return (
        select(
            Action.id,
            Action.table_id,
            Action.case_id,
            Action.item_id,
            Action.due_on,
            Action.due_at,
            Action.recorded_at,
            Action.reminded_at,
            CaseTable.kind,
        )
        .join(CaseTable, CaseTable.id == Action.table_id)
        .where(
            Action.state.in_(UNFINISHED),
            Action.taken_back_at.is_(None),
            ~exists().where(ActionPause.action_id == Action.id, is_paused(on)),
            *more,
        )
    )


def is_paused(on: date) -> ColumnElement[bool]:
    """``ActionPause`` holds on this day; on its last it is over."""
    return and_(ActionPause.ended_at.is_(None), ActionPause.until_on > on)


@dataclass(frozen=True, slots=True)
class Marks:
    """When an action last got another term, another holder and an answer by telephone, if ever."""

    moved_at: datetime | None = None
    passed_on_at: datetime | None = None
    answered_at: datetime | None = None


def read(session: Session, statement: Select[*tuple[Any, ...]]) -> list[Chased]:
    """The actions of a statement of ``chased``. Two statements."""
    rows = session.execute(statement).all()
    marks = marks_of(session, [row.id for row in rows])
    return [_chased(row, marks.get(row.id, Marks())) for row in rows]


def marks_of(session: Session, ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Marks]:
    """What the history of these actions says of their terms. One statement."""
    if not ids:
        return {}
    moved = func.max(case((ActionEvent.new_due_on.is_not(None), ActionEvent.at)))
    is_passed_on = or_(
        ActionEvent.new_person_id.is_not(None), ActionEvent.new_organisation_id.is_not(None)
    )
    passed_on = func.max(case((is_passed_on, ActionEvent.at)))
    answered = func.max(case((ActionEvent.said_by_id.is_not(None), ActionEvent.at)))
    rows = session.execute(
        select(
            ActionEvent.action_id,
            moved.label("moved_at"),
            passed_on.label("passed_on_at"),
            answered.label("answered_at"),
        )
        .where(ActionEvent.action_id.in_(ids))
        .group_by(ActionEvent.action_id)
    )
    return {row.action_id: Marks(row.moved_at, row.passed_on_at, row.answered_at) for row in rows}


def _chased(row: Any, marks: Marks) -> Chased:  # noqa: ANN401 - a row
    since = marks.moved_at or row.recorded_at
    # What the holder before said by telephone answers nothing for the next one.
    asked_since = max(since, marks.passed_on_at or since)
    answered_at = marks.answered_at
    return Chased(
        id=row.id,
        table_id=row.table_id,
        case_id=row.case_id,
        item_id=row.item_id,
        reminded_at=row.reminded_at,
        term=Term(
            due_on=row.due_on,
            due_at=row.due_at,
            since=since,
            is_acute=row.kind.is_acute,
            answered_at=answered_at if answered_at and answered_at >= asked_since else None,
        ),
    )
