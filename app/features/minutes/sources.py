"""What sources decided about readers and took back, as the minutes of staff tell it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.access import Actor
from app.access.meetings.recalls import recalls_at
from app.access.meetings.source_minutes import decided_about_tasks, decided_at


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """Input a source took back; ``by`` is empty where it gave something else instead."""

    reference: str
    source: str
    by: str
    at: datetime
    given_anew: bool


def recalled(
    session: Session, actor: Actor, meeting_id: uuid.UUID, *, now: datetime
) -> tuple[Recalled, ...]:
    """Everything taken back at this meeting, case by case; nothing of what it said."""
    return tuple(
        Recalled(
            reference=row.Case.reference,
            source=row.Organisation.name,
            by=row.Person.name if row.Person else "",
            at=row.InputRequest.recalled_at,
            given_anew=row.InputRequest.answered_at is not None,
        )
        for row in session.execute(recalls_at(actor, meeting_id, now=now))
    )


def sources_said(
    session: Session, actor: Actor, meeting_id: uuid.UUID, *, now: datetime
) -> tuple[SourceSaid, ...]:
    """Every decision about a seat at this meeting or the holder of a task, case by case."""
    seats = session.execute(decided_at(actor, meeting_id, now=now))
    tasks = session.execute(decided_about_tasks(actor, meeting_id, now=now))
    said = [_said(row, row.Disclosure) for row in seats]
    said += [_said(row, row.TaskSection) for row in tasks]
    return tuple(sorted(said, key=lambda one: (one.reference, one.at)))


def _said(row: Any, given: Any) -> SourceSaid:  # noqa: ANN401 - a row and the decision in it
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
