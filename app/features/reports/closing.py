"""Counts the quarters that are over, one by one; what was counted is never counted again."""

from __future__ import annotations

from app.access.oversight import closing_quarters
from app.infra import clock, wall
from app.infra.db import snapshot, transaction
from app.infra.wall import System


def close_due() -> int:
    """Close every quarter that can be; gives how many. One that was killed half-way is not closed.

    :raises IntegrityError: another worker closed the same one meanwhile.
    """
    closed = 0
    while _close_next():
        closed += 1
    return closed


def _close_next() -> bool:
    """Nobody who writes waits while it counts: of a large region that takes many seconds."""
    with wall.acting_as(System.FIGURES):
        now = clock.now()
        with snapshot() as session:
            quarter_on = closing_quarters.next_to_close(session, now=now)
            if quarter_on is None:
                return False
            counted = closing_quarters.count(session, quarter_on)
        with transaction() as session:
            closing_quarters.keep(session, counted, now=now)
    return True
