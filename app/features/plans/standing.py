"""Who always sits at a table, for its staff; it names organisations and never a case."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from app.access import Actor, Permission, load_staff_table
from app.access.meetings.contacts import partners_of
from app.access.seats import standing
from app.infra import clock
from app.infra.db import reading, transaction


@dataclass(frozen=True, slots=True)
class StandingPage:
    """The partners of a table, and which of them always sit there."""

    table_id: uuid.UUID
    table_name: str
    partners: tuple[tuple[uuid.UUID, str], ...]
    chosen: frozenset[uuid.UUID]


def read_standing(actor: Actor, table_id: uuid.UUID) -> StandingPage:
    """Who always sits at a table served. NotVisible."""
    with reading() as session:
        table = load_staff_table(session, actor, table_id, Permission.MEETING_PLAN)
        partners = partners_of(session, table, at=clock.now())
        chosen = standing.standing_of(session, table.id)
        return StandingPage(
            table.id, table.name, tuple((one.id, one.name) for one in partners), chosen
        )


def put_standing(actor: Actor, table_id: uuid.UUID, partner_ids: Collection[uuid.UUID]) -> None:
    """Say who always sits at a table served, from the next item on. NotVisible, Refusal."""
    with transaction() as session:
        table = load_staff_table(session, actor, table_id, Permission.MEETING_PLAN)
        standing.put_standing(session, actor, table, partner_ids)
