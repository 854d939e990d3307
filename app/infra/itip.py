"""Reads one incoming mail, whoever made it, into what it answers; it must never raise or act.

Everything in a mail is a stranger's word: sizes and numbers are bounded before anything is parsed,
headers are read with narrow patterns, and what makes no sense is left out instead of guessed at.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Final

from app.domain.text import clean_text
from app.infra.itip_object import LONGEST_COMMENT, LONGEST_OBJECT, Answer, read_answers

MOST_BYTES: Final = 5 * 1024 * 1024
MOST_LINES: Final = 100_000
MOST_BOUNDARIES: Final = 16
MOST_PARTS: Final = 60
LONGEST_HEADER: Final = 4_000
LONGEST_REPORT: Final = 100_000

_ADDRESS: Final = r"[A-Za-z0-9.!#$%&'*+/=?_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,190}"
_ADDRESSES: Final = re.compile(_ADDRESS)
_FROM: Final = re.compile(rf"(?:[^<>,;:@]*<({_ADDRESS})>|({_ADDRESS}))\s*")
_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_MESSAGE_ID: Final = re.compile(r"<[A-Za-z0-9._+-]{1,100}@[A-Za-z0-9.-]{1,150}>")
_RECIPIENTS: Final = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")
_CHARSETS: Final = {"utf-8", "ascii", "iso8859-1", "iso8859-15", "cp1252", "utf-16"}
_LONG_FIELD: Final = re.compile(rb"(?im)^content-[a-z-]{4,30}:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*")
_QUOTATION: Final = re.compile(r"(?m)^>.*$")


class Kind(StrEnum):
    """What an incoming mail is to us."""

    ANSWER = "answer"
    WORDS = "words"
    BOUNCE = "bounce"
    AUTOMATIC = "automatic"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too-large"


@dataclass(frozen=True, slots=True)
class Bounce:
    """That a mail was not delivered: to which addresses, and the mails it may have been."""

    recipients: tuple[str, ...]
    message_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One mail as read. ``sender`` is "" unless From holds exactly one address.

    ``digest`` is the same for the same bytes. Addresses are lower case, ``sent_at`` is UTC.
    """

    kind: Kind
    digest: str
    sender: str = ""
    recipients: tuple[str, ...] = ()
    sent_at: datetime | None = None
    authentication: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()
    words: str = field(default="", repr=False)
    bounce: Bounce | None = None


def read(raw: bytes) -> Incoming:
    """Read a message as it came in; whatever it is, something comes out."""
    digest = hashlib.sha256(raw).hexdigest()
    if len(raw) > MOST_BYTES:
        return Incoming(kind=Kind.TOO_LARGE, digest=digest)
    try:
        return _read(raw, digest)
    except Exception:  # noqa: BLE001 - the parsers of the standard library raise what they like
        return Incoming(kind=Kind.UNREADABLE, digest=digest)


def _read(raw: bytes, digest: str) -> Incoming:
    if _is_costly(raw):
        return Incoming(kind=Kind.UNREADABLE, digest=digest)
    message = message_from_bytes(raw)
    sender = _sender(message)
    parts = list(_parts(message))
    bounce = _bounce(message, parts)
    answers = () if bounce else _answers(parts, sender)
    kind = _kind(message, bounce, answers)
    return Incoming(
        kind=kind,
        digest=digest,
        sender=sender,
        recipients=_recipients(message),
        sent_at=_date(message),
        authentication=tuple(_headers(message, "Authentication-Results")),
        answers=answers,
        words=_words(parts) if kind is Kind.WORDS else "",
        bounce=bounce,
    )


def _is_costly(raw: bytes) -> bool:
    """Whether the parser would take the square of something long: depth, lines or parameters."""
    return (
        raw.count(b"\n") + raw.count(b"\r") > 2 * MOST_LINES
        or raw.lower().count(b"boundary") > MOST_BOUNDARIES
        or any(len(one[0]) > LONGEST_HEADER for one in _LONG_FIELD.finditer(raw))
    )


def _kind(message: Message, bounce: Bounce | None, answers: tuple[Answer, ...]) -> Kind:
    if bounce is not None:
        return Kind.BOUNCE
    if answers:
        return Kind.ANSWER
    how = " ".join(_headers(message, "Auto-Submitted")).lower().strip()
    told = [*_headers(message, "X-Autoreply"), *_headers(message, "X-Autorespond")]
    precedence = " ".join(_headers(message, "Precedence")).lower()
    if how not in ("", "no") or told or precedence in ("bulk", "auto_reply", "junk", "list"):
        return Kind.AUTOMATIC
    return Kind.WORDS


