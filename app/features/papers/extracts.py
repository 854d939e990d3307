"""The extract of one recipient as it goes on paper; reading and copy are recorded together."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from app.access import Actor, Permission
from app.access.records.extracts import read_extract
from app.access.records.opened_extracts import ExtractPage, open_extract
from app.access.records.own_extract import read_own
from app.access.records.printing import load_reader, record_copy, with_version
from app.domain.errors import NotVisible
from app.domain.local_time import local_date
from app.infra import clock
from app.infra.db import transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedExtract:
    """An extract with whose it is, in which language that person reads, and when it was made."""

    page: ExtractPage
    recipient: str
    language: str
    adopted_on: date | None
    made_at: datetime
    is_preview: bool = False


def own(actor: Actor, meeting_id: uuid.UUID, *, language: str) -> PrintedExtract:
    """The actor's own extract; NotVisible as long as it holds nothing."""
    page = read_own(actor, meeting_id, taken=True)
    return PrintedExtract(
        page=page,
        recipient=named(actor),
        language=language,
        adopted_on=day_of(page),
        made_at=clock.now(),
    )


def day_of(page: ExtractPage) -> date | None:
    """The day on which all of it was adopted; None for a concept."""
    return local_date(page.adopted_at) if page.adopted_at else None


def previewed(actor: Actor, meeting_id: uuid.UUID, seat_id: uuid.UUID) -> PrintedExtract:
    """What the occupant of a seat gets once the minutes are adopted, for staff to look at."""
    now = clock.now()
    with transaction() as session:
        reader = load_reader(session, actor, seat_id, Permission.MEETING_CLOSE, now=now)
        meeting = reader.loaded.meeting
        if meeting.id != meeting_id or meeting.closed_at is None:
            raise NotVisible
        found = read_extract(session, reader.actor, meeting_id, now=now, viewer=actor)
        found = with_version(session, reader.actor, found)
        record_copy(session, actor, found, seat_id=seat_id)
    page = open_extract(found)
    return PrintedExtract(
        page=page,
        recipient=named(reader.actor),
        language=reader.actor.language,
        adopted_on=day_of(page),
        made_at=now,
        is_preview=True,
    )


def named(reader: Actor) -> str:
    """Who reads it, as it stands under every page."""
    return f"{reader.name}, {reader.organisation_name}"
