"""Whether a line typed during a meeting was saved before; it tells of nobody else's lines."""

from __future__ import annotations

import uuid

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from app.access import checks
from app.access.actor import Actor
from app.models import Action, Decision, Note, OralMark


def is_recorded(session: Session, actor: Actor, line_id: uuid.UUID) -> bool:
    """The actor recorded something under this id, whatever became of it since."""
    checks.note()
    rows = (Decision, Action, Note, OralMark)
    found = (
        exists().where(one.id == line_id, one.recorded_by_id == actor.person_id) for one in rows
    )
    return bool(session.scalar(select(or_(*found))))
