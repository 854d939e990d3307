"""Reads the answers in a calendar object of any make; it must never trust a time or a rule in it.

Only a handful of properties is looked at, line by line: one bad property elsewhere spoils nothing,
and a hostile VTIMEZONE or RRULE is never evaluated. A zone is known by its name or not at all.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Final
from urllib.parse import unquote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from icalendar.parser import Contentline
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from app.domain.local_time import AMSTERDAM
from app.domain.text import clean_text

LONGEST_OBJECT: Final = 512_000  # characters
LONGEST_LINE: Final = 6_000
LONGEST_UID: Final = 200
LONGEST_COMMENT: Final = 2_000
LONGEST_SEQUENCE: Final = 9
MOST_EVENTS: Final = 50

_CALENDAR: Final = ["VCALENDAR"]
_EVENT: Final = ["VCALENDAR", "VEVENT"]
_WANTED: Final = frozenset(
    {
        "UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "RECURRENCE-ID", "ATTENDEE", "ORGANIZER",
        "COMMENT", "X-CALENDARSERVER-PRIVATE-COMMENT", "X-MICROSOFT-CDO-APPT-SEQUENCE",
    }
)  # fmt: skip
_NAME: Final = re.compile(r"[A-Za-z0-9-]{1,60}(?=[;:])")
_MOMENT: Final = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?")
_PROPOSED: Final = re.compile(r"DTSTART(?:;TZID=([^:;]{1,100}))?:(\d{8}T\d{6}Z?)", re.IGNORECASE)
_NOT_IN_LINES: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one VEVENT says for one attendee; "" and None stand for what is not there.

    Addresses and ``partstat`` are as compared: lower and upper case. Moments are UTC.
    """

    method: str
    uid: str
    sequence: int
    stamp: datetime | None
    occurrence_at: datetime | None
    attendee: str
    partstat: str
    delegated_to: str
    organiser: str
    comment: str
    proposed_starts_at: datetime | None
    proposed_ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Property:
    parameters: Mapping[str, str]
    value: str


_Event = defaultdict[str, list[_Property]]


def read_answers(text: str, *, sender: str, method: str = "") -> tuple[Answer, ...]:
    """The REPLYs and COUNTERs in a calendar part; none where it holds none or makes no sense.

    The METHOD inside the object counts; ``method`` is that of the mail part, for an object that
    has none. ``sender`` chooses among several ATTENDEEs.
    """
    if len(text) > LONGEST_OBJECT:
        return ()
    found: list[Answer] = []
    for own_method, event in _events(text):
        meant = own_method or method.upper()
        if meant in ("REPLY", "COUNTER"):
            found.append(_answer(event, method=meant, sender=sender))
        if len(found) > MOST_EVENTS:
            return ()
    return tuple(one for one in found if one.uid)


def _events(text: str) -> Iterator[tuple[str, _Event]]:
    """Every VEVENT with the METHOD of the calendar around it, however many there are of either."""
    method = ""
    waiting: list[_Event] = []
    for inside, name, line in _walk(text):
        if inside == _EVENT:
            if name == "BEGIN":
                waiting.append(defaultdict(list))
            elif name != "END":
                _add(waiting[-1], line)
        elif inside == _CALENDAR:
            if name == "METHOD":
                method = line.partition(":")[2].strip().upper()
            elif name == "BEGIN":
                method, waiting = "", []
            elif name == "END":
                # METHOD may stand behind the events it speaks of.
                yield from ((method, event) for event in waiting)


def _walk(text: str) -> Iterator[tuple[list[str], str, str]]:
    """Each line with its name and the components it stands in; BEGIN and END stand inside."""
    inside: list[str] = []
    for line in _unfolded(text):
        name, _, rest = line.partition(":")
        name = name.upper()
        if name == "BEGIN":
            inside.append(rest.strip().upper())
        yield inside, name, line
        if name == "END" and inside[-1:] == [rest.strip().upper()]:
            inside.pop()


def _unfolded(text: str) -> Iterator[str]:
    """The content lines of RFC 5545 3.1, of bare LF or CR too; one far too long is left out."""
    pieces: list[str] = []
    length = 0
    for raw in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if raw[:1] in (" ", "\t") and pieces:
            length += len(raw)
            if length <= LONGEST_LINE:
                pieces.append(raw[1:])
            continue
        if length <= LONGEST_LINE and pieces:
            yield _NOT_IN_LINES.sub("", "".join(pieces))
        pieces, length = [raw], len(raw)
    if length <= LONGEST_LINE and pieces:
        yield _NOT_IN_LINES.sub("", "".join(pieces))


def _add(event: _Event, line: str) -> None:
    name = _NAME.match(line)
    if name is None or name[0].upper() not in _WANTED or len(event[name[0].upper()]) > MOST_EVENTS:
        return
    try:
        _, parameters, value = Contentline(line).parts()  # type: ignore[no-untyped-call]
    except ValueError:
        return
    flat = {
        str(key).upper(): str(one[0] if isinstance(one, list) and one else one)
        for key, one in parameters.items()
    }
    event[name[0].upper()].append(_Property(flat, value))


