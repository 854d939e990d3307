"""Reminders of actions: neutral mail to one person, only for what is still open to that person."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import actions, load_actor
from app.domain.errors import NotVisible
from app.infra import clock, letters, outbox
from app.infra.db import transaction
from app.infra.letters import Recipient
from app.models import MailLog


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
        _note(session, person_id, identifier)
    path = f"/my-actions/{action_ids[0]}" if len(action_ids) == 1 else "/my-actions"
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
    )


def _note(session: Session, person_id: uuid.UUID, identifier: str) -> None:
    """Log that a mail goes out, once per Message-ID."""
    if session.scalar(select(MailLog.id).where(MailLog.message_id == identifier)) is None:
        session.add(
            MailLog(
                at=clock.now(), kind="actions.remind", person_id=person_id, message_id=identifier
            )
        )
