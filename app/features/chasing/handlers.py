"""What the worker does for reminders: the round, and the mails it queued, asked again before."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.access import Actor, load_actor
from app.access.messages.mail_log import following, note_mail
from app.access.records import chasing, chasing_mail
from app.access.records.chasing_mail import Told
from app.domain.errors import NotVisible
from app.features.chasing import rounds
from app.infra import clock, letters, outbox
from app.infra.db import transaction
from app.infra.letters import About, Recipient


@outbox.handler(chasing.ROUND)
def make_round(_payload: Mapping[str, str]) -> None:
    """Look whom to tell of what just now."""
    rounds.make()


@outbox.handler(chasing.DIGEST)
def send_digest(payload: Mapping[str, str]) -> None:
    """The one mail of a person's day; held up until its quiet hours it waits for the next."""
    _send(payload, waits=True)


@outbox.handler(chasing.AT_ONCE)
def send_at_once(payload: Mapping[str, str]) -> None:
    """What is acute, or due at an hour."""
    _send(payload, waits=False)


def _send(payload: Mapping[str, str], *, waits: bool) -> None:
    mail_id = uuid.UUID(payload["mail_id"])
    identifier = letters.message_id("chasing", mail_id)
    with transaction() as session:
        try:
            actor = load_actor(session, uuid.UUID(payload["person_id"]), now=clock.now())
        except NotVisible:
            return
        told = chasing_mail.still_told(session, actor, mail_id, now=clock.now())
        if told is None or (waits and _is_held_up(session, actor, mail_id, told)):
            return
        note_mail(session, actor.person_id, kind=chasing.DIGEST, identifier=identifier)
    with following(identifier):
        letters.send(
            "action_digest",
            Recipient(email=actor.email, name=actor.name, language=actor.language),
            identifier=identifier,
            values=_values(actor, told),
            about=About(case_ids=told.case_ids),
        )


def _is_held_up(session: Session, actor: Actor, mail_id: uuid.UUID, told: Told) -> bool:
    until = chasing_mail.quiet_until(session, told, now=clock.now())
    if until is not None:
        chasing.hold_up(session, actor.person_id, mail_id, until)
    return until is not None


def _values(actor: Actor, told: Told) -> dict[str, Any]:
    return {
        "name": actor.name,
        "number": told.number,
        "own": told.own.number,
        "own_late": told.own.late,
        "organisation": told.organisation.number,
        "table": told.table.number,
        **letters.own_actions(told.own_due),
        "organisation_url": letters.address_of("/organisation-actions"),
        "table_url": letters.address_of("/actions"),
    }
