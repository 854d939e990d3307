"""What the worker does for access requests: a neutral mail to a source, and to the reviewer.

Each is asked again just before it leaves; it names no case and nobody who asks.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.access import Actor, load_actor
from app.access.lifecycle import requests_waiting
from app.access.messages.mail_log import following, note_mail
from app.domain.errors import NotVisible
from app.infra import clock, letters, outbox
from app.infra.db import transaction
from app.infra.letters import About, Recipient


@dataclass(frozen=True, slots=True)
class _Waiting:
    """That something still waits: on which page, and of which case."""

    path: str
    case_id: uuid.UUID | None


@outbox.handler(requests_waiting.VIEW_ASKED)
def tell_source(payload: Mapping[str, str]) -> None:
    """A source is asked what it thinks of giving its sections."""
    view_id = uuid.UUID(payload["view_id"])

    def waiting(session: Session, actor: Actor) -> _Waiting | None:
        case_id = requests_waiting.still_asked(session, actor, view_id)
        return _Waiting(f"/my-views/{view_id}", case_id) if case_id else None

    identifier = letters.message_id("view", view_id, payload["person_id"])
    _tell("source_view_asked", payload, identifier, waiting)


@outbox.handler(requests_waiting.REVIEW_WAITS)
def tell_reviewer(payload: Mapping[str, str]) -> None:
    """An answer waits for its privacy officer."""
    request_id = uuid.UUID(payload["request_id"])

    def waiting(session: Session, actor: Actor) -> _Waiting | None:
        request = requests_waiting.still_reviewed(session, actor, request_id)
        path = f"/access-requests/{request_id}/review"
        return _Waiting(path, request.case_id) if request else None

    identifier = letters.message_id("review", payload["mail_id"])
    _tell("review_waiting", payload, identifier, waiting)


def _tell(
    event: str,
    payload: Mapping[str, str],
    identifier: str,
    waiting: Callable[[Session, Actor], _Waiting | None],
) -> None:
    with transaction() as session:
        try:
            actor = load_actor(session, uuid.UUID(payload["person_id"]), now=clock.now())
        except NotVisible:
            return
        found = waiting(session, actor)
        if found is None:
            return
        note_mail(session, actor.person_id, kind=f"access-requests.{event}", identifier=identifier)
    with following(identifier):
        letters.send(
            event,
            Recipient(email=actor.email, name=actor.name, language=actor.language),
            identifier=identifier,
            values={"name": actor.name, "url": letters.address_of(found.path)},
            about=About(case_ids=frozenset({found.case_id} if found.case_id else ())),
        )
