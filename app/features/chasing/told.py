"""The actions of an organisation its deputy, team lead or contact was told of: the safe text only.

Never the case, its reference or how it goes there; that it was read is recorded.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func

from app.access import Actor, audit, followed
from app.access.records import actions
from app.domain.kinds import ActionState
from app.infra import clock, crypto
from app.infra.crypto import Sealed
from app.infra.db import transaction
from app.models import Action, CaseTable, Person

PER_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldRow:
    """One action; ``holder`` is empty where it is the whole organisation's."""

    id: uuid.UUID
    safe: str
    holder: str
    table: str
    due_on: date
    due_at: datetime | None
    overdue: bool
    state: ActionState


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldPage:
    """One page of them, longest overdue first."""

    rows: tuple[ToldRow, ...]
    number: int
    pages: int


def told_page(actor: Actor, *, number: int) -> ToldPage:
    """Load, record that they were read, and open the texts once the record stands."""
    statement = (
        followed.chased_actions(actor, now=clock.now())
        .join(CaseTable, CaseTable.id == Action.table_id)
        .outerjoin(Person, Person.id == Action.person_id)
        .add_columns(
            CaseTable.name.label("table"),
            Person.name.label("holder"),
            func.count().over().label("found"),
        )
        .order_by(Action.due_on, Action.id)
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    )
    with transaction() as session:
        rows = session.execute(statement).all()
        audit.record_all(session, actor, [_entry(row.Action) for row in rows])
    safe = crypto.unseal_many(
        [Sealed(row.Action.safe_ct, f"action:{row.Action.id}:safe") for row in rows]
    )
    found = rows[0].found if rows else 0
    return ToldPage(
        rows=tuple(
            ToldRow(
                id=row.Action.id,
                safe=text,
                holder=row.holder or "",
                table=row.table,
                due_on=row.Action.due_on,
                due_at=row.Action.due_at,
                overdue=actions.is_overdue(row.Action),
                state=row.Action.state,
            )
            for row, text in zip(rows, safe, strict=True)
        ),
        number=number,
        pages=max(1, -(-found // PER_PAGE)),
    )


def _entry(action: Action) -> audit.Entry:
    """No case was opened: a list of neutral texts is no reason for an alarm."""
    return audit.Entry(
        event=audit.Event.READ,
        object_kind="chased-action",
        object_id=action.id,
        table_id=action.table_id,
    )
