"""What the worker does for seats: telling people that one went back by itself, never giving it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from app.access.messages.notices import queue_asked
from app.access.seats.deputies import RETURNED
from app.access.seats.input_requests import holder_of
from app.infra import outbox
from app.infra.calendar_queue import queue_calendar
from app.infra.db import transaction


@outbox.handler(RETURNED)
def tell_return(payload: Mapping[str, str]) -> None:
    """Bring both calendars up to date; whoever has the seat again hears what is asked of it."""
    meeting_id, seat_id = uuid.UUID(payload["about_id"]), uuid.UUID(payload["seat_id"])
    former_id, holder_id = uuid.UUID(payload["from_id"]), uuid.UUID(payload["to_id"])
    with transaction() as session:
        queue_calendar(session, meeting_id, [former_id, holder_id])
        holder = holder_of(session, seat_id)
        if holder is not None and holder.id == holder_id:
            queue_asked(session, meeting_id, [(seat_id, holder_id)])
