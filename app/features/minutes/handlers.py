"""What the worker does for minutes: adopts what was let be, fixes extracts, sends neutral mail.

Every mail is asked again just before it leaves, and holds a day and a link alone.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from app.access import load_actor
from app.access.messages import minutes_told
from app.access.messages.mail_log import following, note_mail
from app.access.messages.minutes_told import Told
from app.access.records import adoption, own_extract
from app.domain.errors import NotVisible
from app.domain.local_time import to_local
from app.infra import clock, letters, outbox
from app.infra.db import transaction
from app.infra.letters import About, Recipient


@outbox.handler(adoption.CLOSED)
def tell_closed(payload: Mapping[str, str]) -> None:
    """A meeting ended: everybody with a seat can read the own agreements and actions."""
    with transaction() as session:
        minutes_told.queue_concepts(session, uuid.UUID(payload["meeting_id"]))


@outbox.handler(adoption.TACIT)
def adopt_silently(payload: Mapping[str, str]) -> None:
    """The period for corrections is over: what nothing holds back is adopted, however late."""
    with transaction() as session:
        adoption.adopt_silently(session, uuid.UUID(payload["meeting_id"]), now=clock.now())


@outbox.handler(adoption.CHANGED)
def tell_changed(payload: Mapping[str, str]) -> None:
    """The words of an item changed after its period: who was there can react again."""
    with transaction() as session:
        minutes_told.queue_changed(session, payload)


@outbox.handler(adoption.ADOPTED)
def fix_extracts(payload: Mapping[str, str]) -> None:
    """Something was adopted: the extract of each recipient is fixed by itself."""
    with transaction() as session:
        minutes_told.queue_fixing(session, payload)


@outbox.handler("minutes.added")
def fix_added(payload: Mapping[str, str]) -> None:
    """Something was added: the extracts concerned get a next version."""
    with transaction() as session:
        minutes_told.queue_added(session, payload, now=clock.now())


@outbox.handler("minutes.fix")
def fix(payload: Mapping[str, str]) -> None:
    """Fix what one person may see at this moment, acting as that person, and have it told."""
    meeting_id, person_id = uuid.UUID(payload["meeting_id"]), uuid.UUID(payload["person_id"])
    with transaction() as session:
        try:
            actor = load_actor(session, person_id, now=clock.now())
        except NotVisible:
            return
    if not own_extract.fix(actor, meeting_id):
        return
    addendum_id = payload.get("addendum_id", "")
    told = Told.ADDED if addendum_id else Told.ADOPTED
    with transaction() as session:
        minutes_told.queue_mail(session, meeting_id, person_id, told, addendum_id=addendum_id)


@outbox.handler("minutes.tell")
def tell(payload: Mapping[str, str]) -> None:
    """One mail to one person, if what it says still holds."""
    meeting_id, now = uuid.UUID(payload["meeting_id"]), clock.now()
    told = Told(payload["told"])
    identifier = letters.message_id("minutes", payload["mail_id"])
    with transaction() as session:
        try:
            actor = load_actor(session, uuid.UUID(payload["person_id"]), now=now)
        except NotVisible:
            return
        starts_at = minutes_told.still_told(
            session, actor, meeting_id, told, now=now, addendum_id=payload["addendum_id"]
        )
        if starts_at is None:
            return
        kind = f"minutes.{told.value}"
        note_mail(session, actor.person_id, kind=kind, identifier=identifier, meeting_id=meeting_id)
    with following(identifier):
        letters.send(
            told.value,
            Recipient(email=actor.email, name=actor.name, language=actor.language),
            identifier=identifier,
            values={
                "name": actor.name,
                "starts_at": starts_at,
                "moment": f"{to_local(starts_at):%d-%m}",
                "url": letters.address_of(f"/my-meetings/{meeting_id}/extract"),
            },
            about=About(meeting_id=meeting_id),
        )
