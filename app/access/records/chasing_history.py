"""What was told of actions so far, and whether one more notice would be one too many."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.records.chasing_facts import Chased
from app.domain import chasing
from app.domain.chasing import LADDER, Step
from app.models import ActionNotice

Ids = Collection[uuid.UUID]


class Told:
    """What one person was told of one action so far."""

    def __init__(self) -> None:
        self.last_at: datetime | None = None
        self.places: dict[tuple[bool, date, datetime], int] = {}

    def add(self, row: Any) -> None:  # noqa: ANN401 - a row
        """One more notice."""
        of = (row.step in LADDER, row.due_on, row.since)
        place = chasing.place_of(row.step, row.days)
        self.places[of] = max(place, self.places.get(of, place))
        self.last_at = max(row.told_at, self.last_at or row.told_at)

    def covers(self, step: Step, about: Chased, moment: datetime) -> bool:
        """It was told of this step of its term or a later one; or of anything too shortly ago."""
        place = self.places.get((step.is_rung, about.term.due_on, about.term.since))
        if place is not None and place >= step.place:
            return True
        by_hand = None if step.is_rung else about.reminded_at
        last = max(filter(None, (self.last_at, by_hand)), default=None)
        return not about.term.by_clock and chasing.is_again(last, moment)


def told_of(session: Session, ids: Ids) -> Mapping[tuple[uuid.UUID, uuid.UUID], Told]:
    """By action and person; whoever was told nothing is there too, empty. One statement."""
    found: dict[tuple[uuid.UUID, uuid.UUID], Told] = defaultdict(Told)
    rows = session.execute(
        select(
            ActionNotice.action_id,
            ActionNotice.person_id,
            ActionNotice.step,
            ActionNotice.due_on,
            ActionNotice.since,
            ActionNotice.days,
            ActionNotice.told_at,
        ).where(ActionNotice.action_id.in_(ids))
    )
    for row in rows:
        found[row.action_id, row.person_id].add(row)
    return found
