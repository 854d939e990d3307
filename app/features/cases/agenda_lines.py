"""When a case stood on an agenda and what came of it, for its page; staff only."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor, scopes
from app.access.records import outcomes
from app.domain.kind_document import Words
from app.domain.kinds import DiscussionKind
from app.models import AgendaItem, Meeting


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaLine:
    """One time on an agenda, past or planned."""

    meeting_id: uuid.UUID
    item_id: uuid.UUID
    starts_at: datetime
    discussion: DiscussionKind | None
    is_cancelled: bool
    is_past: bool
    outcome: Words | None
    was_discussed: bool


def agenda_of(
    session: Session, actor: Actor, case_id: uuid.UUID, *, now: datetime
) -> tuple[AgendaLine, ...]:
    """The times a case stood or stands on an agenda, the latest first."""
    rows = session.execute(
        outcomes.joined(scopes.staff_items(actor, now=now))
        .where(AgendaItem.case_id == case_id)
        .order_by(Meeting.starts_at.desc())
    )
    return tuple(
        AgendaLine(
            meeting_id=row.Meeting.id,
            item_id=row.AgendaItem.id,
            starts_at=row.AgendaItem.starts_at,
            discussion=row.AgendaItem.discussion,
            is_cancelled=row.Meeting.cancelled_at is not None,
            is_past=row.AgendaItem.ends_at < now,
            was_discussed=row.AgendaItem.opened_at is not None,
            outcome=outcomes.words_of(session, row.ItemOutcome),
        )
        for row in rows
    )
