"""Neutral mail about actions to one person, only for what is still open to that person."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from app.access import Actor, load_actor
from app.access.messages.mail_log import following, note_mail
from app.access.messages.telling import Waiting, tell
from app.access.records import actions, handing_on, term_requests
from app.access.records.term_requests import About as Told
from app.domain.errors import NotVisible
from app.infra import clock, letters, outbox
from app.infra.db import transaction
from app.infra.letters import About, Recipient

# What a mail is about while it still is the reader's; None when there is nothing to tell.
Find = Callable[[Session, Actor], Told | None]


@outbox.handler("actions.remind")
def send_reminder(payload: Mapping[str, str]) -> None:
    """Send 'U hebt 1 actie' with a link; nothing when all was done or taken away meanwhile."""
    person_id = uuid.UUID(payload["person_id"])
    action_ids = [uuid.UUID(one) for one in payload["action_ids"].split(",")]
    identifier = letters.message_id("reminder", payload["mail_id"])
    now = clock.now()
    with transaction() as session:
        try:
            actor = load_actor(session, person_id, now=now)
        except NotVisible:
            return
        own = actions.own_due(session, actor, action_ids, now=now)
        if not own:
            return
        cases = actions.cases_of(session, action_ids)
        note_mail(session, person_id, kind="actions.remind", identifier=identifier)
    with following(identifier):
        letters.send(
            "action_reminder",
            Recipient(email=actor.email, name=actor.name, language=actor.language),
            identifier=identifier,
            values={
                "name": actor.name,
                "count": len(own),
                **letters.own_actions(own),
            },
            about=About(case_ids=cases),
        )


@outbox.handler(term_requests.ASKED)
def find_staff(payload: Mapping[str, str]) -> None:
    """Somebody asks for more time: one mail to everybody who serves the action's table."""
    with transaction() as session:
        term_requests.queue_each(session, uuid.UUID(payload["request_id"]))


@outbox.handler(term_requests.TELL)
def tell_staff(payload: Mapping[str, str]) -> None:
    """A request for more time waits; nothing where it was answered or withdrawn meanwhile."""
    request_id = uuid.UUID(payload["request_id"])
    _send(
        "action_time_asked", payload, str(request_id), "/actions",
        lambda session, actor: term_requests.still_asked(session, actor, request_id),
    )  # fmt: skip


@outbox.handler(term_requests.ANSWERED)
def tell_asker(payload: Mapping[str, str]) -> None:
    """Staff answered a request for more time; how shows after signing in."""
    request_id = uuid.UUID(payload["request_id"])
    _send(
        "action_time_answered", payload, str(request_id), "/my-actions",
        lambda session, actor: term_requests.still_own(session, actor, request_id),
    )  # fmt: skip


@outbox.handler(handing_on.HANDED)
def tell_colleague(payload: Mapping[str, str]) -> None:
    """A colleague handed an action over; nothing where it went on or was finished meanwhile."""
    action_id = uuid.UUID(payload["action_id"])
    _send(
        "action_handed", payload, payload["event_id"], "/my-actions",
        lambda session, actor: handing_on.still_held(session, actor, action_id),
    )  # fmt: skip


def _send(event: str, payload: Mapping[str, str], key: str, path: str, find: Find) -> None:
    def waiting(session: Session, actor: Actor) -> Waiting | None:
        found = find(session, actor)
        return Waiting(f"{path}/{found.action_id}", found.case_id) if found else None

    identifier = letters.message_id(event, f"{key}.{payload['person_id']}")
    tell(event, payload, kind=f"actions.{event}", identifier=identifier, find=waiting)
