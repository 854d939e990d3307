"""The worker delivers each row once, survives being killed, tidies up and stops when told."""

import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select, text

from app.infra import clock, jobs, outbox
from app.infra.db import reading, transaction
from app.infra.outbox import LEASE, OutboxRow
from app.models import Draft, SubmitKey, Throttle
from app.web import housekeeping
from tests import builders

ROOT = Path(__file__).resolve().parents[2]
PREPARE = """
from app import create_app
from app.infra import outbox
from app.infra.db import Base, db, transaction
with create_app().app_context():
    Base.metadata.create_all(db.engine)
    with transaction() as session:
        for number in range(3):
            outbox.add(session, "calendar.sync", unique_key=f"k{number}",
                       payload={"person_id": "00000000-0000-4000-8000-000000000000",
                                "meeting_id": "00000000-0000-4000-8000-000000000001"})
"""


@pytest.fixture
def delivered(monkeypatch) -> Counter:
    """Counts what a handler of kind ``test.count`` was given."""
    seen: Counter = Counter()
    lock = threading.Lock()

    def count(payload):
        with lock:
            seen[payload["number"]] += 1
        time.sleep(0.002)

    monkeypatch.setitem(outbox._handlers, "test.count", count)
    return seen


def add(how_many: int) -> None:
    with transaction() as session:
        for number in range(how_many):
            outbox.add(session, "test.count", unique_key=f"t{number}", payload={"number": number})


def test_two_workers_deliver_every_row_once(app, delivered):
    add(40)
    faults: list[BaseException] = []
    rounds = [jobs.Rounds(app.app_context, lambda: None) for _ in range(2)]

    def run(one: jobs.Rounds) -> None:
        try:
            one.make()
        except BaseException as fault:  # noqa: BLE001 - shown to the main thread
            faults.append(fault)

    threads = [threading.Thread(target=run, args=(one,)) for one in rounds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not faults
    assert delivered == Counter({str(number): 1 for number in range(40)})


def test_a_row_of_a_killed_worker_comes_back_when_its_lease_ends(app, delivered, monkeypatch):
    add(1)

    class Killed(BaseException):
        """What no handler and no outbox catches."""

    def die(_payload):
        raise Killed

    with monkeypatch.context() as killing:
        killing.setitem(outbox._handlers, "test.count", die)
        with pytest.raises(Killed):
            outbox.drain()
    assert outbox.drain() == 0, "the lease still stands"
    clock._current.advance(LEASE + timedelta(seconds=1))
    assert outbox.drain() == 1
    assert delivered == Counter({"0": 1})


def test_the_worker_tidies_once_an_hour(app, frozen_clock):
    tidied = []
    rounds = jobs.Rounds(app.app_context, lambda: tidied.append(clock.now()))
    for _ in range(3):
        rounds.make()
        frozen_clock.advance(timedelta(minutes=40))
    assert len(tidied) == 2


def test_what_is_past_its_term_is_thrown_away(app, frozen_clock):
    who = builders.person(builders.organisation())
    for age, key in ((0, "new"), (3, "old")):
        moment = clock.now() - timedelta(days=age)
        builders.save(Draft(person_id=who.id, form_key=key, fields_ct=b"x", expires_at=moment + timedelta(days=1)))  # fmt: skip
        builders.save(SubmitKey(key_hash=key, person_id=who.id, used_at=moment))
        builders.save(Throttle(key_hash=key, failures=1, updated_at=moment))
    housekeeping.tidy()
    with reading() as session:
        assert session.scalars(select(Draft.form_key)).all() == ["new"]
        assert session.scalars(select(SubmitKey.key_hash)).all() == ["new"]
        assert session.scalars(select(Throttle.key_hash)).all() == ["new"]


def test_an_unknown_kind_does_not_stop_the_others(app, delivered):
    with transaction() as session:
        outbox.add(session, "test.unknown", unique_key=str(uuid.uuid4()), payload={})
    add(1)
    assert outbox.drain() == 1
    with reading() as session:
        waiting = session.scalars(select(OutboxRow).where(OutboxRow.done_at.is_(None))).all()
    assert [row.kind for row in waiting] == ["test.unknown"]


def test_the_command_drains_and_stops_when_told(tmp_path: Path):
    """A real process, on the embedded database."""
    environment = {
        **os.environ,
        "CASUSTAFEL_MODE": "demo",
        "CASUSTAFEL_INSTANCE": str(tmp_path),
    }
    subprocess.run([sys.executable, "-c", PREPARE], env=environment, cwd=ROOT, check=True)
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    worker = subprocess.Popen(command, env=environment, cwd=ROOT)
    try:
        engine = create_engine(f"sqlite:///{tmp_path / 'casustafel-demo.db'}")
        question = text("SELECT count(*) FROM outbox WHERE done_at IS NULL")
        deadline = time.monotonic() + 30
        waiting = 3
        while waiting and time.monotonic() < deadline:
            time.sleep(0.2)
            with engine.connect() as connection:
                waiting = connection.execute(question).scalar_one()
        assert waiting == 0
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=20) == 0
        engine.dispose()
    finally:
        worker.kill()
        worker.wait()
