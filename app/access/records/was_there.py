"""Who was at an item when it was discussed: they correct its minutes, and nobody else does."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.access import conditions as c
from app.access.records.extract_rows import held_when_discussed
from app.models import AgendaItem, Meeting, Person, Seat, SeatHold


def sat_there() -> c.Condition:
    """``SeatHold`` is of somebody who sat on ``Seat`` when its item was discussed."""
    return and_(
        held_when_discussed(),
        c.was_seen(),
        Seat.removed_at.is_(None),
        Seat.is_proposed.is_(False),
    )


def people_at(
    session: Session, item_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, dict[uuid.UUID, str]]:
    """Per item who sat there, by name; for staff, and for counting who approved."""
    rows = session.execute(
        select(Seat.item_id, Person.id, Person.name)
        .select_from(Seat)
        .join(AgendaItem, AgendaItem.id == Seat.item_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .join(SeatHold, SeatHold.seat_id == Seat.id)
        .join(Person, Person.id == SeatHold.person_id)
        .where(Seat.item_id.in_(item_ids), sat_there())
        .order_by(Person.name, Person.id)
    )
    found: dict[uuid.UUID, dict[uuid.UUID, str]] = defaultdict(dict)
    for item_id, person_id, name in rows:
        found[item_id][person_id] = name
    return found
