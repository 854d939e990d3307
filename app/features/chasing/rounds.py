"""One round of the worker over all actions: batch after batch, each a transaction of its own."""

from __future__ import annotations

import uuid

from app.access.records import chasing
from app.infra import outbox, wall
from app.infra.db import transaction
from app.infra.wall import System


def ask() -> None:
    """Have a round made in this quarter of an hour; asked every minute."""
    with transaction() as session:
        chasing.queue_round(session)


def make() -> None:
    """Tell everybody what is due; whatever was told before a round was killed stays told."""
    with wall.acting_as(System.CHASING):
        with transaction() as session:
            if outbox.is_busy_before(session, f"{chasing.ROUND}:"):
                return
            held = chasing.begin(session)
        after: uuid.UUID | None = chasing.FIRST
        while after is not None:
            outbox.keep_lease()
            with transaction() as session:
                after = chasing.tell_batch(session, held, after)
