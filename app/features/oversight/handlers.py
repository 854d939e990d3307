"""What the worker does for alarms: one neutral mail to each who watches, without name or case."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from app.access import load_actor
from app.access.messages.mail_log import following, note_mail
from app.access.oversight.alarms import is_watcher
from app.domain.errors import NotVisible
from app.infra import clock, letters, outbox
from app.infra.db import transaction
from app.infra.letters import Recipient


@outbox.handler("oversight.alarm")
def send_alarm(payload: Mapping[str, str]) -> None:
    """Tell one person that somebody opened many cases, if that person still watches over it."""
    alarm_id = uuid.UUID(payload["alarm_id"])
    identifier = letters.message_id("alarm", alarm_id, payload["person_id"])
    with transaction() as session:
        try:
            actor = load_actor(session, uuid.UUID(payload["person_id"]), now=clock.now())
        except NotVisible:
            return
        if not is_watcher(session, actor, alarm_id):
            return
        note_mail(session, actor.person_id, kind="oversight.alarm", identifier=identifier)
    with following(identifier):
        letters.send(
            "reading_alarm",
            Recipient(email=actor.email, name=actor.name, language=actor.language),
            identifier=identifier,
            values={"name": actor.name, "url": letters.address_of("/readers")},
            about=None,
        )
