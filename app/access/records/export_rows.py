"""What a copy of actions holds: safe texts only, of what its reader may see at that moment.

The rows of a copy are settled once, by their ids, and read in parts; each part is narrowed to the
reader again. A full text never comes out of here, and a reference for staff alone.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.access import scopes
from app.access.actor import Actor
from app.access.records import board
from app.access.records.actions import is_overdue
from app.domain.board import Filters, Shown, read_query
from app.domain.errors import NotVisible
from app.domain.kinds import ActionState, ExportKind
from app.domain.states import UNFINISHED
from app.infra import clock
from app.infra.crypto import Sealed
from app.models import Action, CaseTable, Organisation, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedAction:
    """One action as it stands in a copy; ``reference`` is empty for who is no staff."""

    id: uuid.UUID
    table_id: uuid.UUID
    table: str
    reference: str
    safe: Sealed
    organisation: str
    holder: str
    due_on: date
    due_at: datetime | None
    state: ActionState
    is_late: bool
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a copy is to hold; ``query`` says it as the list's address does, with ids only."""

    kind: ExportKind
    query: str
    filters: Filters


def wanted(kind: ExportKind, query: str) -> Wanted:
    """What an address asks for: the filters of the board, or open or finished ones of the own list.

    NotVisible for what neither list would show.
    """
    if kind is ExportKind.ORGANISATION_ACTIONS:
        finished = "finished" in dict(parse_qsl(query, keep_blank_values=True))
        shown = Shown.ALL if finished else Shown.UNFINISHED
        return Wanted(kind, "finished=1" if finished else "", Filters(state=shown))
    try:
        filters = read_query(query)
    except ValueError:
        raise NotVisible from None
    return Wanted(kind, filters.query(), filters)


def scope_of(actor: Actor, kind: ExportKind, *, now: datetime) -> Select[*tuple[Any, ...]]:
    """Everything a copy of this kind may hold for the actor; NotVisible for who makes none."""
    if kind is ExportKind.ORGANISATION_ACTIONS:
        return scopes.own_actions(actor, now=now)
    if not actor.is_staff:
        raise NotVisible
    return scopes.staff_actions(actor, now=now)


def count(session: Session, actor: Actor, what: Wanted) -> int:
    """How many rows a copy would have now. One statement."""
    return session.scalar(select(func.count()).select_from(_narrowed(actor, what).subquery())) or 0


def ids_of(session: Session, actor: Actor, what: Wanted) -> list[uuid.UUID]:
    """Which actions a copy holds, soonest first. One statement."""
    return list(session.scalars(_narrowed(actor, what).order_by(Action.due_on, Action.id)))


def _narrowed(actor: Actor, what: Wanted) -> Select[uuid.UUID]:
    now = clock.now()
    found = board.narrow(scope_of(actor, what.kind, now=now), actor, what.filters, now=now)
    if what.kind is ExportKind.ORGANISATION_ACTIONS and what.filters.state is Shown.ALL:
        found = found.where(Action.state.not_in(UNFINISHED))
    return _ids(found)


def _ids(statement: Select[*tuple[Any, ...]]) -> Select[uuid.UUID]:
    return statement.with_only_columns(Action.id).order_by(None)


def are_visible(
    session: Session, actor: Actor, kind: ExportKind, ids: Collection[uuid.UUID]
) -> bool:
    """Whether the actor may see every one of these just now. One statement, however many."""
    return set(ids) <= set(session.scalars(_ids(scope_of(actor, kind, now=clock.now()))))


def rows_of(
    session: Session, actor: Actor, kind: ExportKind, ids: Sequence[uuid.UUID]
) -> list[CopiedAction]:
    """These actions in this order, as far as the actor may see them now. One statement."""
    rows = session.execute(
        scope_of(actor, kind, now=clock.now())
        .join(CaseTable, CaseTable.id == Action.table_id)
        .join(Organisation, Organisation.id == Action.organisation_id)
        .outerjoin(Person, Person.id == Action.person_id)
        .add_columns(
            CaseTable.name.label("table"),
            Organisation.name.label("organisation"),
            Person.name.label("holder"),
        )
        .where(Action.id.in_(ids))
    )
    found = {row.Action.id: _copied(row, kind) for row in rows}
    return [found[one] for one in ids if one in found]


def _copied(row: Any, kind: ExportKind) -> CopiedAction:  # noqa: ANN401 - a result row
    action: Action = row.Action
    return CopiedAction(
        id=action.id,
        table_id=action.table_id,
        table=row.table,
        reference=row.Case.reference if kind is ExportKind.ACTIONS else "",
        safe=Sealed(action.safe_ct, f"action:{action.id}:safe"),
        organisation=row.organisation,
        holder=row.holder or "",
        due_on=action.due_on,
        due_at=action.due_at,
        state=action.state,
        is_late=is_overdue(action),
        finished_at=action.finished_at,
    )
