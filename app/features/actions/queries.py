"""What staff see of all actions: the board, and the check before reminding; safe texts only."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, select, union_all

from app.access import Actor, scopes
from app.access.records import actions
from app.domain.kinds import ActionState
from app.domain.states import action_is_overdue
from app.features.actions import texts
from app.features.actions.follow import is_recent
from app.infra import clock, crypto
from app.infra.db import reading
from app.models import Action, CaseTable, Covenant, Organisation, Person

PER_PAGE = 50
HIGHEST_PAGE = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the board is narrowed to; None is everything of that kind."""

    table_id: uuid.UUID | None = None
    organisation_id: uuid.UUID | None = None
    states: tuple[ActionState, ...] = actions.UNFINISHED
    only_overdue: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One possibility of a filter."""

    id: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What may be chosen in the filters of this person."""

    tables: tuple[Choice, ...]
    organisations: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """One action on the board: the safe text only."""

    id: uuid.UUID
    safe: str
    reference: str
    organisation: str
    holder: str
    due_on: date
    state: ActionState
    overdue: bool
    reminded_at: datetime | None
    can_remind: bool


@dataclass(frozen=True, slots=True)
class Board:
    """One page of the board, overdue actions first."""

    rows: tuple[BoardRow, ...]
    found: int
    number: int
    pages: int


def board_choices(actor: Actor) -> Choices:
    """Tables served and the organisations that take part in them, in one statement."""
    tables = select(literal("table").label("kind"), CaseTable.id, CaseTable.name).where(
        CaseTable.id.in_(actor.staff_table_ids)
    )
    organisations = (
        select(literal("organisation"), Organisation.id, Organisation.name)
        .join(Covenant, Covenant.organisation_id == Organisation.id)
        .where(Covenant.table_id.in_(actor.staff_table_ids))
    )
    both = union_all(tables, organisations.distinct()).subquery()
    with reading() as session:
        rows = session.execute(select(both).order_by(both.c.name)).all()
    return Choices(
        tables=tuple(Choice(row.id, row.name) for row in rows if row.kind == "table"),
        organisations=tuple(Choice(row.id, row.name) for row in rows if row.kind != "table"),
    )


def board_page(actor: Actor, filters: Filters, *, number: int) -> Board:
    """One page of 50; a page beyond the last is the last one asked for, empty."""
    number = min(max(1, number), HIGHEST_PAGE)
    today = clock.today()
    overdue = and_(Action.state.in_(actions.UNFINISHED), Action.due_on < today)
    unfinished = Action.state.in_(actions.UNFINISHED)
    statement = (
        _narrowed(_with_holders(actor), filters, overdue=overdue)
        .add_columns(func.count().over().label("found"))
        .order_by(case((overdue, 0), (unfinished, 1), else_=2), Action.due_on, Action.id)
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    )
    with reading() as session:
        rows = session.execute(statement).all()
    found = rows[0].found if rows else 0
    safe = crypto.unseal_many([texts.safe_text(row.Action) for row in rows])
    return Board(
        rows=tuple(_board_row(row, text, today) for row, text in zip(rows, safe, strict=True)),
        found=found,
        number=number,
        pages=max(1, -(-found // PER_PAGE)),
    )


def _with_holders(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        scopes.staff_actions(actor, now=clock.now())
        .join(Organisation, Organisation.id == Action.organisation_id)
        .outerjoin(Person, Person.id == Action.person_id)
        .add_columns(
            Organisation.name.label("organisation"),
            Person.name.label("holder"),
        )
    )


def _narrowed(
    statement: Select[*tuple[Any, ...]], filters: Filters, *, overdue: ColumnElement[bool]
) -> Select[*tuple[Any, ...]]:
    statement = statement.where(Action.state.in_(filters.states))
    if filters.table_id is not None:
        statement = statement.where(Action.table_id == filters.table_id)
    if filters.organisation_id is not None:
        statement = statement.where(Action.organisation_id == filters.organisation_id)
    return statement.where(overdue) if filters.only_overdue else statement


def _board_row(row: Any, safe: str, today: date) -> BoardRow:  # noqa: ANN401 - a result row
    action: Action = row.Action
    return BoardRow(
        id=action.id,
        safe=safe,
        reference=row.Case.reference,
        organisation=row.organisation,
        holder=row.holder or "",
        due_on=action.due_on,
        state=action.state,
        overdue=action_is_overdue(action.due_on, action.state, today),
        reminded_at=action.reminded_at,
        can_remind=action.state in actions.UNFINISHED,
    )


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One action that may be reminded of: who gets the mail, and whether that would be soon."""

    action: BoardRow
    recipients: int
    recent: bool


def reminder_check(actor: Actor, action_ids: Collection[uuid.UUID]) -> tuple[CheckRow, ...]:
    """Who, what and when last; without ids the first 50 overdue actions. Done ones are absent."""
    now, today = clock.now(), clock.today()
    unfinished = Action.state.in_(actions.UNFINISHED)
    statement = (
        _with_holders(actor)
        .where(unfinished, Action.id.in_(action_ids) if action_ids else Action.due_on < today)
        .order_by(Action.due_on, Action.id)
        .limit(PER_PAGE)
    )
    with reading() as session:
        rows = session.execute(statement).all()
        found = [row.Action.id for row in rows]
        recipients: dict[uuid.UUID, int] = dict.fromkeys(found, 0)
        for reminder in actions.reminders(session, actor, found, now=now):
            recipients[reminder.action.id] += 1
    safe = crypto.unseal_many([texts.safe_text(row.Action) for row in rows])
    return tuple(
        CheckRow(
            action=_board_row(row, text, today),
            recipients=recipients[row.Action.id],
            recent=is_recent(row.Action.reminded_at, now),
        )
        for row, text in zip(rows, safe, strict=True)
    )
