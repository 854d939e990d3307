"""Builds and hands over one mail to one recipient; it must never send copies or log a text.

The layout is that of calendar.md §1c: clients look for an invitation only as the last alternative
in the first part of a mixed message, and take the attached copy as a file.
"""

from __future__ import annotations

import os
import re
import secrets
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Final, Protocol

from app.infra import clock
from config import Settings

ATTACHMENT_NAME: Final = "uitnodiging.ics"
METHODS: Final = ("REQUEST", "CANCEL")
# RFC 4954 section 6 and RFC 3207 section 4.
SIGN_IN_NEEDED: Final = 530
SECURITIES: Final = ("starttls", "tls", "none")

_LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
_ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,190}")
_MESSAGE_ID: Final = re.compile(r"<[A-Za-z0-9._+-]{1,100}@[A-Za-z0-9.-]{1,150}>")
_NOT_IN_HEADERS: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_NOT_IN_TEXTS: Final = re.compile("[\x00\ud800-\udfff]")


class MailError(ValueError):
    """The mail holds something that could add a header or a recipient; it is not built."""


class DeliveryFailed(Exception):  # noqa: N818 - named after what happened
    """The mail was not taken; ``temporary`` tells whether trying again later makes sense.

    The message is a phase and an answer, never an address or a text; ``code`` is short enough to
    store. ``maybe_taken``: the mail was handed over whole but the answer never came, so the
    recipient may have it; a new try repeats the Message-ID, by which mail systems know it.
    """

    def __init__(
        self, what: str, *, temporary: bool, code: str = "unreachable", maybe_taken: bool = False
    ) -> None:
        super().__init__(what)
        self.temporary = temporary
        self.code = code
        self.maybe_taken = maybe_taken


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMail:
    """One mail to one address. ``message_id`` is the caller's, equal for every new try.

    ``ics`` and ``ics_method`` come together or not at all. Raises `MailError`.
    """

    to: str
    subject: str
    text: str
    html: str | None
    message_id: str
    sender: str
    to_name: str = ""
    sender_name: str = ""
    reply_to: str | None = None
    ics: bytes | None = None
    ics_method: str | None = None

    def __post_init__(self) -> None:
        """Refuse anything that a mail system could read as more than one value."""
        addresses = (self.to, self.sender, self.reply_to or self.sender)
        if not all(_ADDRESS.fullmatch(address) for address in addresses):
            raise MailError("an address is not one plain e-mail address")
        if not _MESSAGE_ID.fullmatch(self.message_id):
            raise MailError("the message id is not one plain identifier")
        if any(map(_NOT_IN_HEADERS.search, (self.subject, self.to_name, self.sender_name))):
            raise MailError("a header holds a control character")
        if not self.subject.strip():
            raise MailError("the subject is empty")
        if any(map(_NOT_IN_TEXTS.search, (self.text, self.html or ""))):
            raise MailError("a text holds a character no mail can carry")
        if (self.ics is None) != (self.ics_method is None):
            raise MailError("a calendar part needs its method and the other way round")
        if self.ics_method not in (None, *METHODS):
            raise MailError(f"the calendar method is not one of {', '.join(METHODS)}")


class Transport(Protocol):
    """A way to hand a mail over. Raises `DeliveryFailed`."""

    def deliver(self, mail: OutgoingMail) -> None:
        """Hand over one mail, or raise."""


def build(mail: OutgoingMail) -> EmailMessage:
    """Return the MIME message, dated now; every text part travels as base64."""
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(mail.sender, mail.sender_name)
    message["To"] = _address(mail.to, mail.to_name)
    if mail.reply_to is not None:
        message["Reply-To"] = _address(mail.reply_to, "")
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text, cte="base64")
    if mail.html is not None:
        message.add_alternative(mail.html, subtype="html", cte="base64")
    if mail.ics is not None and mail.ics_method is not None:
        _add_calendar(message, mail.ics, method=mail.ics_method)
    return message


def _add_calendar(message: EmailMessage, ics: bytes, *, method: str) -> None:
    message.add_alternative(
        ics,
        maintype="text",
        subtype="calendar",
        cte="base64",
        params={"charset": "UTF-8", "method": method},
    )
    # The copy has no method parameter, or clients see two invitations.
    message.add_attachment(
        ics,
        maintype="application",
        subtype="ics",
        cte="base64",
        filename=ATTACHMENT_NAME,
        params={"name": ATTACHMENT_NAME},
    )


