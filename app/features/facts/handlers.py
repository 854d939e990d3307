"""What the worker does for new facts, and for telling people: neutral mail, asked again before.

No mail tells what happened, about whom, or at which table.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from app.access import Actor, load_actor
from app.access.case_life import fact_notices, informings
from app.access.messages import notices
from app.access.messages.mail_log import following, note_mail
from app.access.messages.telling import Waiting, tell
from app.access.seats import chasing
from app.access.seats.own_seats import has_slot
from app.domain.errors import NotVisible
from app.infra import clock, letters, outbox
from app.infra.db import transaction
from app.infra.letters import About, Recipient

# The case a mail is about, while it still is the reader's; None when there is nothing to tell.
Find = Callable[[Session, Actor], uuid.UUID | None]


@outbox.handler(fact_notices.REPORTED)
def find_staff(payload: Mapping[str, str]) -> None:
    """Danger was reported, or still waits: one mail to everybody who serves the case."""
    with transaction() as session:
        fact_notices.queue_each(
            session,
            uuid.UUID(payload["fact_id"]),
            uuid.UUID(payload["case_id"]),
            often=payload["often"],
        )


@outbox.handler(fact_notices.TELL)
def tell_staff(payload: Mapping[str, str]) -> None:
    """Somebody reported danger; nothing where it was answered meanwhile."""
    fact_id = uuid.UUID(payload["fact_id"])
    again = payload["often"] != "0"
    key = f"{fact_id}.{payload['person_id']}.{payload['often']}"
    _send(
        "fact_again" if again else "fact_danger",
        payload,
        key,
        f"/facts/{fact_id}",
        lambda session, actor: fact_notices.still_waits(session, actor, fact_id),
    )


@outbox.handler(fact_notices.ANSWERED)
def tell_reporter(payload: Mapping[str, str]) -> None:
    """Something was done about an own report."""
    fact_id = uuid.UUID(payload["fact_id"])
    _send(
        "fact_answered",
        payload,
        payload["mail_id"],
        "/my-facts",
        lambda session, actor: fact_notices.still_own(session, actor, fact_id),
    )


@outbox.handler(fact_notices.NOTED)
def tell_seat(payload: Mapping[str, str]) -> None:
    """A note stands ready for an own seat, to be read in the own meeting."""
    meeting_id, case_id = uuid.UUID(payload["meeting_id"]), uuid.UUID(payload["case_id"])
    _send(
        "fact_noted",
        payload,
        payload["mail_id"],
        f"/my-meetings/{meeting_id}",
        lambda session, actor: case_id if has_slot(session, actor, meeting_id, case_id) else None,
    )


@outbox.handler(informings.DUE)
def find_staff_to_reconsider(payload: Mapping[str, str]) -> None:
    """The day came on which telling somebody is considered again."""
    with transaction() as session:
        informings.queue_each(
            session, uuid.UUID(payload["informing_id"]), uuid.UUID(payload["case_id"])
        )


@outbox.handler(informings.REMIND)
def tell_to_reconsider(payload: Mapping[str, str]) -> None:
    """One mail to one who serves the case; nothing where it was recorded anew meanwhile."""
    informing_id = uuid.UUID(payload["informing_id"])
    _send(
        "informing_due",
        payload,
        f"{informing_id}.{payload['person_id']}",
        "/informing",
        lambda session, actor: informings.still_due(session, actor, informing_id),
    )


@outbox.handler(chasing.REMIND)
def remind_asked(payload: Mapping[str, str]) -> None:
    """A question waits for one person; nothing where it was answered or its time is over."""
    seat_ids, meeting_id = notices.from_text(payload["seat_ids"]), uuid.UUID(payload["meeting_id"])
    identifier = letters.message_id("notice", payload["mail_id"])
    with transaction() as session:
        try:
            actor = load_actor(session, uuid.UUID(payload["person_id"]), now=clock.now())
        except NotVisible:
            return
        asked = notices.still_asked(session, actor, seat_ids, now=clock.now())
        if asked is None:
            return
        note_mail(
            session,
            actor.person_id,
            kind=chasing.REMIND,
            identifier=identifier,
            meeting_id=meeting_id,
        )
    path = f"/my-input/{asked.request_id}" if asked.request_id else "/"
    with following(identifier):
        letters.send(
            "input_reminder",
            Recipient(email=actor.email, name=actor.name, language=actor.language),
            identifier=identifier,
            values={"name": actor.name, "url": letters.address_of(path)},
            about=About(meeting_id=meeting_id),
        )


def _send(event: str, payload: Mapping[str, str], key: str, path: str, find: Find) -> None:
    def waiting(session: Session, actor: Actor) -> Waiting | None:
        case_id = find(session, actor)
        return Waiting(path, case_id) if case_id else None

    identifier = letters.message_id("fact", key)
    tell(event, payload, kind=f"facts.{event}", identifier=identifier, find=waiting)
