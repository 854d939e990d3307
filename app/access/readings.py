"""Log lines for the questions, decisions and actions a page opens; sections have their own."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy.engine import Row

from app.access import audit
from app.access.disclosure import sealed_question
from app.domain.kinds import Ground
from app.models import Action, AgendaItem, Case, Decision, Meeting, Note


def readings_of(
    open_rows: Sequence[Row[*tuple[Any, ...]]], decisions: Sequence[Decision], meeting: Meeting
) -> list[audit.Entry]:
    """One line per question of an open item and per decision; the caller records them."""
    questions = [
        _line("question", meeting, row.AgendaItem, row.Case.id)
        for row in open_rows
        if sealed_question(row.Case, row.ItemQuestion).ciphertext
    ]
    read = [_line("decision", meeting, one, one.id) for one in decisions]
    return questions + read


def readings_of_notes(notes: Sequence[Note], meeting: Meeting) -> list[audit.Entry]:
    """One line per note a seat reads; the caller records them."""
    return [_line("note", meeting, one, one.id) for one in notes]


def readings_of_case(case: Case, exclusion_ids: Sequence[uuid.UUID] = ()) -> list[audit.Entry]:
    """The case as staff open it, its question included, and every exclusion with its reason."""
    opened = [("case", case.id), *(("exclusion", one) for one in exclusion_ids)]
    return [
        audit.Entry(
            event=audit.Event.READ,
            object_kind=kind,
            object_id=object_id,
            case_id=case.id,
            table_id=case.table_id,
            ground=Ground.STAFF,
        )
        for kind, object_id in opened
    ]


def _line(
    kind: str,
    meeting: Meeting,
    of: AgendaItem | Decision | Action | Note,
    object_id: uuid.UUID,
    ground: Ground = Ground.SEAT,
) -> audit.Entry:
    return audit.Entry(
        event=audit.Event.READ,
        object_kind=kind,
        object_id=object_id,
        ground=ground,
        table_id=meeting.table_id,
        meeting_id=meeting.id,
        item_id=of.id if isinstance(of, AgendaItem) else of.item_id,
        case_id=of.case_id,
    )
