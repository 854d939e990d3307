"""One neutral letter to one person about what still waits for that person, asked again before."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.access.actor import Actor, load_actor
from app.access.messages.mail_log import following, note_mail
from app.domain.errors import NotVisible
from app.infra import clock, letters
from app.infra.db import transaction
from app.infra.letters import About, Recipient


@dataclass(frozen=True, slots=True)
class Waiting:
    """That something still waits: on which page, and of which case."""

    path: str
    case_id: uuid.UUID | None


# What still waits for the reader; None when there is nothing to tell.
Find = Callable[[Session, Actor], Waiting | None]


def tell(event: str, payload: Mapping[str, str], *, kind: str, identifier: str, find: Find) -> None:
    """Send the letter ``event`` to ``payload["person_id"]``, noted in the mail log as ``kind``.

    Nothing leaves, and nothing is noted, for somebody who may no longer sign in or where ``find``
    has nothing. Raises ``DeliveryFailed`` when the letter did not get away.
    """
    with transaction() as session:
        try:
            actor = load_actor(session, uuid.UUID(payload["person_id"]), now=clock.now())
        except NotVisible:
            return
        found = find(session, actor)
        if found is None:
            return
        note_mail(session, actor.person_id, kind=kind, identifier=identifier)
    with following(identifier):
        letters.send(
            event,
            Recipient(email=actor.email, name=actor.name, language=actor.language),
            identifier=identifier,
            values={"name": actor.name, "url": letters.address_of(found.path)},
            about=About(case_ids=frozenset({found.case_id} if found.case_id else ())),
        )
