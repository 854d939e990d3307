"""What the worker does for tasks: one neutral mail to whoever was given one.

It is asked again just before it leaves; it names no case, no reason and nobody but its reader.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from app.access import load_actor
from app.access.messages.mail_log import following, note_mail
from app.access.tasks import coming, holding
from app.domain.errors import NotVisible
from app.infra import clock, letters, outbox
from app.infra.db import transaction
from app.infra.letters import About, Recipient


@outbox.handler(coming.GIVEN)
def tell(payload: Mapping[str, str]) -> None:
    """A task waits for its holder, or will once its papers open; it is found after signing in."""
    task_id = uuid.UUID(payload["task_id"])
    identifier = letters.message_id("task", payload["mail_id"])
    with transaction() as session:
        try:
            actor = load_actor(session, uuid.UUID(payload["person_id"]), now=clock.now())
        except NotVisible:
            return
        is_coming = coming.find(session, actor, task_id) is not None
        if not is_coming and holding.still_given(session, actor, task_id) is None:
            return
        note_mail(session, actor.person_id, kind="tasks.given", identifier=identifier)
    with following(identifier):
        letters.send(
            "task_given",
            Recipient(email=actor.email, name=actor.name, language=actor.language),
            identifier=identifier,
            values={
                "name": actor.name,
                "url": letters.address_of(f"/tasks/{task_id}"),
                "is_coming": is_coming,
            },
            about=About(case_ids=frozenset({uuid.UUID(payload["case_id"])})),
        )
