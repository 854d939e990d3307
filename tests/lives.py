"""Lives of a worker that end where one says: each is forked from a process that has no threads.

A process with threads must not fork, and that of the tests has several: of what a thread held at
that moment its child would wait for ever.
"""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Timer
from typing import Self

from config import Settings

ROOT = Path(__file__).resolve().parents[1]
# Seconds one life takes at most; a fraction of one is usual.
PATIENCE = 120


@dataclass(frozen=True, slots=True)
class Life:
    """From ``at``, in batches of so many, until the statement ``kill_at``; 0 lives to the end."""

    at: str
    batch: int
    kill_at: int = 0


class Lives:
    """Gives the lives to somebody who tests; ``with`` starts and stops the process they come from."""

    def __init__(self, settings: Settings) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.lives"], cwd=ROOT, text=True, env=_environment(settings),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_fault: object) -> None:
        with self._process:
            self._process.kill()

    def live(self, at: datetime, *, batch: int, kill_at: int = 0) -> int:
        """One life; gives how many statements it sent, where it was not killed."""
        asked = {"at": at.isoformat(), "batch": batch, "kill_at": kill_at}
        patience = Timer(PATIENCE, self._process.kill)
        patience.start()
        try:
            self._process.stdin.write(json.dumps(asked) + "\n")
            self._process.stdin.flush()
            told = self._process.stdout.readline()
        finally:
            patience.cancel()
        assert told, "no life is given any more"
        ended = json.loads(told)
        assert ended["killed"] is bool(kill_at), ended
        return ended["statements"]


def _environment(settings: Settings) -> dict[str, str]:
    return os.environ | {
        "CASUSTAFEL_MODE": settings.mode.value,
        "CASUSTAFEL_SECRET_KEY": settings.secret_key,
        "CASUSTAFEL_DATABASE_URL": settings.database_url,
        "CASUSTAFEL_KEY_STORE_URL": settings.key_store_url,
        "CASUSTAFEL_KEY_FILE": str(settings.key_file),
        "CASUSTAFEL_INSTANCE": str(settings.instance),
        "CASUSTAFEL_BASE_URL": settings.base_url,
        "CASUSTAFEL_SEND_DELAY_SECONDS": str(settings.send_delay_seconds),
    }


def give() -> None:
    """The process itself: one life for each line it is told."""
    from app import create_app
    from app.infra import crypto
    from app.infra.db import db

    app = create_app()
    with app.app_context():
        db.engine.dispose()
    crypto.store().engine.dispose()
    for line in sys.stdin:
        life = Life(**json.loads(line))
        told, tell = os.pipe()
        child = os.fork()
        if not child:
            _live(app, life, tell)
        os.close(tell)
        _pid, status = os.waitpid(child, 0)
        with os.fdopen(told) as said:
            statements = said.read()
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        assert killed or status == 0, status
        print(json.dumps({"killed": killed, "statements": int(statements or 0)}), flush=True)


def _live(app, life: Life, tell: int) -> None:
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    from app.access.records import chasing
    from app.features.chasing import rounds
    from app.infra import clock, jobs
    from tests.statements import WRAPPING

    seen = 0

    def count(_connection, _cursor, statement, *_rest) -> None:
        nonlocal seen
        seen += not statement.lstrip().upper().startswith(WRAPPING)
        if life.kill_at and seen == life.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    try:
        chasing.BATCH = life.batch
        event.listen(Engine, "before_cursor_execute", count)
        with clock.use(clock.FrozenClock(datetime.fromisoformat(life.at))) as standing:
            worker = jobs.Rounds(app.app_context, lambda: None, lambda: None)
            with app.app_context():
                rounds.ask()
            worker.make()
            standing.advance(timedelta(minutes=3))
            worker.make()
        os.write(tell, str(seen).encode())
    except BaseException:  # noqa: BLE001 - a child must never give lives itself
        sys.excepthook(*sys.exc_info())
        os._exit(1)
    os._exit(0)


if __name__ == "__main__":
    give()
