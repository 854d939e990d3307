"""After a role began or ended: that person's entries of the table's coming meetings follow."""

from __future__ import annotations

import uuid

from app.access.meetings.series import live_series_of
from app.access.messages import invitations
from app.features.calendar import recurring, service
from app.infra import clock
from app.infra.db import transaction


def follow(table_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """Bring a person's calendar in step with the roles held just now; safe to repeat."""
    with transaction() as session:
        meeting_ids = invitations.single_meetings(session, table_id, now=clock.now())
        series_ids = [one.id for one in live_series_of(session, [table_id])]
    for meeting_id in meeting_ids:
        service.synchronise(meeting_id, person_id)
    for series_id in series_ids:
        recurring.synchronise(series_id, person_id)
