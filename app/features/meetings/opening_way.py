"""Whether the sections of one meeting open with their item or when the papers are published."""

from __future__ import annotations

import uuid

from app.access import Actor, Permission, audit
from app.access.meetings.timetable import load_for_change
from app.domain.kinds import Ground
from app.infra.db import transaction


def choose_way(actor: Actor, meeting_id: uuid.UUID, *, with_item: bool) -> None:
    """Set it for this meeting alone, until it begins; it holds from the next request on.

    NotVisible, Refusal ALREADY_STARTED, ALREADY_CLOSED, MEETING_CANCELLED.
    """
    with transaction() as session:
        meeting = load_for_change(session, actor, meeting_id, Permission.MEETING_PUBLISH)
        meeting.opens_with_item = with_item
        entry = audit.Entry(
            event=audit.Event.AUTHORISE,
            object_kind="opens-with-item" if with_item else "opens-with-papers",
            object_id=meeting.id,
            ground=Ground.STAFF,
            table_id=meeting.table_id,
            meeting_id=meeting.id,
        )
        audit.record(session, actor, entry)
