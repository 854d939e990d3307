"""The handovers of a case as its staff see them: what waits, what came back, what went."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.access import Actor, audit
from app.access.referrals import handover_answers, handover_lists
from app.access.referrals.handovers import line_of
from app.domain.kinds import Ground
from app.infra import clock
from app.infra.crypto import Sealed
from app.models import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverLine:
    """One handover, sent from this table or how the case came here, with the times of both."""

    id: uuid.UUID
    from_table: str
    to: str
    proposed_at: datetime
    due_at: datetime
    is_late: bool
    accepted_at: datetime | None
    accepted_by: str
    refused_at: datetime | None
    withdrawn_at: datetime | None
    answer: str

    @property
    def waits(self) -> bool:
        """Nobody answered it and nobody took it back."""
        return not (self.accepted_at or self.refused_at or self.withdrawn_at)


def read_handovers(
    session: Session, actor: Actor, case: Case
) -> tuple[Sequence[Any], list[audit.Entry]]:
    """The handovers of a loaded case, and the lines of the log for reading why one came back."""
    rows = session.execute(handover_lists.of_case(actor, case)).all()
    return rows, [
        line_of(row.Handover, audit.Event.READ, Ground.STAFF)
        for row in rows
        if row.Handover.answer_ct
    ]


def sealed_answers(actor: Actor, rows: Sequence[Any]) -> list[Sealed]:
    """Why they came back, for the table that sent them."""
    return [
        handover_answers.sealed_answer(row.Handover)
        for row in rows
        if row.Handover.from_table_id in actor.staff_table_ids
    ]


def handover_lines(rows: Sequence[Any], texts: dict[str, str]) -> tuple[HandoverLine, ...]:
    """The lines with their texts opened, by what each text belongs to; the last one first."""
    now = clock.now()
    return tuple(_line(row, row.Handover, texts, now) for row in rows)


def _line(row: Any, one: Any, texts: dict[str, str], now: datetime) -> HandoverLine:  # noqa: ANN401 - a joined row
    answered = one.accepted_at or one.refused_at or one.withdrawn_at
    return HandoverLine(
        id=one.id,
        from_table=row.from_table,
        to=row.to_table or row.to_team or "",
        proposed_at=one.proposed_at,
        due_at=one.due_at,
        is_late=not answered and one.due_at <= now,
        accepted_at=one.accepted_at,
        accepted_by=row.accepted_by or "",
        refused_at=one.refused_at,
        withdrawn_at=one.withdrawn_at,
        answer=texts.get(handover_answers.answer_binding(one.id), ""),
    )
