"""One neutral mail to everybody who is asked, as long as the questions wait for that person."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from app.access import load_actor
from app.access.messages.mail_log import following, note_mail
from app.access.oversight import surveys
from app.domain.errors import NotVisible
from app.infra import clock, letters, outbox
from app.infra.db import transaction
from app.infra.letters import Recipient


@outbox.handler(surveys.ASKED)
def tell(payload: Mapping[str, str]) -> None:
    """Five questions wait for one person."""
    survey_id = uuid.UUID(payload["survey_id"])
    identifier = letters.message_id("survey", payload["row"])
    with transaction() as session:
        try:
            actor = load_actor(session, uuid.UUID(payload["person_id"]), now=clock.now())
            found = surveys.load_own(session, actor, survey_id)
        except NotVisible:
            return
        note_mail(session, actor.person_id, kind=surveys.ASKED, identifier=identifier)
    with following(identifier):
        letters.send(
            "survey_asked",
            Recipient(email=actor.email, name=actor.name, language=actor.language),
            identifier=identifier,
            values={
                "name": actor.name,
                "closes_at": found.closes_at,
                "url": letters.address_of(f"/surveys/{survey_id}"),
            },
            about=None,
        )
