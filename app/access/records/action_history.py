"""What the schedule told whom of a loaded action, and when it was told to wait; for its staff."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.loaders import LoadedAction
from app.domain.kinds import NoticeStep
from app.models import ActionNotice, ActionPause, Person


@dataclass(frozen=True, slots=True)
class Notice:
    """Everybody who was told at one moment by one step."""

    at: datetime
    step: NoticeStep
    names: tuple[str, ...]


def notices(session: Session, loaded: LoadedAction) -> list[Notice]:
    """Who was told of it, latest first."""
    rows = session.execute(
        select(ActionNotice.told_at, ActionNotice.step, Person.name)
        .join(Person, Person.id == ActionNotice.person_id)
        .where(ActionNotice.action_id == loaded.action.id)
        .order_by(ActionNotice.told_at.desc(), ActionNotice.step, Person.name, Person.id)
    )
    found: dict[tuple[datetime, NoticeStep], list[str]] = defaultdict(list)
    for at, step, name in rows:
        found[at, step].append(name)
    return [Notice(at, step, tuple(names)) for (at, step), names in found.items()]


def pauses(session: Session, loaded: LoadedAction) -> Mapping[uuid.UUID, ActionPause]:
    """When nobody was to be told of it, by the event that says why."""
    rows = session.scalars(select(ActionPause).where(ActionPause.action_id == loaded.action.id))
    return {row.event_id: row for row in rows}
