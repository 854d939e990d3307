"""What the worker does: making copies, and throwing away their files."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from app.access.administration.leaving import END_COPIES
from app.access.records import exports
from app.features.exports import making
from app.features.exports.file_words_views import set_file
from app.features.exports.service import FORGET, MAKE
from app.infra import clock, outbox, wall
from app.infra.db import transaction
from app.infra.wall import System


@outbox.handler(MAKE)
def make(payload: Mapping[str, str]) -> None:
    """Make one copy, as who asked for it."""
    making.make(uuid.UUID(payload["export"]), set_file=set_file)


@outbox.handler(FORGET)
def forget(_payload: Mapping[str, str]) -> None:
    """Throw away the file of every copy past its end."""
    with wall.acting_as(System.TIDYING), transaction() as session:
        exports.forget_expired(session, now=clock.now())


@outbox.handler(END_COPIES)
def end(payload: Mapping[str, str]) -> None:
    """Throw away the copies of somebody who was blocked, moved or left."""
    owner, until = uuid.UUID(payload["owner_id"]), datetime.fromisoformat(payload["until"])
    with wall.acting_as(System.TIDYING), transaction() as session:
        exports.forget_of(session, owner, made_by=until, now=clock.now())
