"""A real mail server on this machine that takes mail, or does what mail servers do wrong."""

import asyncio
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.infra.mail import SmtpTransport

TIMEOUT = 0.4


class Fault(StrEnum):
    """What goes wrong; ``DOWN`` is the absence of a server."""

    NONE = "none"
    DOWN = "down"
    LATER = "451"
    NEVER = "550"
    SLOW = "slow"
    ANSWER_LOST = "answer lost"
    BAD_GOODBYE = "no goodbye"


@dataclass
class PostOffice:
    """What arrived; ``fault`` may change between two mails."""

    fault: Fault = Fault.NONE
    arrived: list[Envelope] = field(default_factory=list)
    refused: str = ""

    @property
    def mails(self) -> list[EmailMessage]:
        return [
            message_from_bytes(one.content, _class=EmailMessage, policy=SMTP)
            for one in self.arrived
        ]

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Envelope, address: str, options: Any
    ) -> str:
        if self.fault is Fault.NEVER and self.refused in {"", address}:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if self.fault is Fault.LATER:
            return "451 come back later"
        if self.fault is Fault.SLOW:
            await asyncio.sleep(TIMEOUT * 2)
            return "451 too late for anybody to hear"
        self.arrived.append(envelope)
        if self.fault is Fault.ANSWER_LOST:
            server.transport.abort()
        return "250 OK"

    async def handle_QUIT(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if self.fault is Fault.BAD_GOODBYE:
            await asyncio.sleep(TIMEOUT * 2)
        return "221 bye"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def open_office(office: PostOffice, **options: Any) -> Iterator[SmtpTransport]:
    """Serve on this machine; gives the transport to it, without TLS unless options bring it."""
    controller = Controller(office, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield SmtpTransport(
            host="127.0.0.1", port=controller.port, security="none", timeout=TIMEOUT
        )
    finally:
        # Let it notice that its visitors left: a connection still open would be reported as a leak.
        time.sleep(TIMEOUT * 3 if office.fault in {Fault.SLOW, Fault.BAD_GOODBYE} else 0.1)
        controller.stop()


def make_authority(folder: Path, *, host: str = "127.0.0.1") -> tuple[Path, ssl.SSLContext]:
    """A certificate authority of one day, and a server's context with a certificate by it."""
    authority_key, server_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
    root = _certificate(authority, authority, authority_key.public_key(), authority_key, is_ca=True)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    leaf = _certificate(
        name, authority, server_key.public_key(), authority_key, is_ca=False, host=host
    )
    authority_file, chain_file = folder / "authority.pem", folder / "server.pem"
    authority_file.write_bytes(root.public_bytes(serialization.Encoding.PEM))
    chain_file.write_bytes(
        leaf.public_bytes(serialization.Encoding.PEM)
        + server_key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(chain_file)
    return authority_file, context


def _certificate(
    name: x509.Name, issuer: x509.Name, key: Any, by: Any, *, is_ca: bool, host: str = ""
) -> x509.Certificate:
    today = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(hours=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False
        )
    )
    if host:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False
        )
    return builder.sign(by, hashes.SHA256())
