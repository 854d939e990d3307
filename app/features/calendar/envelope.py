"""One calendar mail, ready to go: built inside a transaction, handed to the post after its end.

What its own words would say of a case stays out of it: without a place, and called "Overleg", it
still brings the hour.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.access.messages import leak_findings, mail_log
from app.access.messages.leak_findings import LeftOut
from app.features.calendar.words import NEUTRAL
from app.infra import clock, ics, letters
from app.infra.ics import Invite
from app.infra.letters import About, CalendarPart, Recipient
from app.infra.mail import DeliveryFailed
from app.models import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """``event`` names the words in templates/mail; every try has the same ``identifier``."""

    event: str
    recipient: Recipient
    identifier: str
    about: About
    values: Mapping[str, Any]
    invite: Invite


def post(envelope: Envelope) -> None:
    """Send it and note how that went. Raises `mail.DeliveryFailed`."""
    with mail_log.following(envelope.identifier):
        _send(envelope)


def _send(envelope: Envelope) -> None:
    """As it is, or else without what says something of a case: place, own title, or both."""
    try:
        letters.send(
            envelope.event,
            envelope.recipient,
            identifier=envelope.identifier,
            values=envelope.values,
            about=envelope.about,
            calendar=_calendar_part(envelope.invite),
        )
    except DeliveryFailed as failed:
        plainer = _without(envelope, leak_findings.left_out_by(failed.code))
        if plainer == envelope:
            raise
        _send(plainer)


def _without(envelope: Envelope, what: LeftOut | None) -> Envelope:
    if what is LeftOut.PLACE:
        values = {**envelope.values, "place": ""}
        return replace(envelope, values=values, invite=replace(envelope.invite, location=""))
    if what is LeftOut.TITLE:
        return replace(envelope, invite=replace(envelope.invite, summary=NEUTRAL))
    return envelope


def recipient_of(person: Person) -> Recipient:
    """To whom, in which language."""
    return Recipient(email=person.email, name=person.name, language=person.language)


def _calendar_part(invite: Invite) -> CalendarPart:
    """The calendar object under the reply address of its entry."""
    return CalendarPart(
        ics=ics.render_invitation(invite),
        method=invite.method,
        sender=invite.sender_address,
        organiser=invite.organiser_address,
    )


def moment_of(starts_at: datetime) -> str:
    """Day and hour as a subject has them, the same in every language."""
    return f"{starts_at.astimezone(clock.AMSTERDAM):%d-%m %H:%M}"
