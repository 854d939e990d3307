"""What the worker does for the calendar: follow a person's slots, then deliver each change."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from app.access.meetings import reservations
from app.features.calendar import (
    delivery,
    feed_words,
    recurring,
    recurring_delivery,
    roles,
    service,
)
from app.infra import outbox
from app.infra.calendar_queue import queue_role
from app.infra.db import transaction


@outbox.handler("calendar.sync")
def synchronise(payload: Mapping[str, str]) -> None:
    """One person's entries of one meeting."""
    person_id = uuid.UUID(payload["person_id"])
    service.synchronise(uuid.UUID(payload["meeting_id"]), person_id)
    feed_words.queue_for_owner(person_id)


@outbox.handler("calendar.send")
def send(payload: Mapping[str, str]) -> None:
    """One mail about one state of one entry."""
    delivery.deliver(
        uuid.UUID(payload["invitation_id"]),
        sequence=int(payload["sequence"]),
        method=payload["method"],
    )


@outbox.handler("calendar.series")
def synchronise_series(payload: Mapping[str, str]) -> None:
    """One person's recurring entry of one series."""
    person_id = uuid.UUID(payload["person_id"])
    recurring.synchronise(uuid.UUID(payload["series_id"]), person_id)
    feed_words.queue_for_owner(person_id)


@outbox.handler(feed_words.LOOK)
def compare_words(payload: Mapping[str, str]) -> None:
    """What one subscription would like to show."""
    feed_words.compare_for(uuid.UUID(payload["feed_id"]))


@outbox.handler("calendar.series_send")
def send_series(payload: Mapping[str, str]) -> None:
    """Everything not sent yet about one recurring entry."""
    recurring_delivery.deliver(uuid.UUID(payload["entry_id"]))


@outbox.handler(reservations.PARTNER)
def follow_partner(payload: Mapping[str, str]) -> None:
    """The standing reservations of everybody who represents an organisation at a table."""
    table_id = uuid.UUID(payload["table_id"])
    organisation_id = uuid.UUID(payload["organisation_id"])
    with transaction() as session:
        for person_id in reservations.representatives(session, table_id, organisation_id):
            queue_role(session, person_id, [table_id])


@outbox.handler("calendar.role")
def follow_role(payload: Mapping[str, str]) -> None:
    """Everything a person gets, or no longer gets, for serving a table."""
    roles.follow(uuid.UUID(payload["table_id"]), uuid.UUID(payload["person_id"]))
