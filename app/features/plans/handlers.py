"""What the worker does for reviews: one neutral mail per person on the day, asked again first."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date

from app.access import load_actor
from app.access.case_life import review_reminders
from app.access.messages.mail_log import following, note_mail
from app.domain.errors import NotVisible
from app.infra import clock, letters, outbox
from app.infra.db import transaction
from app.infra.letters import About, Recipient


@outbox.handler(review_reminders.DUE)
def find(payload: Mapping[str, str]) -> None:
    """The day of a review has come, unless it moved."""
    with transaction() as session:
        due_on = date.fromisoformat(payload["due_on"])
        review_reminders.find_staff(session, uuid.UUID(payload["case_id"]), due_on)


@outbox.handler(review_reminders.TOLD)
def tell(payload: Mapping[str, str]) -> None:
    """A case of a table that one person serves is to be reviewed."""
    case_id = uuid.UUID(payload["case_id"])
    identifier = letters.message_id("review", payload["mail_id"])
    with transaction() as session:
        try:
            actor = load_actor(session, uuid.UUID(payload["person_id"]), now=clock.now())
        except NotVisible:
            return
        if not review_reminders.still_due(session, actor, case_id):
            return
        note_mail(session, actor.person_id, kind=review_reminders.TOLD, identifier=identifier)
    with following(identifier):
        letters.send(
            "review_due",
            Recipient(email=actor.email, name=actor.name, language=actor.language),
            identifier=identifier,
            values={"name": actor.name, "url": letters.address_of("/reviews")},
            about=About(case_ids=frozenset({case_id})),
        )
