"""The worker delivers each row once, survives being killed, tidies up and stops when told."""

import json
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
from sqlalchemy import select, update

from app.domain.kinds import MailState
from app.infra import clock, jobs, letters, outbox, worker_queue
from app.infra.calendar_queue import queue_calendar
from app.infra.db import reading, transaction
from app.infra.mail import DeliveryFailed
from app.infra.outbox import LEASE, OutboxRow
from app.models import Draft, MailLog, SubmitKey, Throttle
from app.web import housekeeping
from tests import builders

ROOT = Path(__file__).resolve().parents[2]


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
    rounds = [jobs.Rounds(app.app_context, lambda: None, lambda: 0) for _ in range(2)]

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


PROCESS = """
import socket, sys, time
from pathlib import Path
from app import create_app
from app.infra import outbox
host, here, there = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
socket.gethostname = lambda: host
app = create_app()
told = here.open("a")

@outbox.handler("test.count")
def count(payload):
    told.write(payload["number"] + "\\n")
    time.sleep(0.001)

while not there.exists():
    time.sleep(0.01)
with app.app_context():
    for _ in range(3):
        while outbox.drain():
            pass
"""


@pytest.mark.parametrize(
    "database", [pytest.param("sqlite", marks=pytest.mark.deep), "postgresql"], indirect=True
)
def test_workers_on_two_machines_deliver_every_row_once(settings, app, tmp_path: Path):
    """They know of each other only through the database, and each row says who had it."""
    rows = 200 if settings.database_url.startswith("postgresql") else 24
    add(rows)
    environment = environment_of(settings, tmp_path / "workers")
    with transaction() as session:
        # Their clocks are real ones, and this test's stands in 2026.
        session.execute(update(OutboxRow).values(available_at=builders.LONG_AGO))
    told = {host: tmp_path / host for host in ("een.example", "twee.example")}
    workers = [
        subprocess.Popen([sys.executable, "-c", PROCESS, host, *paths], env=environment, cwd=ROOT)
        for host, paths in zip(told, (list(told.values()), list(told.values())[::-1]), strict=True)
    ]
    try:
        assert [worker.wait(timeout=60) for worker in workers] == [0, 0]
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    delivered = [
        (host, number) for host, path in told.items() for number in path.read_text().split()
    ]
    with reading() as session:
        stored = [
            (row.leased_by.partition(":")[0], json.loads(row.payload)["number"])
            for row in session.scalars(select(OutboxRow))
        ]
    assert sorted(delivered) == sorted(stored)
    assert len({number for _host, number in delivered}) == len(delivered) == rows
    assert {host for host, _number in delivered} == set(told), "both had a share"


def test_who_lost_the_lease_while_writing_sends_nothing(app, mails, monkeypatch):
    """Another worker took the row over: its mail is the only one."""
    world = builders.small_world()
    with transaction() as session:
        queue_calendar(session, world.meeting.id, [world.police.id])
    outbox.drain(most=1)
    look, slept = letters._Office.gate, []

    def sleep_over_it(*mail) -> None:
        look(*mail)
        if not slept:
            slept.append(outbox.under_way())
            clock._current.advance(LEASE + timedelta(seconds=1))
            assert outbox.drain() == 1

    monkeypatch.setattr(letters._Office, "gate", sleep_over_it)
    assert outbox.drain() == 0
    assert len(mails()) == 1
    row = row_of("calendar.send")
    assert (row.done_at is not None, row.attempts) == (True, 2)
    with reading() as session:
        assert session.scalars(select(MailLog.state)).all() == [MailState.SENT]


def test_a_lease_is_renewed_while_much_is_sent(app, monkeypatch):
    """A series of many mails outlives one lease; nobody else gets the row meanwhile."""
    add(1)
    taken = []

    def much(_payload):
        for _ in range(4):
            clock._current.advance(LEASE / 2)
            outbox.keep_lease()
            taken.append(outbox.drain())

    monkeypatch.setitem(outbox._handlers, "test.count", much)
    assert outbox.drain() == 1
    assert taken == [0] * 4


def test_who_lost_the_lease_settles_nothing(app, monkeypatch):
    """A worker that slept too long may not close a row that another is busy with."""
    add(1)
    outcome = []

    def slow(_payload):
        clock._current.advance(LEASE + timedelta(seconds=1))
        monkeypatch.setitem(outbox._handlers, "test.count", quick)
        outbox.drain(most=1)

    def quick(_payload):
        outcome.append(row_of("test.count").lease_id)
        raise DeliveryFailed("later", temporary=True, code="message-451")

    monkeypatch.setitem(outbox._handlers, "test.count", slow)
    assert outbox.drain(most=1) == 0, "the first worker came back too late"
    row = row_of("test.count")
    assert len(outcome) == 1
    assert (row.done_at, row.attempts, row.reason) == (None, 2, "message-451")


