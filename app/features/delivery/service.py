"""What somebody decides about a message that did not arrive: once more, or not any more."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Protocol

from sqlalchemy.orm import Session

from app.access import Actor, audit
from app.access.messages import undelivered
from app.infra import clock
from app.infra.db import transaction
from app.infra.outbox import OutboxRow


class Loader(Protocol):
    """Loads a message if it is the actor's to decide about. Raises NotVisible."""

    def __call__(self, session: Session, actor: Actor, message_id: uuid.UUID) -> OutboxRow:
        """The message, held for the transaction."""


def at_meeting(meeting_id: uuid.UUID) -> Loader:
    """What did not arrive about one meeting."""
    return partial(undelivered.load_given_up_at, meeting_id=meeting_id)


def try_again(
    actor: Actor, message_id: uuid.UUID, *, load: Loader = undelivered.load_given_up
) -> None:
    """Send it as soon as possible; whether it still may go is asked again then."""
    with transaction() as session:
        row = load(session, actor, message_id)
        row.dead_at, row.attempts, row.reason = None, 0, ""
        row.available_at = clock.now()
        _record(session, actor, row, audit.Event.CHANGE)


def drop(actor: Actor, message_id: uuid.UUID, *, load: Loader = undelivered.load_given_up) -> None:
    """Let it lapse; it stays stored, but nowhere in sight."""
    with transaction() as session:
        row = load(session, actor, message_id)
        row.dropped_at = clock.now()
        _record(session, actor, row, audit.Event.DELETE)


def _record(session: Session, actor: Actor, row: OutboxRow, event: audit.Event) -> None:
    audit.record(
        session,
        actor,
        audit.Entry(
            event=event, object_kind="message", object_id=row.id, meeting_id=row.meeting_id
        ),
    )
