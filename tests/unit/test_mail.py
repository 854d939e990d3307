"""One mail, one recipient: layout, what cannot be smuggled in, what a server or disk may do."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope

from app.infra import clock, mail, mailbox
from app.infra.ics import render_invitation
from app.infra.mail import DeliveryFailed, FileTransport, MailError, OutgoingMail, SmtpTransport
from tests.calendar_samples import CANCEL, INVITATION


@dataclass
class Sink:
    """A mail server that keeps what it gets, or answers what it is told to."""

    answer: str = "250 OK"
    recipient_answer: str = "250 OK"
    envelopes: list[Envelope] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Envelope, address: str, options: Any
    ) -> str:
        if self.recipient_answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        self.envelopes.append(envelope)
        return self.answer


@contextmanager
def serving(sink: Sink, **options: Any) -> Iterator[SmtpTransport]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield SmtpTransport(host="127.0.0.1", port=port, security="none", timeout=5)
    finally:
        controller.stop()


def parsed(data: bytes) -> EmailMessage:
    return message_from_bytes(data, _class=EmailMessage, policy=SMTP)


def layout(part: EmailMessage) -> Any:
    if not part.is_multipart():
        return part.get_content_type()
    return {part.get_content_type(): [layout(one) for one in part.iter_parts()]}


def delivered(outgoing: OutgoingMail) -> tuple[Envelope, EmailMessage]:
    sink = Sink()
    with serving(sink) as transport:
        transport.deliver(outgoing)
    (envelope,) = sink.envelopes
    return envelope, parsed(envelope.content)


def test_an_invitation_arrives_in_the_layout_clients_look_for() -> None:
    _, message = delivered(INVITATION)
    alternatives = ["text/plain", "text/html", "text/calendar"]
    assert layout(message) == {
        "multipart/mixed": [{"multipart/alternative": alternatives}, "application/ics"]
    }


def test_the_calendar_part_names_its_method_and_keeps_every_byte() -> None:
    _, message = delivered(INVITATION)
    calendar, copy = (
        next(part for part in message.walk() if part.get_content_type() == kind)
        for kind in ("text/calendar", "application/ics")
    )
    assert calendar["Content-Type"].params == {"charset": "UTF-8", "method": "REQUEST"}
    assert calendar["Content-Transfer-Encoding"] == "base64"
    assert calendar.get_payload(decode=True) == INVITATION.ics
    assert copy.get_payload(decode=True) == INVITATION.ics
    assert copy.get_filename() == "uitnodiging.ics"
    assert copy.get_content_disposition() == "attachment"
    assert "method" not in copy["Content-Type"].params


def test_a_withdrawal_says_so_in_the_part_too() -> None:
    ics = render_invitation(CANCEL)
    _, message = delivered(replace(INVITATION, ics=ics, ics_method="CANCEL"))
    (calendar,) = (part for part in message.walk() if part.get_content_type() == "text/calendar")
    assert calendar["Content-Type"].params["method"] == "CANCEL"


def test_there_is_one_recipient_and_no_copy() -> None:
    envelope, message = delivered(INVITATION)
    assert envelope.rcpt_tos == ["b.mulder@pol.example"]
    assert envelope.mail_from == "overleg@casustafel.example"
    assert message.get_all("To") == ["Bram van ’t Hof <b.mulder@pol.example>"]
    for header in ("Cc", "Bcc", "Resent-To", "X-Mailer"):
        assert header not in message
    assert sorted(message.keys()) == [
        "Auto-Submitted", "Content-Type", "Date", "From", "MIME-Version", "Message-ID",
        "Reply-To", "Subject", "To",
    ]  # fmt: skip


def test_headers_and_texts_arrive_as_written() -> None:
    _, message = delivered(INVITATION)
    assert message["Subject"] == INVITATION.subject
    assert message["Message-ID"] == INVITATION.message_id
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Reply-To"] == "antwoord@casustafel.example"
    for kind, text in (("plain", INVITATION.text), ("html", INVITATION.html)):
        assert message.get_body((kind,)).get_content().replace("\r\n", "\n") == text


def test_a_mail_without_calendar_has_two_alternatives() -> None:
    _, message = delivered(replace(INVITATION, ics=None, ics_method=None))
    assert layout(message) == {"multipart/alternative": ["text/plain", "text/html"]}


def test_a_mail_of_text_alone_is_one_part() -> None:
    _, message = delivered(replace(INVITATION, ics=None, ics_method=None, html=None))
    assert layout(message) == "text/plain"


def test_the_date_is_the_clocks() -> None:
    with clock.use(clock.FrozenClock(datetime(2027, 3, 1, 9, tzinfo=UTC))):
        assert mail.build(INVITATION)["Date"].datetime == datetime(2027, 3, 1, 9, tzinfo=UTC)


INJECTIONS = [
    "x\r\nBcc: evil@x.example",
    "x\nBcc: evil@x.example",
    "x\rBcc: e@x.example",
    "x\x00y",
    "x\x85y",
    "x\u2028y",
    "x\ud800y",
]


@pytest.mark.parametrize("text", INJECTIONS)
@pytest.mark.parametrize(
    "name", ["to", "to_name", "sender", "sender_name", "reply_to", "subject", "message_id"]
)
def test_a_header_cannot_hold_a_control_character(name: str, text: str) -> None:
    with pytest.raises(MailError):
        replace(INVITATION, **{name: text})


@pytest.mark.parametrize("name", ["text", "html"])
def test_a_text_cannot_hold_nul_or_half_a_character(name: str) -> None:
    for text in ("x\x00y", "x\ud800y"):
        with pytest.raises(MailError):
            replace(INVITATION, **{name: text})


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a",
        "a@",
        "@x.example",
        "a@x.example, b@x.example",
        "<a@x.example>",
        "a@x.example b@x.example",
        "a;b@x.example",
        "é@x.example",
        "a@x.example>",
        '"a b"@x.example',
    ],
)
def test_only_one_plain_address_is_taken(address: str) -> None:
    with pytest.raises(MailError):
        replace(INVITATION, to=address)


@pytest.mark.parametrize(
    "text", ["x\r\n.\r\nMAIL FROM:<evil@x.example>\r\n", "x\n.\nRCPT TO:<e@x.example>", "x\r.\r\n"]
)
def test_a_text_cannot_start_a_second_mail(text: str) -> None:
    sink = Sink()
    with serving(sink) as transport:
        transport.deliver(replace(INVITATION, text=text))
        transport.deliver(replace(INVITATION, text="volgende"))
    assert [envelope.rcpt_tos for envelope in sink.envelopes] == [["b.mulder@pol.example"]] * 2


def test_a_name_full_of_signs_stays_a_name() -> None:
    _, message = delivered(replace(INVITATION, to_name='Mulder, "Bram" <evil@x.example>;'))
    (address,) = message["To"].addresses
    assert address.addr_spec == "b.mulder@pol.example"


@pytest.mark.parametrize(
    "change",
    [{"ics": None}, {"ics_method": None}, {"ics_method": "REPLY"}, {"subject": " "}],
    ids=str,
)
def test_half_a_mail_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(MailError):
        replace(INVITATION, **change)


@pytest.mark.parametrize(
    ("sink", "temporary"),
    [
        (Sink(answer="451 later"), True),
        (Sink(answer="554 no"), False),
        (Sink(recipient_answer="450 busy"), True),
        (Sink(recipient_answer="550 b.mulder@pol.example unknown"), False),
    ],
)
def test_a_refusal_tells_whether_to_try_again_and_names_nobody(sink: Sink, temporary: bool) -> None:
    with serving(sink) as transport, pytest.raises(DeliveryFailed) as caught:
        transport.deliver(INVITATION)
    assert caught.value.temporary is temporary
    assert "@" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_server_that_is_not_there_is_tried_again() -> None:
    with serving(Sink()) as transport:
        pass
    with pytest.raises(DeliveryFailed) as caught:
        transport.deliver(INVITATION)
    assert caught.value.temporary


def test_a_server_without_tls_never_gets_the_mail() -> None:
    sink = Sink()
    with serving(sink) as transport, pytest.raises(DeliveryFailed) as caught:
        replace(transport, security="starttls").deliver(INVITATION)
    assert caught.value.temporary
    assert sink.envelopes == []


def test_a_refused_password_is_tried_again() -> None:
    def refuse(*_: object) -> AuthResult:
        return AuthResult(success=False, handled=False)

    sink = Sink()
    options = {"authenticator": refuse, "auth_require_tls": False}
    with serving(sink, **options) as transport, pytest.raises(DeliveryFailed) as caught:
        replace(transport, user="u", password="p").deliver(INVITATION)
    assert caught.value.temporary
    assert sink.envelopes == []


@pytest.mark.parametrize(("security", "word"), [("none", "TLS"), ("plain", "one of")])
def test_mail_is_not_set_up_to_travel_in_the_clear(security: str, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        SmtpTransport(host="mail.casustafel.example", port=25, security=security)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_tls_checks_the_certificate(security: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[ssl.SSLContext] = []

    class Server(smtplib.SMTP):
        def __init__(self, *_: object, context: ssl.SSLContext | None = None, **__: object) -> None:
            seen.extend([context] if context else [])

        def starttls(self, *, context: ssl.SSLContext) -> None:
            seen.append(context)

        def send_message(self, *_: object, **__: object) -> None:
            """Take it."""

        def quit(self) -> None:
            """Nothing was opened."""

        def close(self) -> None:
            """Nothing was opened."""

    monkeypatch.setattr(smtplib, "SMTP", Server)
    monkeypatch.setattr(smtplib, "SMTP_SSL", Server)
    SmtpTransport(host="mail.casustafel.example", port=587, security=security).deliver(INVITATION)
    (context,) = seen
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


def test_sending_goes_through_the_chosen_transport(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail._Postman, "transport", None)
    with pytest.raises(RuntimeError, match=r"mail\.use"):
        mail.send(INVITATION)
    mail.use(FileTransport(tmp_path))
    mail.send(INVITATION)
    assert len(mailbox.read_folder(tmp_path)) == 1
