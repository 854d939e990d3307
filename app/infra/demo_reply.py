"""Writes the answer a calendar program would send, for the demo mailbox; not for production."""

from __future__ import annotations

from datetime import UTC
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from app.infra import clock, reply_address
from app.infra.ics import ReadEvent
from app.infra.mailbox import StoredMail

AUTHSERV_ID: Final = "voorbeeldomgeving.invalid"
ANSWERS: Final = ("ACCEPTED", "TENTATIVE", "DECLINED")


def write_reply(mail: StoredMail, event: ReadEvent, partstat: str) -> bytes:
    """The mail somebody's calendar sends back to the invitation in ``mail``."""
    organiser = reply_address.organiser_of(event.uid)
    now = clock.now()
    message = EmailMessage(policy=SMTP)
    message["Authentication-Results"] = (
        f"{AUTHSERV_ID}; dmarc=pass header.from={mail.to.rpartition('@')[2]}"
    )
    message["From"] = mail.to
    message["To"] = organiser
    message["Subject"] = "Overleg"
    message["Date"] = format_datetime(now)
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Casustafel//Voorbeeldomgeving//NL",
        "METHOD:REPLY",
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"SEQUENCE:{event.sequence}",
        f"DTSTAMP:{now:%Y%m%dT%H%M%SZ}",
        f"DTSTART:{event.starts_at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"ORGANIZER:mailto:{organiser}",
        f"ATTENDEE;PARTSTAT={partstat}:mailto:{mail.to}",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    )
    message.set_content(
        "\r\n".join(lines).encode(), maintype="text", subtype="calendar", cte="base64",
        params={"method": "REPLY", "charset": "UTF-8"},
    )  # fmt: skip
    return message.as_bytes()
