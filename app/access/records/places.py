"""Where an action comes from, as far as who follows it may go there."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import scopes
from app.access.actor import Actor
from app.access.loaders import LoadedAction
from app.models import AgendaItem, Case, Meeting


@dataclass(frozen=True, slots=True)
class Place:
    """The case of an action and the meeting it was agreed at; None where the reader may not go."""

    case_id: uuid.UUID | None
    meeting_id: uuid.UUID | None
    met_at: datetime | None


def place_of(session: Session, actor: Actor, loaded: LoadedAction, *, now: datetime) -> Place:
    """One statement. A case that went to another table is left out: its page is theirs."""
    case = scopes.staff_cases(actor, now=now).where(Case.id == loaded.case.id)
    meeting = (
        scopes.staff_meetings(actor)
        .join(AgendaItem, AgendaItem.meeting_id == Meeting.id)
        .where(AgendaItem.id == loaded.action.item_id)
    )
    row = session.execute(
        select(
            case.with_only_columns(Case.id).scalar_subquery(),
            meeting.with_only_columns(Meeting.id).scalar_subquery(),
            meeting.with_only_columns(Meeting.starts_at).scalar_subquery(),
        )
    ).one()
    return Place(*row)
