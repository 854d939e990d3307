"""What the worker does: print runs, and throwing away what they made."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from app.access.records import paper_copies
from app.features.papers import making
from app.features.papers.paper_words_views import stack_of, words_of
from app.features.papers.service import FORGET, PRINT
from app.infra import clock, outbox, wall
from app.infra.db import transaction
from app.infra.wall import System


@outbox.handler(PRINT)
def print_copies(payload: Mapping[str, str]) -> None:
    """Make the copies of one run, as who asked for it."""
    seat_ids = [uuid.UUID(one) for one in payload["seats"].split(",")]
    making.make(uuid.UUID(payload["run"]), seat_ids, words=words_of, stack=stack_of)


@outbox.handler(FORGET)
def forget(_payload: Mapping[str, str]) -> None:
    """Throw away what every run past its end made."""
    with wall.acting_as(System.TIDYING), transaction() as session:
        paper_copies.forget_expired(session, now=clock.now())
