"""What sources decided about the readers of their sections, as the minutes of staff tell it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.access import Actor
from app.access.meetings.source_decisions import decided_at


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSaid:
    """What a source decided about a reader of its section; ``until`` ends a yes."""

    reference: str
    label_nl: str
    label_en: str
    reader: str
    refused: bool
    until: datetime | None
    by: str
    at: datetime


def sources_said(
    session: Session, actor: Actor, meeting_id: uuid.UUID, *, now: datetime
) -> tuple[SourceSaid, ...]:
    """Every decision about a seat at this meeting, case by case."""
    rows = session.execute(decided_at(actor, meeting_id, now=now))
    return tuple(_said(row) for row in rows)


def _said(row: Any) -> SourceSaid:  # noqa: ANN401 - a row
    given = row.Disclosure
    return SourceSaid(
        reference=row.Case.reference,
        label_nl=row.SectionType.label_nl,
        label_en=row.SectionType.label_en,
        reader=row.Organisation.name,
        refused=given.source_refused,
        until=given.source_until_at,
        by=row.Person.name,
        at=given.source_decided_at,
    )
