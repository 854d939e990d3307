"""What does not fit in the times of an agenda, with the fixed block that is run into."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.domain.agenda import AgendaEntry, AgendaPlan, WarningKind, plan
from app.domain.kinds import ItemKind
from app.models import AgendaItem


@dataclass(frozen=True, slots=True)
class Overrun:
    """How many minutes an item is too long, or too early; into which block, and when that is."""

    kind: WarningKind
    minutes: int
    block: ItemKind | None = None
    block_at: datetime | None = None


def planned(
    start: datetime, items: Iterable[AgendaItem], *, planned_end: datetime
) -> tuple[AgendaPlan[uuid.UUID], dict[uuid.UUID, Overrun]]:
    """These items on the clock, and per item the first thing that does not fit."""
    known = {item.id: item for item in items}
    laid = plan(
        start,
        [AgendaEntry(item.id, item.minutes, item.fixed_at) for item in known.values()],
        planned_end=planned_end,
    )
    found = {}
    for warning in reversed(laid.warnings):
        block = known[warning.fixed_key] if warning.fixed_key else None
        found[warning.key] = Overrun(
            warning.kind,
            warning.minutes,
            block.kind if block else None,
            block.fixed_at if block else None,
        )
    return laid, found
