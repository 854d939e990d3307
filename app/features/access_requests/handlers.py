"""What the worker does for access requests: a neutral mail to a source, and to the reviewer.

Each is asked again just before it leaves; it names no case and nobody who asks.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.access import Actor
from app.access.lifecycle import requests_waiting
from app.access.messages.telling import Waiting, tell
from app.infra import letters, outbox


@outbox.handler(requests_waiting.VIEW_ASKED)
def tell_source(payload: Mapping[str, str]) -> None:
    """A source is asked what it thinks of giving its sections."""
    view_id = uuid.UUID(payload["view_id"])

    def waiting(session: Session, actor: Actor) -> Waiting | None:
        case_id = requests_waiting.still_asked(session, actor, view_id)
        return Waiting(f"/my-views/{view_id}", case_id) if case_id else None

    identifier = letters.message_id("view", view_id, payload["person_id"])
    tell(
        "source_view_asked",
        payload,
        kind="access-requests.source_view_asked",
        identifier=identifier,
        find=waiting,
    )


@outbox.handler(requests_waiting.REVIEW_WAITS)
def tell_reviewer(payload: Mapping[str, str]) -> None:
    """An answer waits for its privacy officer."""
    request_id = uuid.UUID(payload["request_id"])

    def waiting(session: Session, actor: Actor) -> Waiting | None:
        request = requests_waiting.still_reviewed(session, actor, request_id)
        path = f"/access-requests/{request_id}/review"
        return Waiting(path, request.case_id) if request else None

    identifier = letters.message_id("review", payload["mail_id"])
    tell(
        "review_waiting",
        payload,
        kind="access-requests.review_waiting",
        identifier=identifier,
        find=waiting,
    )