def _answer(event: _Event, *, method: str, sender: str) -> Answer:
    attendee = _attendee(event, sender)
    parameters = attendee.parameters if attendee else {}
    proposed = parameters.get("TO-ALL-PROPOSED-NEW-TIME", "")
    is_counter = method == "COUNTER" or bool(proposed)
    starts_at, ends_at = _moment(_first(event, "DTSTART")), _moment(_first(event, "DTEND"))
    if proposed:
        starts_at, ends_at = _proposed(proposed), None
    return Answer(
        method="COUNTER" if is_counter else method,
        uid=(_value(event, "UID") or "").strip()[:LONGEST_UID],
        sequence=_sequence(event),
        stamp=_moment(_first(event, "DTSTAMP")),
        occurrence_at=_moment(_first(event, "RECURRENCE-ID")),
        attendee=_address(attendee),
        partstat=parameters.get("PARTSTAT", "").strip().upper()[:40],
        delegated_to=_plain_address(parameters.get("DELEGATED-TO", "")),
        organiser=_address(_first(event, "ORGANIZER")),
        comment=_comment(event, parameters),
        proposed_starts_at=starts_at if is_counter else None,
        proposed_ends_at=ends_at if is_counter else None,
    )


def _first(event: _Event, name: str) -> _Property | None:
    return next(iter(event.get(name, ())), None)


def _value(event: _Event, name: str) -> str | None:
    found = _first(event, name)
    return found.value if found else None


def _attendee(event: _Event, sender: str) -> _Property | None:
    """The one attendee of a reply; of several the sender's own, for some send the whole list."""
    everybody = event.get("ATTENDEE", [])
    own = [one for one in everybody if _address(one) == sender]
    return next(iter(own or everybody), None)


def _address(party: _Property | None) -> str:
    """The address of a calendar user, which Apple puts in EMAIL beside an identifier of its own."""
    if party is None:
        return ""
    return _plain_address(party.value) or _plain_address(party.parameters.get("EMAIL", ""))


def _plain_address(value: str) -> str:
    plain = unquote(re.sub(r"^\s*mailto:", "", value.strip(' "'), flags=re.IGNORECASE)).strip()
    return plain.lower() if re.fullmatch(r"[^@\s:/<>]{1,64}@[^@\s:/<>]{1,190}", plain) else ""


def _sequence(event: _Event) -> int:
    """SEQUENCE, or what Outlook writes beside it when that is absent or 0; 0 for nonsense."""
    for name in ("SEQUENCE", "X-MICROSOFT-CDO-APPT-SEQUENCE"):
        value = (_value(event, name) or "").strip()
        if value.isascii() and value.isdigit() and len(value) <= LONGEST_SEQUENCE and int(value):
            return int(value)
    return 0


def _comment(event: _Event, parameters: Mapping[str, str]) -> str:
    texts = [
        *(one.value for one in event.get("COMMENT", ())),
        *(one.value for one in event.get("X-CALENDARSERVER-PRIVATE-COMMENT", ())),
        parameters.get("X-RESPONSE-COMMENT", ""),
    ]
    kept = dict.fromkeys(clean_text(text) for text in texts)
    return "\n".join(text for text in kept if text)[:LONGEST_COMMENT]


def _proposed(text: str) -> datetime | None:
    """The time an iPhone proposes inside an ATTENDEE parameter."""
    found = _PROPOSED.search(text)
    if found is None:
        return None
    parameters = {"TZID": found[1]} if found[1] else {}
    return _moment(_Property(parameters, found[2]))


def _moment(found: _Property | None) -> datetime | None:
    """A moment in UTC; a day is its midnight in Amsterdam, None for what is no moment."""
    read = _MOMENT.fullmatch(found.value.strip()) if found else None
    if found is None or read is None:
        return None
    zone = UTC if read[7] else _zone(found.parameters.get("TZID", ""))
    numbers = [int(part or 0) for part in read.groups()[:6]]
    try:
        return datetime(*numbers, tzinfo=zone).astimezone(UTC)  # type: ignore[arg-type,misc]  # six numbers
    except (ValueError, OverflowError):
        return None


def _zone(name: str) -> tzinfo:
    """The zone of that name: as IANA or Windows has it, or as the last parts of a longer name.

    What nobody knows is taken for Amsterdam: that is the zone our entries were sent in.
    """
    parts = name.strip(' "').split("/")
    if parts[-1].upper() in ("UTC", "GMT"):
        return UTC
    for known in (name.strip(' "'), "/".join(parts[-2:]), parts[-1]):
        try:
            return ZoneInfo(WINDOWS_TO_OLSON.get(known, known))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return AMSTERDAM
