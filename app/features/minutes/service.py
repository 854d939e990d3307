"""Adopting the minutes of a closed meeting; nothing is sent, the extracts are read on the page."""

from __future__ import annotations

import uuid

from app import access
from app.access import Actor, Permission, audit
from app.domain.errors import Reason, Refusal
from app.infra import clock
from app.infra.db import transaction


def adopt(actor: Actor, meeting_id: uuid.UUID) -> None:
    """From now on everybody's extract holds the whole own part; Refusal unless just closed."""
    with transaction() as session:
        meeting = access.load_meeting(session, actor, meeting_id, Permission.MEETING_CLOSE)
        session.refresh(meeting, with_for_update=True)
        if meeting.closed_at is None or meeting.adopted_at is not None:
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        meeting.adopted_at = clock.now()
        audit.record(
            session,
            actor,
            audit.Entry(
                event=audit.Event.CHANGE,
                object_kind="minutes",
                object_id=meeting.id,
                table_id=meeting.table_id,
                meeting_id=meeting.id,
            ),
        )
