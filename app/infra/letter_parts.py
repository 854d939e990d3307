"""Takes a mail apart into what a reader could see, each beside what anybody's mail says there.

For the check on words of a case: ``own`` is the product's own wording and the recipient's own name.
It must look at the mail as it travels, not at what somebody meant to write.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Final

from app.infra import mail
from app.infra.mail import OutgoingMail

_HEADERS: Final = ("From", "To", "Reply-To", "Subject", "Message-ID")
_ZONE: Final = re.compile(r"BEGIN:VTIMEZONE.*?END:VTIMEZONE\r\n", re.DOTALL)
_PROPERTY: Final = re.compile(r"([A-Za-z0-9-]+)(.*)", re.DOTALL)
_DIGITS: Final = re.compile(r"\d")
# Moments the product writes itself: a date in them is that of a meeting.
_MOMENTS: Final = (
    "CREATED", "DTEND", "DTSTAMP", "DTSTART", "EXDATE", "LAST-MODIFIED", "RDATE", "RECURRENCE-ID",
    "RRULE",
)  # fmt: skip
_CALENDAR_WORDS: Final = (
    "VCALENDAR VEVENT TZID Europe Amsterdam CUTYPE INDIVIDUAL ROLE REQ-PARTICIPANT PARTSTAT "
    "NEEDS-ACTION RSVP TRUE FALSE CN mailto SENT-BY VALUE DATE-TIME CONFIDENTIAL PRIVATE CONFIRMED "
    "TENTATIVE CANCELLED OPAQUE TRANSPARENT BUSY FREE REQUEST CANCEL GREGORIAN Casustafel Overleg "
    "NL FREQ DAILY WEEKLY MONTHLY BYDAY MO TU WE TH FR SA SU UNTIL INTERVAL COUNT"
)


@dataclass(frozen=True, slots=True)
class Part:
    """One thing a reader sees: ``place`` names it in a code, such as ``calendar-LOCATION``."""

    place: str
    text: str
    own: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Neutral:
    """The same mail as it would read for anybody, but for the recipient's name and addresses."""

    subject: str
    text: str
    html: str
    calendar: str
    addresses: str


def parts_of(outgoing: OutgoingMail, neutral: Neutral) -> Iterator[Part]:
    """Subject, texts, headers, names of files and every property of the calendar object."""
    yield Part("subject", outgoing.subject, neutral.subject)
    yield Part("text", outgoing.text, neutral.text)
    yield Part("html", unescape(outgoing.html or ""), unescape(neutral.html))
    message = mail.build(outgoing)
    own = f"{neutral.addresses} {neutral.subject}"
    for name in _HEADERS:
        yield Part(f"header-{name}", str(message.get(name, "")), own)
    for part in message.walk():
        yield Part("file", f"{part.get_filename('')} {part.get_param('name', '')}", "")
    yield from _calendar_parts((outgoing.ics or b"").decode(), neutral)


def _calendar_parts(ics: str, neutral: Neutral) -> Iterator[Part]:
    """A folded line is one line; escapes are what they stand for."""
    whole = _ZONE.sub("", ics).replace("\r\n ", "").replace("\r\n\t", "")
    own = {
        "ATTENDEE": neutral.addresses,
        "DESCRIPTION": neutral.calendar,
        "ORGANIZER": neutral.addresses,
    }
    for line in whole.splitlines():
        found = _PROPERTY.fullmatch(line)
        name, value = (found[1].upper(), found[2]) if found else ("", line)
        text = re.sub(r"\\[nN]", " ", value).replace("\\", "")
        if name in _MOMENTS:
            text = _DIGITS.sub(" ", text)
        yield Part(f"calendar-{name}"[:40], text, f"{_CALENDAR_WORDS} {own.get(name, '')}")
