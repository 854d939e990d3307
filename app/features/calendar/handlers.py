"""What the worker does for the calendar: follow a person's slots, then deliver each change."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from app.features.calendar import delivery, service
from app.infra import outbox


@outbox.handler("calendar.sync")
def synchronise(payload: Mapping[str, str]) -> None:
    """One person's entries of one meeting."""
    service.synchronise(uuid.UUID(payload["meeting_id"]), uuid.UUID(payload["person_id"]))


@outbox.handler("calendar.send")
def send(payload: Mapping[str, str]) -> None:
    """One mail about one state of one entry."""
    delivery.deliver(
        uuid.UUID(payload["invitation_id"]),
        sequence=int(payload["sequence"]),
        method=payload["method"],
    )
