"""Hands over what arrived in a mailbox, message by message; it never loses one not dealt with.

A message leaves the folder only after it was dealt with, so one cut short is handed over again:
whoever takes them in must not mind the same message twice.
"""

from __future__ import annotations

import imaplib
import logging
import random
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from app.infra.itip import MOST_BYTES
from config import IMAP_SECURITIES, Settings

MOST_MESSAGES: Final = 200
# Every server keeps this mark, and whoever opens the mailbox sees it.
FAILED: Final = b"\\Flagged"

_LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")

log = logging.getLogger(__name__)


class MailboxUnreachable(Exception):  # noqa: N818 - named after what happened
    """The conversation with the mailbox ended early; what was not dealt with is still there.

    The message is the kind of fault, never an address or a text.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """Where messages arrive and where they go once dealt with; ``timeout`` is in seconds.

    ``security`` is ``tls``, ``starttls`` or ``none``; the last only to this machine itself. Raises
    ValueError for settings that would show the password on the wire.
    """

    host: str
    port: int
    user: str
    password: str
    security: str = "tls"
    folder: str = "INBOX"
    done_folder: str = "Verwerkt"
    timeout: float = 30.0
    context: ssl.SSLContext | None = None

    def __post_init__(self) -> None:
        """Refuse an unknown or unsafe way to connect."""
        if self.security not in IMAP_SECURITIES:
            message = f"IMAP security is one of {', '.join(IMAP_SECURITIES)}"
            raise ValueError(message)
        if self.security == "none" and self.host not in _LOOPBACK:
            message = "IMAP without TLS is for this machine itself only"
            raise ValueError(message)
        if not self.done_folder or self.done_folder == self.folder:
            message = "what was dealt with needs a folder of its own"
            raise ValueError(message)


def mailbox_of(settings: Settings) -> Mailbox | None:
    """The mailbox of an installation that takes the answers; None where none is fetched."""
    if settings.imap_host is None:
        return None
    return Mailbox(
        host=settings.imap_host,
        port=settings.imap_port,
        user=settings.imap_user,
        password=settings.imap_password,
        security=settings.imap_security,
        folder=settings.imap_folder,
        done_folder=settings.imap_done_folder,
    )


def poll(mailbox: Mailbox, handle: Callable[[bytes], object]) -> int:
    """Hand each message to ``handle`` and then put it away; gives how many were put away.

    A message that ``handle`` fails on stays where it is, flagged, and holds up no other. Of one
    larger than we read only the beginning is fetched. Raises `MailboxUnreachable`.
    """
    put_away = 0
    with _as_unreachable(), _signed_in(mailbox) as client:
        if not client.folder_exists(mailbox.done_folder):
            client.create_folder(mailbox.done_folder)
        client.select_folder(mailbox.folder)
        for uid in _next_messages(client):
            raw = _fetched(client, uid)
            if raw is None:
                continue
            if _was_handled(handle, raw):
                _put_away(client, uid, mailbox.done_folder)
                put_away += 1
            else:
                client.add_flags([uid], [FAILED], silent=True)
    return put_away


def waiting(mailbox: Mailbox) -> int:
    """How many messages lie there to be read; changes nothing. Raises `MailboxUnreachable`."""
    with _as_unreachable(), _signed_in(mailbox) as client:
        client.select_folder(mailbox.folder, readonly=True)
        return len(client.search(["UNDELETED"]))


def _next_messages(client: IMAPClient) -> list[int]:
    """What arrived, in order; then, as far as there is room, any of those that failed before."""
    new: list[int] = sorted(client.search(["UNDELETED", "UNFLAGGED"]))[:MOST_MESSAGES]
    failed: list[int] = client.search(["UNDELETED", "FLAGGED"])
    room = min(len(failed), MOST_MESSAGES - len(new))
    # Not the oldest each time: as many that always fail would keep the rest from another try.
    return [*new, *random.sample(failed, room)]


@contextmanager
def _signed_in(mailbox: Mailbox) -> Iterator[IMAPClient]:
    context = mailbox.context or ssl.create_default_context()
    client = IMAPClient(
        mailbox.host,
        mailbox.port,
        ssl=mailbox.security == "tls",
        ssl_context=context if mailbox.security == "tls" else None,
        timeout=mailbox.timeout,
    )
    try:
        if mailbox.security == "starttls":
            client.starttls(context)
        client.login(mailbox.user, mailbox.password)
        yield client
    except BaseException:
        with suppress(Exception):
            client.shutdown()
        raise
    with suppress(IMAPClientError, imaplib.IMAP4.error, OSError):
        client.logout()


@contextmanager
def _as_unreachable() -> Iterator[None]:
    """Turn what a server or network does into `MailboxUnreachable`, without its words."""
    try:
        yield
    except (IMAPClientError, imaplib.IMAP4.error, OSError, EOFError) as error:
        raise MailboxUnreachable(type(error).__name__) from None


def _fetched(client: IMAPClient, uid: int) -> bytes | None:
    """The message without marking it read; None when another reader took it meanwhile."""
    answer = client.fetch([uid], [f"BODY.PEEK[]<0.{MOST_BYTES + 1}>"])
    for name, value in answer.get(uid, {}).items():
        if name.startswith(b"BODY[") and isinstance(value, bytes):
            return value
    return None


def _was_handled(handle: Callable[[bytes], object], raw: bytes) -> bool:
    try:
        handle(raw)
    except Exception as error:  # noqa: BLE001 - one message may not hold up the others
        # The class name only: an exception's text may hold what people wrote.
        log.warning("a message in the mailbox was left for later: %s", type(error).__name__)
        return False
    return True


def _put_away(client: IMAPClient, uid: int, folder: str) -> None:
    client.add_flags([uid], [b"\\Seen"], silent=True)
    client.remove_flags([uid], [FAILED], silent=True)
    if client.has_capability("MOVE"):
        client.move([uid], folder)
        return
    client.copy([uid], folder)
    client.add_flags([uid], [b"\\Deleted"], silent=True)
    # Without UIDPLUS an expunge would take along what somebody else deleted; it is skipped anyhow.
    if client.has_capability("UIDPLUS"):
        client.uid_expunge([uid])
