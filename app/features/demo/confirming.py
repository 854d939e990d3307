"""Who still works there, as the organisations of the demo answered it; one of them is half-way.

So the worker asks nobody anew before its day.
"""

from __future__ import annotations

import random
import uuid
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Final

from app.domain import recertification
from app.domain.kinds import RecertificationAnswer
from app.features.demo.batch import Batch
from app.features.demo.ground import World
from app.models import Person, Recertification, RecertifiedPerson

# Its contact was reminded, and has answered for every other colleague.
HALF_WAY: Final = "bas"
ASKED_AGO: Final = timedelta(days=20)
ANSWERED_IN: Final = timedelta(days=9)


def add_confirming(batch: Batch, world: World, *, seed: int) -> Batch:
    """The last round of every organisation; apart, so that everything else keeps its ids."""
    apart = Batch(random.Random(seed))  # noqa: S311 - repeatable on purpose, no secret
    people: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    for row in batch.rows_of(Person):
        if row.get("ends_at") is None:
            people[row["organisation_id"]].append(row["id"])
    half_way = world.organisations[world.employer[HALF_WAY]]
    began = recertification.began_at(world.now)
    for organisation_id, ids in people.items():
        if organisation_id == half_way:
            opened = max(began, world.now - ASKED_AGO)
            _round(apart, organisation_id, opened, ids, world.people[HALF_WAY], done=False)
        else:
            _round(apart, organisation_id, began, ids, ids[0], done=began < world.now)
    return apart


def _round(
    batch: Batch,
    organisation_id: uuid.UUID,
    opened: datetime,
    ids: list[uuid.UUID],
    by_id: uuid.UUID,
    *,
    done: bool,
) -> None:
    closed = opened + ANSWERED_IN
    reminded = opened + recertification.REMINDED
    asked = batch.add(
        Recertification,
        organisation_id=organisation_id,
        opened_at=opened,
        due_at=opened + recertification.ENDED,
        reminded_at=None if done else reminded,
        escalated_at=None,
        closed_at=closed if done else None,
    )
    for place, person_id in enumerate(ids):
        answered = done or place % 2 == 0
        batch.link(
            RecertifiedPerson,
            recertification_id=asked,
            person_id=person_id,
            answer=RecertificationAnswer.STAYS if answered else None,
            answered_by_id=by_id if answered else None,
            answered_at=closed if answered else None,
        )
