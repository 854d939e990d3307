"""Mails about accounts: the one-time link, and what changed; neutral, and to one person each."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from app.access import audit, load_actor
from app.access.messages.mail_log import following, note_mail
from app.access.permissions import Audience
from app.domain.kinds import AccountState
from app.features.accounts.links import repeat_link
from app.infra import clock, letters, outbox
from app.infra.db import transaction
from app.infra.letters import Recipient
from app.models import Person

REACHABLE: Final = (AccountState.INVITED, AccountState.ACTIVE)
# The letters there are, and the page each points to.
PAGES: Final = {
    "account_blocked": "/",
    "account_changed": "/sessions",
    "account_ended": "/",
    "change_decided": "/changes",
    "change_made": "/changes",
    "change_waiting": "/changes",
    "recovery_codes": "/sessions",
    "recovery_used": "/sessions",
    "role_ended": "/",
}
# Letters for who leads a table, or oversees all: no longer so, no letter.
OF_STATE: Final = {
    "account_blocked": AccountState.BLOCKED,
    "account_ended": AccountState.LEFT,
}
TO_STAFF: Final = {"change_decided", "change_made", "change_waiting"}


@outbox.handler("account.invite")
def send_link(payload: Mapping[str, str]) -> None:
    """Send a one-time link; the token exists in this mail only, and in every new try of it."""
    row = payload["row"]
    identifier = letters.message_id("account", row)
    with transaction() as session:
        person = session.get(Person, uuid.UUID(payload["person_id"]))
        if person is None or person.state not in REACHABLE:
            return
        token = repeat_link(session, person.id, row)
        if token is None:
            return
        recipient, ends_at = _note(session, person, "welcome", identifier), person.ends_at
        audit.record(
            session,
            None,
            audit.Entry(event=audit.Event.ADD, object_kind="one-time-link", object_id=person.id),
        )
    with following(identifier):
        letters.send(
            "welcome",
            recipient,
            identifier=identifier,
            values={
                "name": recipient.name,
                "url": letters.address_of(f"/welcome/{token}"),
                # The account of a guest ends at a midnight: its last day is the one before.
                "last_day": ends_at - timedelta(microseconds=1) if ends_at else None,
            },
            about=None,
        )


@outbox.handler("account.letter")
def send_letter(payload: Mapping[str, str]) -> None:
    """Tell one person that something about accounts or roles waits or has changed."""
    event = payload["event"]
    page = PAGES[event]
    identifier = letters.message_id(event, payload["about"], payload["person_id"])
    with transaction() as session:
        person = session.get(Person, uuid.UUID(payload["person_id"]))
        if person is None or not _is_for(session, person, event):
            return
        recipient = _note(session, person, event, identifier)
    with following(identifier):
        letters.send(
            event,
            recipient,
            identifier=identifier,
            values={"name": recipient.name, "url": letters.address_of(page)},
            about=None,
        )


def _is_for(session: Session, person: Person, event: str) -> bool:
    """Whether the letter still concerns this person: who is out hears of that alone."""
    if event in OF_STATE:
        return person.state is OF_STATE[event]
    if person.state is not AccountState.ACTIVE:
        return False
    actor = load_actor(session, person.id, now=clock.now())
    return event not in TO_STAFF or actor.belongs_to(Audience.OVERSEER)


def _note(session: Session, person: Person, event: str, identifier: str) -> Recipient:
    """Log that a mail goes out; gives to whom."""
    note_mail(session, person.id, kind=f"account.{event}", identifier=identifier)
    return Recipient(email=person.email, name=person.name, language=person.language)
