"""Counts the quarters that are over, one by one; what was counted is never counted again."""

from __future__ import annotations

from app.access.oversight import closing_quarters
from app.infra import clock, wall
from app.infra.db import transaction_of_one_moment
from app.infra.wall import System


def close_due() -> int:
    """Close every quarter that can be; gives how many. One that was killed half-way is not closed.

    :raises IntegrityError: another worker closed the same one just before.
    :raises OperationalError: somebody changed at this moment what it needs; it is done next time.
    """
    closed = 0
    while _close_next():
        closed += 1
    return closed


def _close_next() -> bool:
    with wall.acting_as(System.FIGURES), transaction_of_one_moment() as session:
        now = clock.now()
        quarter_on = closing_quarters.next_to_close(session, now=now)
        if quarter_on is not None:
            closing_quarters.close(session, quarter_on, now=now)
        return quarter_on is not None
