"""The product as it runs in earnest: gunicorn as docs/operations.md starts it, and a visitor of it.

For what only a real server shows: losing its power, and many watchers at once.
"""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from app.infra.db import transaction
from app.web import sessions
from config import Settings

ROOT = Path(__file__).resolve().parents[1]
WORKERS = ("--workers", "2", "--threads", "4")
SECONDS_TO_START = 30
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def free_port() -> int:
    """A port of the loopback address nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass(slots=True)
class Serving:
    """One running server with its worker processes; ``settings`` say on which data.

    ``asks`` is a page of ``application`` anybody may see.
    """

    settings: Settings
    application: str = "wsgi:app"
    asks: str = "/sign-in"
    port: int = field(default_factory=free_port)
    process: subprocess.Popen | None = None

    def start(self) -> None:
        """Come up and answer; RuntimeError when it does not."""
        command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{self.port}", *WORKERS,
                   "--log-level", "critical", self.application]  # fmt: skip
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=self._environment(), start_new_session=True
        )
        until = time.monotonic() + SECONDS_TO_START
        while not self._answers():
            if time.monotonic() > until or self.process.poll() is not None:
                self.lose_power()
                message = "the server did not come up"
                raise RuntimeError(message)
            time.sleep(0.05)

    def lose_power(self) -> None:
        """Server and workers are gone at once, whatever they were doing."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def processor_seconds(self) -> float:
        """What all its processes used until now."""
        group = self.process.pid
        ticks = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                parts = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(parts[2]) == group:
                ticks += int(parts[11]) + int(parts[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def _answers(self) -> bool:
        try:
            return Caller(self.port, "").ask("GET", self.asks)[0].status == 200
        except (OSError, http.client.HTTPException):
            return False

    def _environment(self) -> dict[str, str]:
        of = self.settings
        return os.environ | {
            "CASUSTAFEL_MODE": of.mode.value,
            "CASUSTAFEL_SECRET_KEY": of.secret_key,
            "CASUSTAFEL_DATABASE_URL": of.database_url,
            "CASUSTAFEL_KEY_STORE_URL": of.key_store_url,
            "CASUSTAFEL_KEY_FILE": str(of.key_file),
            "CASUSTAFEL_INSTANCE": str(of.instance),
            "CASUSTAFEL_BASE_URL": f"http://127.0.0.1:{self.port}",
        }


def sign_in(person_id: uuid.UUID) -> str:
    """The cookie of a new session of this person, made directly."""
    with transaction() as session:
        token = sessions.start(
            session, person_id, stage=sessions.STAGE_FULL, address="127.0.0.1", agent="test"
        )
    return f"casustafel={token}"


@dataclass(slots=True)
class Caller:
    """One signed-in person who posts forms; each request on a connection of its own."""

    port: int
    cookie: str
    token: str = ""

    def enter(self) -> None:
        """Fetch a page with a form on it, for the token every form carries."""
        answer, body = self.ask("GET", "/keys")
        self.cookie += "; " + answer.getheader("Set-Cookie", "").partition(";")[0]
        self.token = TOKEN.search(body)[1]

    def post(self, path: str, fields: Mapping[str, str]) -> http.client.HTTPResponse:
        """Send a form; OSError or HTTPException when nobody answers."""
        return self.ask("POST", path, urlencode({"csrf_token": self.token, **fields}))[0]

    def ask(
        self, method: str, path: str, body: str | None = None
    ) -> tuple[http.client.HTTPResponse, str]:
        """One request; ``body`` is a form."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Cookie": self.cookie, "Referer": f"http://127.0.0.1:{self.port}/"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer, answer.read().decode()
        finally:
            connection.close()