def _headers(message: Message, name: str) -> list[str]:
    """All headers of a name on one line each; one of unreasonable length is as good as absent."""
    found = [str(value) for value in message.get_all(name, [])]
    return [re.sub(r"[\r\n]+\s*", " ", one) for one in found if len(one) <= LONGEST_HEADER]


def _sender(message: Message) -> str:
    """The one address of the one From; more of either is a way to look like somebody else."""
    everybody = message.get_all("From", [])
    found = _headers(message, "From")
    if len(everybody) != 1 or len(found) != 1:
        return ""
    read = _FROM.fullmatch(_QUOTED.sub("", found[0]).strip())
    return (read[1] or read[2]).lower() if read else ""


def _recipients(message: Message) -> tuple[str, ...]:
    found = [
        address.lower()
        for name in _RECIPIENTS
        for header in _headers(message, name)
        for address in _ADDRESSES.findall(header)
    ]
    return tuple(dict.fromkeys(found))


def _date(message: Message) -> datetime | None:
    for header in _headers(message, "Date")[:1]:
        try:
            read = parsedate_to_datetime(header)
            return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, TypeError, OverflowError):
            return None
    return None


def _parts(message: Message, depth: int = 0) -> Iterator[Message]:
    """The leaves of a message, not those of a message inside it: that one is somebody else's."""
    if depth > MOST_BOUNDARIES:
        return
    payload = message.get_payload()
    if not isinstance(payload, list) or message.get_content_maintype() != "multipart":
        yield message
        return
    for part in payload[:MOST_PARTS]:
        if isinstance(part, Message):
            yield from _parts(part, depth + 1)


def _answers(parts: list[Message], sender: str) -> tuple[Answer, ...]:
    """Those of the first calendar part that holds any: others are copies of it."""
    for is_wanted in (_is_calendar, _is_calendar_file):
        for part in parts:
            if is_wanted(part):
                method = str(part.get_param("method", "") or "")
                found = read_answers(_text(part), sender=sender, method=method)
                if found:
                    return found
    return ()


def _is_calendar(part: Message) -> bool:
    return part.get_content_type() == "text/calendar"


def _is_calendar_file(part: Message) -> bool:
    name = part.get_filename("") or ""
    return part.get_content_type() == "application/ics" or str(name).lower().endswith(".ics")


def _text(part: Message) -> str:
    """A part as text: in its declared charset if that works, else UTF-8, else Windows' own."""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes) or len(payload) > LONGEST_OBJECT:
        return ""
    for charset in (_charset(part), "utf-8-sig"):
        try:
            if charset:
                return payload.decode(charset)
        except UnicodeDecodeError:
            continue
    return payload.decode("cp1252", errors="replace")


def _charset(part: Message) -> str | None:
    try:
        name = codecs.lookup(str(part.get_content_charset() or "")).name
    except (LookupError, ValueError):
        return None
    return name if name in _CHARSETS - {"utf-8", "ascii"} else None


def _words(parts: list[Message]) -> str:
    """The plain text somebody typed, without what it quotes."""
    for part in parts:
        if part.get_content_type() == "text/plain":
            return clean_text(_QUOTATION.sub("", _text(part)))[:LONGEST_COMMENT]
    return ""


def _bounce(message: Message, parts: list[Message]) -> Bounce | None:
    """A delivery report that says *failed* (RFC 3464), or what Exim sends in its place."""
    failed = _headers(message, "X-Failed-Recipients")
    reports = [part for part in parts if part.get_content_type() == "message/delivery-status"]
    recipients = [address for header in failed for address in _ADDRESSES.findall(header)]
    for report in reports:
        recipients += _failed(report)
    if not recipients:
        return None
    returned = "\n".join(_returned(part) for part in parts)[:LONGEST_REPORT]
    return Bounce(
        recipients=tuple(dict.fromkeys(address.lower() for address in recipients)),
        message_ids=tuple(dict.fromkeys(_MESSAGE_ID.findall(returned)))[:MOST_PARTS],
    )


def _failed(report: Message) -> list[str]:
    blocks = report.get_payload()
    found: list[str] = []
    for block in blocks[:MOST_PARTS] if isinstance(blocks, list) else []:
        if isinstance(block, Message) and str(block.get("Action", "")).strip().lower() == "failed":
            for name in ("Original-Recipient", "Final-Recipient"):
                for header in _headers(block, name):
                    found += _ADDRESSES.findall(header)
    return found


def _returned(part: Message) -> str:
    """The headers of the mail that came back, in whatever form they were put in the report."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return "\n".join(
            str(inner.get("Message-ID", "")) for inner in payload if isinstance(inner, Message)
        )
    if part.get_content_maintype() == "text":
        return _text(part)[:LONGEST_REPORT]
    return ""
