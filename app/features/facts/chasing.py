"""The list of questions that wait, and reminding who was asked; never a word of their content."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from app.access import Actor, case_scopes
from app.access.seats import chasing
from app.access.seats.chasing import Waiting
from app.domain.errors import Reason, Refusal
from app.infra.db import reading, transaction


@dataclass(frozen=True, slots=True)
class ChasePage:
    """What waits, at the tables served or at one table or meeting."""

    rows: tuple[Waiting, ...]
    tables: tuple[tuple[uuid.UUID, str], ...]


def chase_page(
    actor: Actor, *, meeting_id: uuid.UUID | None, table_id: uuid.UUID | None
) -> ChasePage:
    """The list; one that is not served gives an empty one."""
    with reading() as session:
        rows = chasing.waiting(session, actor, meeting_id=meeting_id, table_id=table_id)
        tables = session.scalars(case_scopes.served_tables(actor))
        return ChasePage(tuple(rows), tuple((one.id, one.name) for one in tables))


def remind(actor: Actor, ids: tuple[uuid.UUID, ...]) -> tuple[int, int]:
    """Remind of these; gives how many are sent and how many skipped. VALUE_MISSING for none."""
    if not ids:
        raise Refusal(Reason.VALUE_MISSING, "chosen")
    with transaction() as session:
        return chasing.remind(session, actor, ids)
