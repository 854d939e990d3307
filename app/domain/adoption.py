"""When the minutes of one item may be adopted; it must never know who anybody is.

Where a table lets nobody correct them, the chair adopts at any moment. Else those who were there
correct or approve until the period ends: after that silence is consent, before it everybody's yes,
which nobody gave where nobody was noted as present.
A correction nobody settled holds the item back, whatever the clock says.
"""

from __future__ import annotations

import uuid
from collections.abc import Set as AbstractSet
from datetime import datetime
from enum import StrEnum


class Readiness(StrEnum):
    """Where the minutes of one item stand."""

    ADOPTED = "adopted"
    HELD_BACK = "held-back"
    READY = "ready"
    WAITS = "waits"


def readiness(
    *,
    adopted: bool,
    until_at: datetime | None,
    now: datetime,
    present: AbstractSet[uuid.UUID],
    approved: AbstractSet[uuid.UUID],
    unsettled: int,
) -> Readiness:
    """Whether an item may be adopted at ``now``; ``until_at`` is the end of the period, if any."""
    if adopted:
        return Readiness.ADOPTED
    if unsettled:
        return Readiness.HELD_BACK
    if until_at is None or now >= until_at or (present and present <= approved):
        return Readiness.READY
    return Readiness.WAITS
