"""The look at what one recipient gets, and what staff had better check in it before adopting."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app import access
from app.access import Actor, Permission, scopes
from app.access.conditions import is_held
from app.access.records import extract_use, named_readers
from app.access.records.extracts import Extract, read_extract
from app.access.records.named_readers import Seated
from app.access.records.opened_extracts import ExtractPage, open_extract
from app.domain import minutes_text
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.minutes_text import ItemPart
from app.domain.named import names_organisation
from app.infra import clock
from app.infra.db import transaction
from app.models import Seat, SeatHold


@dataclass(frozen=True, slots=True)
class Named:
    """An organisation that a text names which it does not read itself."""

    reference: str
    organisation: str
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What the recipient gets, and beside it what to check; ``shown`` changes with any of it."""

    page: ExtractPage
    named: tuple[Named, ...]
    shown: str


def preview(actor: Actor, meeting_id: uuid.UUID, seat_id: uuid.UUID) -> Preview:
    """What the occupant of a seat gets once the minutes are adopted; recorded as the viewer's."""
    now = clock.now()
    with transaction() as session:
        occupant = _occupant(session, actor, meeting_id, seat_id, now=now)
        found = read_extract(session, occupant, meeting_id, now=now, viewer=actor)
        ids = [one.item_id for one in found.items]
        seated = named_readers.seated_at(session, actor, ids, now=now)
        readers = named_readers.readers_at(session, ids)
    page = open_extract(found, recipient=f"{occupant.organisation_name}, {occupant.name}")
    own = occupant.organisation_id
    named = [
        one
        for item in page.items
        for one in _named(item, seated.get(item.item_id, []), readers, own=own)
    ]
    return Preview(page, tuple(dict.fromkeys(named)), _version_of(found))


def _version_of(found: Extract) -> str:
    """Of the texts as they lie there: no word is opened for it."""
    return minutes_text.sha256_of(repr((found.person_id, found.items)))


def check(actor: Actor, meeting_id: uuid.UUID, seat_id: uuid.UUID, *, shown: str) -> bool:
    """Tick that staff looked at what the occupant of a seat gets; False where it reads otherwise.

    ``shown`` is of the preview that was on screen.
    """
    now = clock.now()
    with transaction() as session:
        occupant = _occupant(session, actor, meeting_id, seat_id, now=now)
        # Whoever changes the words holds the meeting for it.
        meeting = access.load_meeting(session, actor, meeting_id, Permission.MEETING_CLOSE)
        session.refresh(meeting, with_for_update={"key_share": True})
        found = read_extract(session, occupant, meeting_id, now=now, viewer=actor, is_read=False)
        if _version_of(found) != shown:
            return False
        extract_use.note_check(session, actor, meeting_id, occupant.person_id, now=now)
        return True


def _occupant(
    session: Session, actor: Actor, meeting_id: uuid.UUID, seat_id: uuid.UUID, *, now: datetime
) -> Actor:
    """Who holds a seat of a closed meeting of a table served; Refusal where that is nobody."""
    loaded = access.load_seat(session, actor, seat_id, Permission.MEETING_CLOSE)
    if loaded.meeting.id != meeting_id or loaded.meeting.closed_at is None:
        raise NotVisible
    person_id = session.scalar(
        scopes.staff_holds(actor, now=now)
        .where(Seat.id == seat_id, is_held(now))
        .with_only_columns(SeatHold.person_id)
    )
    if person_id is None:
        raise Refusal(Reason.NO_OCCUPANT)
    try:
        return access.load_actor(session, person_id, now=now)
    except NotVisible:
        raise Refusal(Reason.PERSON_NOT_ACTIVE) from None


def _named(
    item: ItemPart,
    seated: list[Seated],
    readers: Mapping[uuid.UUID, AbstractSet[uuid.UUID]],
    *,
    own: uuid.UUID,
) -> Iterator[Named]:
    """Organisations at the item that a decision or note names without reading it.

    One that only staff may know of may stand in no text at all.
    """
    read = [(one.id, text) for one in item.decisions for text in (one.text, one.dissent)]
    read += [(one.id, one.text) for one in item.notes]
    every = [*(text for _key, text in read), item.question]
    every += [one.text for one in item.actions]
    every += [one.text for one in item.additions]
    for one in seated:
        if one.id == own:
            continue
        if one.is_hidden:
            if names_organisation(every, one.name, one.code):
                yield Named(item.reference, one.name, is_hidden=True)
            continue
        unread = [text for key, text in read if one.id not in readers[key]]
        if names_organisation(unread, one.name, one.code):
            yield Named(item.reference, one.name, is_hidden=False)
