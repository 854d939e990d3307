"""View as seat: staff look at a meeting through the eyes of one occupant, and it is recorded."""

from __future__ import annotations

import uuid

from app import access
from app.access import Actor, Permission
from app.access.opened import open_texts
from app.access.seats.preview import read_as_occupant
from app.features.agenda.pages import PreviewPage
from app.features.agenda.queries import head_of
from app.infra import clock
from app.infra.db import transaction


def read_preview(actor: Actor, seat_id: uuid.UUID) -> PreviewPage:
    """What the occupant of a seat gets, through the occupant's own reading; recorded as read."""
    now = clock.now()
    with transaction() as session:
        loaded = access.load_seat(session, actor, seat_id, Permission.MEETING_READ)
        _, head = head_of(session, actor, loaded.item.id)
        found = read_as_occupant(session, actor, loaded, now=now)
    return PreviewPage(
        head=head,
        seat_id=seat_id,
        occupant=found.occupant.name,
        organisation=found.occupant.organisation_name,
        content=open_texts(found.content) if found.content else None,
    )
