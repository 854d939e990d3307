"""One action as a row of the board, its check pages and its calendar: the safe text only."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.access.records import actions
from app.domain.board import Checked
from app.domain.kinds import ActionState
from app.domain.states import UNFINISHED
from app.features.actions import texts
from app.infra import clock, crypto
from app.models import Action


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """One action; ``late_days`` is None where it is not late, 0 where an hour of today is over.

    ``asked_until``: its holder asks for more time until then; ``paused_until``: nobody is told
    until then; ``checked`` where its table looks at what is done.
    """

    id: uuid.UUID
    safe: str
    reference: str
    table_id: uuid.UUID
    table: str
    organisation: str
    holder: str
    due_on: date
    due_at: datetime | None
    state: ActionState
    late_days: int | None
    reminded_at: datetime | None
    asked_until: date | None
    paused_until: date | None
    checked: Checked | None
    version: int

    @property
    def overdue(self) -> bool:
        """Unfinished and past its term."""
        return self.late_days is not None

    @property
    def is_unfinished(self) -> bool:
        """It still asks something of its holder."""
        return self.state in UNFINISHED


def rows_of(found: Sequence[Any]) -> tuple[BoardRow, ...]:
    """Rows of ``board.with_names``, opened; at most one statement, on the keys."""
    safe = crypto.unseal_many([texts.safe_text(row.Action) for row in found])
    return tuple(_row(row, text) for row, text in zip(found, safe, strict=True))


def _row(row: Any, safe: str) -> BoardRow:  # noqa: ANN401 - a result row
    action: Action = row.Action
    today = clock.today()
    is_late = actions.is_overdue(action)
    return BoardRow(
        id=action.id,
        safe=safe,
        reference=row.Case.reference,
        table_id=action.table_id,
        table=row.table,
        organisation=row.organisation,
        holder=row.holder or "",
        due_on=action.due_on,
        due_at=action.due_at,
        state=action.state,
        late_days=(today - action.due_on).days if is_late else None,
        reminded_at=action.reminded_at,
        asked_until=row.asked_until if action.state in UNFINISHED else None,
        paused_until=_ahead(row.paused_until, today) if action.state in UNFINISHED else None,
        checked=_checked(action, asked_for=bool(row.verifies)),
        version=action.version,
    )


def _ahead(day: date | None, today: date) -> date | None:
    return day if day is not None and day > today else None


def _checked(action: Action, *, asked_for: bool) -> Checked | None:
    if action.state is not ActionState.DONE:
        return None
    if action.verified_at is not None:
        return Checked.DONE
    return Checked.WAITS if asked_for else None