def test_two_rows_of_one_entry_are_not_sent_side_by_side(app, monkeypatch):
    """The younger waits: the older sends everything there is to tell of the entry."""
    add(2)
    with transaction() as session:
        row = session.scalars(select(OutboxRow).where(OutboxRow.unique_key == "t1")).one()
        row.created_at += timedelta(seconds=1)
    busy = {}

    def send(payload):
        with reading() as session:
            busy[payload["number"]] = outbox.is_busy_before(session, "t")
        if payload["number"] == "0":
            outbox.drain(most=1)

    monkeypatch.setitem(outbox._handlers, "test.count", send)
    outbox.drain(most=1)
    assert busy == {"0": False, "1": True}


def row_of(kind: str) -> OutboxRow:
    with reading() as session:
        return session.scalars(select(OutboxRow).where(OutboxRow.kind == kind)).one()


def failing(monkeypatch, **how) -> None:
    def fail(_payload):
        raise DeliveryFailed("refused", **how)

    monkeypatch.setitem(outbox._handlers, "test.count", fail)


def test_a_refusal_for_good_is_not_tried_again(app, monkeypatch):
    add(1)
    failing(monkeypatch, temporary=False, code="recipient-550")
    outbox.drain()
    row = row_of("test.count")
    assert (row.dead_at, row.attempts, row.reason) == (clock.now(), 1, "recipient-550")
    clock._current.advance(timedelta(days=2))
    assert outbox.drain() == 0
    assert row_of("test.count").attempts == 1


def test_a_passing_fault_waits_twice_as_long_each_time_and_gives_up_after_a_day(app, monkeypatch):
    add(1)
    failing(monkeypatch, temporary=True, code="message-451")
    waits = []
    while row_of("test.count").dead_at is None:
        outbox.drain()
        waits.append(row_of("test.count").available_at - clock.now())
        clock._current.advance(waits[-1])
    assert waits[:4] == [timedelta(seconds=30 * 2**power) for power in range(4)]
    assert max(waits) == timedelta(hours=1)
    assert row_of("test.count").attempts == len(waits) == outbox.MOST_ATTEMPTS
    assert timedelta(days=1) < sum(waits, timedelta()) < timedelta(days=2)


def test_a_row_that_kills_every_worker_is_given_up(app, delivered):
    add(1)
    with transaction() as session:
        session.execute(update(OutboxRow).values(attempts=outbox.MOST_ATTEMPTS))
    assert outbox.drain() == 0
    assert row_of("test.count").reason == "lost"
    assert not delivered


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
    rounds = jobs.Rounds(app.app_context, lambda: tidied.append(clock.now()), lambda: 0)
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


def test_the_command_drains_and_stops_when_told(settings, app, tmp_path: Path):
    """Real processes, two as on two machines: on PostgreSQL they share huey's queue too."""
    with transaction() as session:
        for number in range(3):
            outbox.add(
                session, "calendar.sync", unique_key=f"k{number}",
                payload={"person_id": uuid.UUID(int=1), "meeting_id": uuid.UUID(int=2)},
                available_at=builders.LONG_AGO,
            )  # fmt: skip
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    workers = [
        subprocess.Popen(command, env=environment_of(settings, tmp_path / name), cwd=ROOT)
        for name in ("one", "two")
    ]
    try:
        deadline = time.monotonic() + 40
        while time.monotonic() < deadline:
            if not how_many_wait() and all(map(listens, workers)):
                break
            time.sleep(0.2)
        assert how_many_wait() == 0
        for worker in workers:
            worker.send_signal(signal.SIGTERM)
        assert [worker.wait(timeout=20) for worker in workers] == [0, 0]
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()


def listens(worker: subprocess.Popen) -> bool:
    """Whether it is up and catches SIGTERM: before that the signal just ends it."""
    caught = Path(f"/proc/{worker.pid}/status").read_text().partition("SigCgt:")[2].split()[0]
    return bool(int(caught, 16) >> (signal.SIGTERM - 1) & 1)


def how_many_wait() -> int:
    with reading() as session:
        return len(session.scalars(select(OutboxRow.id).where(OutboxRow.done_at.is_(None))).all())


def environment_of(settings, folder: Path) -> dict[str, str]:
    folder.mkdir()
    return {
        **os.environ,
        "CASUSTAFEL_MODE": "test",
        "CASUSTAFEL_INSTANCE": str(folder),
        "CASUSTAFEL_DATABASE_URL": settings.database_url,
        "CASUSTAFEL_KEY_STORE_URL": f"sqlite:///{folder / 'keys.db'}",
    }


def test_the_queue_of_huey_is_beside_the_data_on_postgresql(settings, app, tmp_path: Path):
    queue = worker_queue.open_queue(settings.database_url, tmp_path)
    shared = settings.database_url.startswith("postgresql")
    assert type(queue).__name__ == ("PostgresHuey" if shared else "SqliteHuey")
    other = worker_queue.open_queue(settings.database_url, tmp_path / "elsewhere")
    queue.task(name="knock")(lambda: None)()
    other.task(name="knock")(lambda: None)
    assert (other.dequeue() is not None) is shared
    assert (tmp_path / worker_queue.QUEUE_FILE).exists() is not shared
    for one in (queue, other):
        one.storage.close()
