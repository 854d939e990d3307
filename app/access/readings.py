"""Log lines for questions and decisions opened through one's own seats; sections have their own."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy.engine import Row

from app.access import audit
from app.domain.kinds import Ground
from app.models import Decision, Meeting


def readings_of(
    open_rows: Sequence[Row[*tuple[Any, ...]]], decisions: Sequence[Decision], meeting: Meeting
) -> list[audit.Entry]:
    """One line per question of an open item and per decision; the caller records them."""
    questions = [
        _line("question", meeting, row.Case.id, row.AgendaItem.id, row.Case.id)
        for row in open_rows
        if row.Case.question_ct
    ]
    read = [_line("decision", meeting, one.id, one.item_id, one.case_id) for one in decisions]
    return questions + read


def _line(
    kind: str, meeting: Meeting, object_id: uuid.UUID, item_id: uuid.UUID, case_id: uuid.UUID
) -> audit.Entry:
    return audit.Entry(
        event=audit.Event.READ,
        object_kind=kind,
        object_id=object_id,
        ground=Ground.SEAT,
        table_id=meeting.table_id,
        meeting_id=meeting.id,
        item_id=item_id,
        case_id=case_id,
    )
