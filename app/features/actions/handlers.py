"""Reminders of actions: neutral mail to one person, only for what is still open to that person."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from app.access import load_actor
from app.access.messages.mail_log import following, note_mail
from app.access.records import actions
from app.domain.errors import NotVisible
from app.infra import clock, letters, outbox
from app.infra.db import transaction
from app.infra.letters import About, Recipient


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
        count = actions.count_open(session, actor, action_ids, now=now)
        if not count:
            return
        cases = actions.cases_of(session, action_ids)
        note_mail(session, person_id, kind="actions.remind", identifier=identifier)
    path = f"/my-actions/{action_ids[0]}" if len(action_ids) == 1 else "/my-actions"
    with following(identifier):
        letters.send(
            "action_reminder",
            Recipient(email=actor.email, name=actor.name, language=actor.language),
            identifier=identifier,
            values={
                "name": actor.name,
                "count": count,
                "url": letters.address_of(path),
                "answers": len(action_ids) == 1,
            },
            about=About(case_ids=cases),
        )
