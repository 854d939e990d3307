"""What the worker does here: a neutral mail to each of the staff with something to hand over."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from app.access import load_actor
from app.access.messages.mail_log import following, note_mail
from app.access.records import takeovers
from app.domain.errors import NotVisible
from app.infra import clock, letters, outbox
from app.infra.db import transaction
from app.infra.letters import Recipient


@outbox.handler(takeovers.WAITING)
def tell(payload: Mapping[str, str]) -> None:
    """Whose, and what, shows after signing in; nothing goes where nothing shows to this reader."""
    about_id, now = uuid.UUID(payload["about_id"]), clock.now()
    identifier = letters.message_id("takeover", payload["mail_id"])
    with transaction() as session:
        try:
            actor = load_actor(session, uuid.UUID(payload["person_id"]), now=now)
        except NotVisible:
            return
        if not takeovers.gone(session, actor, now=now, person_id=about_id):
            return
        note_mail(session, actor.person_id, kind=takeovers.WAITING, identifier=identifier)
    with following(identifier):
        letters.send(
            "takeover_waiting",
            Recipient(email=actor.email, name=actor.name, language=actor.language),
            identifier=identifier,
            values={"name": actor.name, "url": letters.address_of(f"/takeovers/{about_id}")},
            about=None,
        )
