"""The cases that are to be reviewed at the tables served, soonest first; no text of any case."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from app.access import Actor
from app.access.case_life.plans import coming_reviews
from app.infra import clock
from app.infra.db import reading
from app.models import Case, CaseReview, CaseTable

AHEAD: Final = timedelta(weeks=8)
MOST: Final = 200


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """One case to be reviewed."""

    case_id: uuid.UUID
    reference: str
    table: str
    due_on: date
    is_due: bool


def review_lines(actor: Actor) -> tuple[ReviewLine, ...]:
    """What is due, and what comes in the next weeks."""
    today = clock.today()
    with reading() as session:
        rows = session.execute(
            coming_reviews(actor, now=clock.now())
            .join(CaseTable, CaseTable.id == Case.table_id)
            .add_columns(CaseTable.name.label("table"))
            .where(CaseReview.due_on <= today + AHEAD)
            .order_by(CaseReview.due_on, Case.reference)
            .limit(MOST)
        )
        return tuple(
            ReviewLine(
                row.Case.id,
                row.Case.reference,
                row.table,
                row.CaseReview.due_on,
                row.CaseReview.due_on <= today,
            )
            for row in rows
        )
