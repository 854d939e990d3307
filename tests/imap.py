"""A real IMAP server (pymap) with a certificate of its own, and a wire to it that can be cut."""

import ipaddress
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from imapclient import IMAPClient

USER, PASSWORD = "antwoorden", "een-lang-wachtwoord"
INBOX, DONE = "INBOX", "Verwerkt"


class ImapServer:
    """``put`` lets a message arrive; ``names`` tells what lies in a folder."""

    def __init__(self, port: int, context: ssl.SSLContext) -> None:
        self.port = port
        self.context = context

    @contextmanager
    def signed_in(self) -> Iterator[IMAPClient]:
        client = IMAPClient("127.0.0.1", self.port, ssl=False, timeout=10)
        client.starttls(self.context)
        client.login(USER, PASSWORD)
        yield client
        client.logout()

    def put(self, *messages: bytes) -> None:
        with self.signed_in() as client:
            for message in messages:
                client.append(INBOX, message)

    def empty(self) -> None:
        with self.signed_in() as client:
            for folder in (INBOX, DONE):
                if client.folder_exists(folder):
                    client.select_folder(folder)
                    client.delete_messages(client.search())
                    client.expunge()

    def number_in(self, folder: str) -> int:
        with self.signed_in() as client:
            if not client.folder_exists(folder):
                return 0
            return client.select_folder(folder, readonly=True)[b"EXISTS"]

    def unseen_in(self, folder: str) -> int:
        with self.signed_in() as client:
            client.select_folder(folder, readonly=True)
            return len(client.search(["UNSEEN"]))


@contextmanager
def serving(folder: Path) -> Iterator[ImapServer]:
    certificate, key = _certificate(folder)
    port = _free_port()
    program = shutil.which("pymap", path=str(Path(sys.executable).parent))
    assert program, "pymap is in requirements-dev.txt"
    process = subprocess.Popen(
        [program, "--host", "127.0.0.1", "--port", str(port), "--cert", certificate, "--key", key,
         "dict", "--demo-user", USER, "--demo-password", PASSWORD],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait_for(port)
        yield ImapServer(port, ssl.create_default_context(cafile=str(certificate)))
    finally:
        process.terminate()
        process.wait(10)


class Wire:
    """Carries a conversation until ``limit`` bytes came back, or until ``cut`` is called."""

    def __init__(self, to_port: int, limit: int | None = None) -> None:
        self._to_port, self._left = to_port, limit
        self._ends: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.was_cut = False
        threading.Thread(target=self._carry, daemon=True).start()

    def cut(self) -> None:
        self.was_cut = True
        self.close()

    def close(self) -> None:
        for one in (*self._ends, self._listener):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _carry(self) -> None:
        with suppress(OSError):
            near, _ = self._listener.accept()
            far = socket.create_connection(("127.0.0.1", self._to_port))
            self._ends = [near, far]
            threading.Thread(target=self._pump, args=(near, far), daemon=True).start()
            self._pump(far, near, counted=True)

    def _pump(self, source: socket.socket, target: socket.socket, *, counted: bool = False) -> None:
        with suppress(OSError):
            while data := source.recv(4096):
                if counted and self._left is not None:
                    data = data[: self._left]
                    self._left -= len(data)
                target.sendall(data)
                if counted and self._left == 0:
                    self.cut()
                    return
            target.shutdown(socket.SHUT_WR)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError("the IMAP server did not come up")


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "imap.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    paths = folder / "imap.crt", folder / "imap.key"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths
