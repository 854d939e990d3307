"""What the worker does for notices: first whom they concern, then one neutral mail to each.

Every mail is asked again just before it leaves: who lost the ground for it meanwhile hears nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.access import Actor, load_actor
from app.access.administration import covenants
from app.access.messages import notices
from app.access.messages.mail_log import following, note_mail
from app.access.tasks import coming
from app.domain.errors import NotVisible
from app.domain.local_time import to_local
from app.infra import clock, letters, outbox
from app.infra.db import transaction
from app.infra.letters import About, Recipient

# What a mail tells besides the name; None when there is nothing to tell any more.
Values = Callable[[Session, Actor, datetime], dict[str, Any] | None]


@outbox.handler("notices.asked")
def tell_asked(payload: Mapping[str, str]) -> None:
    """Input is asked of one person, for one or more seats at a meeting."""
    _tell_deadline("input_asked", payload)


@outbox.handler("notices.deadline")
def tell_deadline(payload: Mapping[str, str]) -> None:
    """What is asked of one person is due at another moment."""
    due_at = datetime.fromisoformat(payload["deadline_at"])
    _tell_deadline("input_deadline", payload, due_at=due_at)


def _tell_deadline(
    event: str, payload: Mapping[str, str], *, due_at: datetime | None = None
) -> None:
    seat_ids = notices.from_text(payload["seat_ids"])

    def values(session: Session, actor: Actor, now: datetime) -> dict[str, Any] | None:
        asked = notices.still_asked(session, actor, seat_ids, now=now, due_at=due_at)
        if asked is None:
            return None
        path = f"/my-input/{asked.request_id}" if asked.request_id else "/"
        return {**_about(asked.starts_at, path), "deadline_at": asked.deadline_at}

    _tell(event, payload, values)


@outbox.handler("notices.papers")
def find_readers(payload: Mapping[str, str]) -> None:
    """The papers of a meeting open now: one mail to everybody invited, or given a task there."""
    meeting_id, opens_at = uuid.UUID(payload["meeting_id"]), payload["opens_at"]
    with transaction() as session:
        moment = datetime.fromisoformat(opens_at)
        coming.queue_opened(session, meeting_id, moment)
        people = notices.readers_of_papers(session, meeting_id, moment)
        for person_id in sorted(people):
            outbox.add_once(
                session,
                "notices.opened",
                unique_key=f"notices.opened:{meeting_id}:{person_id}:{opens_at}",
                payload={
                    "mail_id": uuid.uuid4(),
                    "meeting_id": meeting_id,
                    "person_id": person_id,
                },
            )


@outbox.handler("notices.opened")
def tell_opened(payload: Mapping[str, str]) -> None:
    """The papers of a meeting are open to one person."""
    meeting_id = uuid.UUID(payload["meeting_id"])

    def values(session: Session, actor: Actor, now: datetime) -> dict[str, Any] | None:
        papers = notices.still_open(session, actor, meeting_id, now=now)
        if papers is None:
            return None
        # The window ends at a midnight: the last day to read is the one before.
        last_day = papers.closes_at - timedelta(microseconds=1)
        return {**_about(papers.starts_at, f"/my-meetings/{meeting_id}"), "last_day": last_day}

    _tell("papers_open", payload, values)


@outbox.handler("notices.freed")
def find_staff(payload: Mapping[str, str]) -> None:
    """Seats of a meeting became free: one mail to everybody who may fill them."""
    meeting_id, but = uuid.UUID(payload["meeting_id"]), uuid.UUID(payload["but"])
    with transaction() as session:
        staff = notices.staff_to_tell(session, meeting_id, now=clock.now())
        for person_id in sorted(staff - {but}):
            outbox.add_once(
                session,
                "notices.free",
                unique_key=f"notices.free:{payload['mail_id']}:{person_id}",
                payload={
                    "mail_id": uuid.uuid4(),
                    "meeting_id": meeting_id,
                    "person_id": person_id,
                    "seat_ids": payload["seat_ids"],
                },
            )


@outbox.handler("notices.free")
def tell_free(payload: Mapping[str, str]) -> None:
    """A seat is free at a meeting of a table that one person serves; never why."""
    seat_ids = notices.from_text(payload["seat_ids"])

    def values(session: Session, actor: Actor, now: datetime) -> dict[str, Any] | None:
        starts_at = notices.still_free(session, actor, seat_ids, now=now)
        path = f"/meetings/{payload['meeting_id']}/participants"
        return _about(starts_at, path) if starts_at else None

    _tell("seat_free", payload, values)


def _about(starts_at: datetime, path: str) -> dict[str, Any]:
    """The own day, and the page to open."""
    return {
        "starts_at": starts_at,
        "moment": f"{to_local(starts_at):%d-%m}",
        "url": letters.address_of(path),
    }


def _tell(event: str, payload: Mapping[str, str], find: Values) -> None:
    """Send one mail to one person, if there still is something to tell."""
    now = clock.now()
    identifier = letters.message_id("notice", payload["mail_id"])
    with transaction() as session:
        try:
            actor = load_actor(session, uuid.UUID(payload["person_id"]), now=now)
        except NotVisible:
            return
        values = find(session, actor, now)
        if values is None:
            return
        note_mail(
            session,
            actor.person_id,
            kind=f"notices.{event}",
            identifier=identifier,
            meeting_id=uuid.UUID(payload["meeting_id"]),
        )
    with following(identifier):
        letters.send(
            event,
            Recipient(email=actor.email, name=actor.name, language=actor.language),
            identifier=identifier,
            values={"name": actor.name, **values},
            about=About(meeting_id=uuid.UUID(payload["meeting_id"])),
        )


@outbox.handler(covenants.WARNING)
def tell_covenant(payload: Mapping[str, str]) -> None:
    """A covenant ends soon; which one shows after signing in."""
    covenant_id, now = uuid.UUID(payload["covenant_id"]), clock.now()
    identifier = letters.message_id("covenant", payload["row"])
    with transaction() as session:
        try:
            actor = load_actor(session, uuid.UUID(payload["person_id"]), now=now)
        except NotVisible:
            return
        if not covenants.still_ends(session, actor, covenant_id, now=now):
            return
        note_mail(session, actor.person_id, kind=covenants.WARNING, identifier=identifier)
    with following(identifier):
        letters.send(
            "covenant_ending",
            Recipient(email=actor.email, name=actor.name, language=actor.language),
            identifier=identifier,
            values={"name": actor.name, "url": letters.address_of("/"), "days": payload["days"]},
            about=None,
        )
