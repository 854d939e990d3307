"""Asks for somebody's calendar entries of a meeting to be brought up to date; it sends nothing."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from sqlalchemy.orm import Session

from app.infra import outbox


def queue_calendar(
    session: Session, meeting_id: uuid.UUID, person_ids: Iterable[uuid.UUID]
) -> None:
    """Queue one comparison per person; whether it invites, updates or cancels shows on delivery."""
    for person_id in sorted(set(person_ids)):
        outbox.add(
            session,
            "calendar.sync",
            unique_key=f"calendar.sync:{meeting_id}:{person_id}:{uuid.uuid4().hex}",
            payload={"meeting_id": meeting_id, "person_id": person_id},
        )
