"""One calendar mail, ready to go: built inside a transaction, handed to the post after its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.access import mail_log
from app.infra import clock, letters, reply_address
from app.infra.letters import About, CalendarPart, Recipient
from app.models import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """``event`` names the words in templates/mail; every try has the same ``identifier``."""

    event: str
    recipient: Recipient
    identifier: str
    about: About
    values: Mapping[str, Any]
    calendar: CalendarPart


def post(envelope: Envelope) -> None:
    """Send it and note how that went. Raises `mail.DeliveryFailed`."""
    with mail_log.following(envelope.identifier):
        letters.send(
            envelope.event,
            envelope.recipient,
            identifier=envelope.identifier,
            values=envelope.values,
            about=envelope.about,
            calendar=envelope.calendar,
        )


def recipient_of(person: Person) -> Recipient:
    """To whom, in which language."""
    return Recipient(email=person.email, name=person.name, language=person.language)


def calendar_part(uid: str, ics: bytes, *, method: str) -> CalendarPart:
    """The calendar object under the reply address of its entry."""
    return CalendarPart(
        ics=ics,
        method=method,
        sender=reply_address.sender_of(uid),
        organiser=reply_address.organiser_of(uid),
    )


def moment_of(starts_at: datetime) -> str:
    """Day and hour as a subject has them, the same in every language."""
    return f"{starts_at.astimezone(clock.AMSTERDAM):%d-%m %H:%M}"