def _address(address: str, name: str) -> Address:
    return Address(display_name=name, addr_spec=address)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpTransport:
    """Hands mail to one mail server over TLS with a checked certificate.

    ``security`` is ``starttls``, ``tls`` or ``none``; the last only to this machine itself.
    ``timeout`` is in seconds. Raises ValueError for settings that would send in the clear.
    """

    host: str
    port: int
    user: str | None = None
    password: str | None = None
    security: str = "starttls"
    timeout: float = 30.0
    context: ssl.SSLContext | None = None

    def __post_init__(self) -> None:
        """Refuse to be set up in a way that would show mail or password on the wire."""
        if self.security not in SECURITIES:
            message = f"SMTP security is one of {', '.join(SECURITIES)}"
            raise ValueError(message)
        if self.security == "none" and self.host not in _LOOPBACK:
            message = "SMTP without TLS is for this machine itself only"
            raise ValueError(message)

    def reach(self) -> None:
        """Greet the server and sign in, as before a mail, and leave again."""
        with _as_delivery_failure(_State()), self._connected():
            pass

    def deliver(self, mail: OutgoingMail) -> None:
        """Send to the one recipient; wrong settings count as temporary, so no mail is lost."""
        message = build(mail)
        state = _State()
        with _as_delivery_failure(state), self._connected() as server:
            state.is_open = True
            _watch_data(server, state)
            server.send_message(message, from_addr=mail.sender, to_addrs=[mail.to])

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        context = self.context or ssl.create_default_context()
        if self.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=self.timeout, context=context
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        try:
            if self.security == "starttls":
                server.starttls(context=context)
            if self.user is not None:
                server.login(self.user, self.password or "")
            yield server
            # The mail was taken by now: how the goodbye goes changes nothing about that.
            with suppress(OSError, smtplib.SMTPException):
                server.quit()
        finally:
            server.close()


@dataclass(slots=True)
class _State:
    """How far a conversation came: signed in, and the whole mail handed over."""

    is_open: bool = False
    is_handed_over: bool = False


def _watch_data(server: smtplib.SMTP, state: _State) -> None:
    """Note that the text is on its way: from here on a lost answer may be that of a taken mail."""
    hand_over = server.data

    def data(text: bytes) -> tuple[int, bytes]:
        state.is_handed_over = True
        return hand_over(text)

    server.data = data  # type: ignore[method-assign, assignment]  # smtplib has no hook for it


@contextmanager
def _as_delivery_failure(state: _State) -> Iterator[None]:
    """Turn what a mail server or network does into `DeliveryFailed`, without its words."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as refused:
        code = next(iter(refused.recipients.values()))[0]
        raise _refused("recipient", code) from None
    except smtplib.SMTPResponseException as error:
        if not state.is_open or error.smtp_code == SIGN_IN_NEEDED:
            # About us, not about this mail: the greeting, TLS or the sign-in. It may be mended.
            failure = f"conversation refused with {error.smtp_code}"
            raise DeliveryFailed(
                failure, temporary=True, code=f"server-{error.smtp_code}"
            ) from None
        raise _refused("message", error.smtp_code) from None
    except (OSError, smtplib.SMTPException) as error:
        failure = f"no conversation: {type(error).__name__}"
        raise DeliveryFailed(
            failure,
            temporary=True,
            code="answer-lost" if state.is_handed_over else "unreachable",
            maybe_taken=state.is_handed_over,
        ) from None


def _refused(what: str, code: int) -> DeliveryFailed:
    # RFC 5321 4.2.1: only 5yz says that trying again is useless.
    return DeliveryFailed(
        f"{what} refused with {code}",
        temporary=not str(code).startswith("5"),
        code=f"{what}-{code}",
    )


@dataclass(frozen=True, slots=True)
class FileTransport:
    """Writes each mail as one file, readable by the owner only, for demo and development."""

    folder: Path

    def deliver(self, mail: OutgoingMail) -> None:
        """Write ``<UTC time>-<random>.eml``; a reader never sees half a file."""
        data = build(mail).as_bytes()
        name = f"{clock.now().astimezone(UTC):%Y%m%dT%H%M%S%fZ}-{secrets.token_hex(8)}.eml"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write_whole(self.folder / name, data)
        except OSError as error:
            failure = f"no file: {type(error).__name__}"
            raise DeliveryFailed(failure, temporary=True, code="folder") from None


def _write_whole(path: Path, data: bytes) -> None:
    unfinished = path.with_suffix(".part")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


class _Postman:
    """Holds the transport of this process; a mail before there is one is a mistake in set-up."""

    transport: Transport | None = None


def transport_of(settings: Settings) -> SmtpTransport | None:
    """The mail server of an installation; None where mail goes to files."""
    if settings.smtp_host is None:
        return None
    return SmtpTransport(
        host=settings.smtp_host,
        port=settings.smtp_port,
        user=settings.smtp_user,
        password=settings.smtp_password,
        security=settings.smtp_security,
    )


def use(transport: Transport) -> None:
    """Send all mail of this process through ``transport`` from now on."""
    _Postman.transport = transport


def send(mail: OutgoingMail) -> None:
    """Hand over one mail. Raises `DeliveryFailed`, RuntimeError when no transport was set."""
    if _Postman.transport is None:
        message = "no mail transport: call mail.use() first"
        raise RuntimeError(message)
    _Postman.transport.deliver(mail)
