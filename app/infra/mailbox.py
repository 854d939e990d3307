"""Reads the mails that `FileTransport` wrote, for the demo mailbox; never used in production."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP
from pathlib import Path
from typing import Final

_NAME: Final = re.compile(r"[0-9]{8}T[0-9]{12}Z-[0-9a-f]{16}\.eml")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMail:
    """One written mail as a reader would see it; ``name`` finds it again."""

    name: str
    to: str
    sender: str
    subject: str
    date: datetime
    text: str
    html: str
    calendar: str
    calendar_method: str


def read_folder(
    folder: Path, *, recipient: str | None = None, limit: int = 200
) -> tuple[StoredMail, ...]:
    """Return the newest mails first, at most ``limit``, of one address if given."""
    found: list[StoredMail] = []
    for path in sorted(_paths(folder), reverse=True):
        mail = _parsed(path)
        if recipient is None or mail.to.lower() == recipient.lower():
            found.append(mail)
        if len(found) >= limit:
            break
    return tuple(found)


def read_mail(folder: Path, name: str) -> StoredMail | None:
    """Return one mail by its file name, or None when there is none of that name."""
    if not _NAME.fullmatch(name) or not (folder / name).is_file():
        return None
    return _parsed(folder / name)


def read_source(folder: Path, name: str) -> str | None:
    """Return the message as it would travel, or None when there is none of that name."""
    if not _NAME.fullmatch(name) or not (folder / name).is_file():
        return None
    return (folder / name).read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n")


def _paths(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [path for path in folder.iterdir() if _NAME.fullmatch(path.name)]


def _parsed(path: Path) -> StoredMail:
    message = message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=SMTP)
    calendar = next(
        (part for part in message.walk() if part.get_content_type() == "text/calendar"), None
    )
    return StoredMail(
        name=path.name,
        to=_first_address(message, "To"),
        sender=_first_address(message, "From"),
        subject=str(message["Subject"]),
        date=message["Date"].datetime,
        text=_content(message.get_body(("plain",))).replace("\r\n", "\n"),
        html=_content(message.get_body(("html",))).replace("\r\n", "\n"),
        calendar=_content(calendar),
        calendar_method=str(calendar.get_param("method", "")) if calendar is not None else "",
    )


def _first_address(message: EmailMessage, header: str) -> str:
    return str(message[header].addresses[0].addr_spec)


def _content(part: MIMEPart | None) -> str:
    if part is None:
        return ""
    payload = part.get_payload(decode=True)
    return payload.decode("utf-8", errors="replace") if isinstance(payload, bytes) else ""
