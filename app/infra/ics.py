"""Writes calendar objects (RFC 5545, RFC 5546) for one recipient at a time; never sees case data.

The caller supplies neutral words only: whatever stands in an object ends up on telephones and at
calendar providers. `CLASS:CONFIDENTIAL` is a wish that hides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from icalendar import Calendar, Component, Event, Timezone, vCalAddress, vText

from app.domain.local_time import AMSTERDAM
from app.domain.text import clean_line, clean_text

METHODS: Final = ("REQUEST", "CANCEL")
PRODUCT: Final = "-//Casustafel//Overleg//NL"


# By hand: the zone icalendar writes itself has RDATEs and onsets at the wrong wall time, which puts
# summer events one hour off in several clients. The onsets are the wall times before the jump
# (RFC 5545 3.6.5), the rules the European ones in force since 1996, open-ended.
_TIMEZONE: Final = (
    b"BEGIN:VTIMEZONE\r\n"
    b"TZID:Europe/Amsterdam\r\n"
    b"BEGIN:DAYLIGHT\r\n"
    b"DTSTART:19700329T020000\r\n"
    b"RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n"
    b"TZNAME:CEST\r\n"
    b"TZOFFSETFROM:+0100\r\n"
    b"TZOFFSETTO:+0200\r\n"
    b"END:DAYLIGHT\r\n"
    b"BEGIN:STANDARD\r\n"
    b"DTSTART:19701025T030000\r\n"
    b"RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n"
    b"TZNAME:CET\r\n"
    b"TZOFFSETFROM:+0200\r\n"
    b"TZOFFSETTO:+0100\r\n"
    b"END:STANDARD\r\n"
    b"END:VTIMEZONE\r\n"
)

_NOT_IN_NAMES: Final = re.compile(r'["^]')
_ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,190}")
_UID: Final = re.compile(r"[A-Za-z0-9._@-]{8,200}")


class InviteError(ValueError):
    """The values cannot make a calendar object that every client reads the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSlot:
    """One person's own stretch of a meeting, in neutral words, for the `.ics` download.

    Times are aware datetimes of any zone, whole seconds. `uid` is random and stable for the life of
    (recipient, slot); `stamp` is the moment of the last change, so that equal slots give equal
    bytes. Raises `InviteError`.
    """

    uid: str
    sequence: int
    stamp: datetime
    starts_at: datetime
    ends_at: datetime
    summary: str
    description: str
    location: str

    def __post_init__(self) -> None:
        """Refuse what clients would read in different ways."""
        _check_times(self.stamp, self.starts_at, self.ends_at)
        if not clean_line(self.summary):
            raise InviteError("summary is empty")
        if not _UID.fullmatch(self.uid):
            raise InviteError("uid is not a plain random identifier")
        if self.sequence < 0:
            raise InviteError("sequence is negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence:
    """How an entry repeats: parts of an RRULE, the start of its last occurrence, and the gaps.

    All moments are aware; `without` are starts the rule names and the series does not have.
    """

    rule: Mapping[str, object]
    until: datetime
    without: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite(OwnSlot):
    """An invitation (`REQUEST`) or its withdrawal (`CANCEL`) for exactly one recipient.

    `sender_address` is the From of the mail; where it is not the organiser, it stands in SENT-BY
    (RFC 6047 2.2.1). The sequence is the caller's: kept per UID, raised on every change of time and
    on a CANCEL (RFC 5546 2.1.4). A CANCEL carries the old times only. `recurrence` makes it a
    series; `occurrence_of` is the first start of the one occurrence meant. Raises `InviteError`.
    """

    recurrence: Recurrence | None = None
    occurrence_of: datetime | None = None

    organiser_address: str
    organiser_name: str
    sender_address: str
    recipient_address: str
    recipient_name: str
    method: str

    def __post_init__(self) -> None:
        """Refuse addresses that could smuggle a property and methods that are not built."""
        OwnSlot.__post_init__(self)
        if self.method not in METHODS:
            raise InviteError(f"method is not one of {', '.join(METHODS)}")
        for address in (self.organiser_address, self.sender_address, self.recipient_address):
            if not _ADDRESS.fullmatch(address):
                raise InviteError("an address is not a plain e-mail address")
        if self.recurrence is not None and self.occurrence_of is not None:
            raise InviteError("one occurrence does not repeat")
        if self.recurrence is not None and self.recurrence.until < self.starts_at:
            raise InviteError("the series ends before it starts")


def render_invitation(invite: Invite) -> bytes:
    """Return the iTIP object to mail: UTF-8, CRLF, lines of at most 75 octets, one ATTENDEE."""
    event = event_of(invite)
    if invite.occurrence_of is not None:
        event.add("RECURRENCE-ID", _on_the_wall(invite.occurrence_of))
    add_recurrence(event, invite.recurrence)
    is_cancel = invite.method == "CANCEL"
    event["STATUS"] = vText("CANCELLED" if is_cancel else "CONFIRMED")
    event["ORGANIZER"] = _party(invite.organiser_address, invite.organiser_name, _sent_by(invite))
    answer = {"RSVP": "FALSE"} if is_cancel else {"PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"}
    event["ATTENDEE"] = _party(
        invite.recipient_address,
        invite.recipient_name,
        {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", **answer},
    )
    busy = "FREE" if is_cancel else "BUSY"
    event["X-MICROSOFT-CDO-BUSYSTATUS"] = vText(busy)
    event["X-MICROSOFT-CDO-INTENDEDSTATUS"] = vText(busy)
    event["X-MICROSOFT-DISALLOW-COUNTER"] = vText("TRUE")
    return _calendar(event, method=invite.method)


def render_download(slot: OwnSlot) -> bytes:
    """Return the own slot as a plain calendar file: no METHOD, no organiser, no attendee."""
    event = event_of(slot)
    event["STATUS"] = vText("CONFIRMED")
    event["X-MICROSOFT-CDO-BUSYSTATUS"] = vText("BUSY")
    return _calendar(event, method=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadEvent:
    """What a calendar object of ours says, as a person would want it told."""

    method: str
    uid: str
    sequence: int
    status: str
    summary: str
    location: str
    starts_at: datetime
    ends_at: datetime
    attendees: tuple[str, ...]


def read_event(text: str) -> ReadEvent:
    """Read an object this module wrote, for the demo mailbox. Raises ValueError for another."""
    calendar = Calendar.from_ical(text)
    events = calendar.walk("VEVENT")
    if len(events) != 1:
        raise InviteError("not exactly one event")
    event = events[0]
    attendees = event.get("ATTENDEE", [])
    return ReadEvent(
        method=str(calendar.get("METHOD", "")),
        uid=str(event.get("UID", "")),
        sequence=int(event.get("SEQUENCE", 0)),
        status=str(event.get("STATUS", "")),
        summary=str(event.get("SUMMARY", "")),
        location=str(event.get("LOCATION", "")),
        starts_at=_moment(event, "DTSTART"),
        ends_at=_moment(event, "DTEND"),
        attendees=tuple(
            str(one).removeprefix("mailto:")
            for one in (attendees if isinstance(attendees, list) else [attendees])
        ),
    )


def _moment(event: Component, name: str) -> datetime:
    found = event.decoded(name)
    if not isinstance(found, datetime):
        raise InviteError("a time is not a moment")
    return found


def _check_times(*moments: datetime) -> None:
    if any(moment.utcoffset() is None for moment in moments):
        raise InviteError("a time has no zone")
    _, starts_at, ends_at = (_to_second(moment) for moment in moments)
    if ends_at <= starts_at:
        raise InviteError("the end is not after the start")


def event_of(slot: OwnSlot) -> Event:
    """What every form of an entry has in common."""
    event = Event()
    event.add("UID", slot.uid)
    event.add("SEQUENCE", slot.sequence)
    event.add("DTSTAMP", _to_second(slot.stamp))
    event.add("LAST-MODIFIED", _to_second(slot.stamp))
    for name, moment in zip(("DTSTART", "DTEND"), _wall_times(slot), strict=True):
        event.add(name, moment)
    event.add("SUMMARY", clean_line(slot.summary))
    for name, text in (
        ("DESCRIPTION", clean_text(slot.description)),
        ("LOCATION", clean_line(slot.location)),
    ):
        if text:
            event.add(name, text)
    event.add("CLASS", "CONFIDENTIAL")
    event.add("TRANSP", "OPAQUE")
    return event


def add_recurrence(event: Event, recurrence: Recurrence | None) -> None:
    """Make an event repeat; None leaves it as it is."""
    if recurrence is None:
        return
    # RFC 5545 3.3.10: beside a start with a zone, UNTIL is in UTC; icalendar leaves out the Z.
    event.add("RRULE", {**recurrence.rule, "until": _to_second(recurrence.until)})
    if recurrence.without:
        event.add("EXDATE", [_on_the_wall(one) for one in sorted(recurrence.without)])


def _on_the_wall(moment: datetime) -> datetime:
    """In the zone of DTSTART, as 3.8.5.1 and 3.8.4.4 ask; a series never starts in a lost hour."""
    return _to_second(moment).astimezone(AMSTERDAM)


def frame() -> Calendar:
    """A calendar without entries, the zone included."""
    # Not Calendar.new(): that adds a random UID of its own, so equal input gave different bytes.
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add_component(Timezone.from_ical(_TIMEZONE))
    return calendar


def _calendar(event: Event, *, method: str | None) -> bytes:
    calendar = frame()
    if method is not None:
        calendar.add("METHOD", method)
    calendar.add_component(event)
    data: bytes = calendar.to_ical()
    return data


def _wall_times(slot: OwnSlot) -> tuple[datetime, datetime]:
    """Return start and end on the Amsterdam clock, or in UTC where that clock shows an hour twice.

    A local time in the doubled October hour means the first of the two (RFC 5545 3.3.5) and parsers
    differ on it; a single event loses nothing by naming the instant itself.
    """
    start, end = (_to_second(moment) for moment in (slot.starts_at, slot.ends_at))
    local = (start.astimezone(AMSTERDAM), end.astimezone(AMSTERDAM))
    if any(_is_doubled(moment) for moment in local):
        return start, end
    return local


def _is_doubled(moment: datetime) -> bool:
    return moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset()


def _to_second(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


def _sent_by(invite: Invite) -> dict[str, str]:
    if invite.sender_address.lower() == invite.organiser_address.lower():
        return {}
    return {"SENT-BY": f"mailto:{invite.sender_address.lower()}"}


def _party(address: str, name: str, parameters: Mapping[str, str]) -> vCalAddress:
    party = vCalAddress(f"mailto:{address.lower()}")
    # Outlook shows the RFC 6868 escapes of a quote literally, so the characters go.
    common_name = _NOT_IN_NAMES.sub("", clean_line(name)).strip()
    if common_name:
        party.params["CN"] = vText(common_name)
    for key, value in parameters.items():
        party.params[key] = vText(value)
    return party
