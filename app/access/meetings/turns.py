"""One turn of an item on the table: from when it is taken up until it is closed."""

from __future__ import annotations

import uuid

from app.models import AgendaItem


def turn_of(item: AgendaItem) -> uuid.UUID | None:
    """What names this turn of a loaded item; None while it is not on the table.

    Taken up again after it was closed an item has another turn: what was shown for one does not
    come back in the next.
    """
    if item.opened_at is None or item.closed_at is not None:
        return None
    since = item.reopened_at or item.opened_at
    return uuid.uuid5(item.id, since.isoformat())
