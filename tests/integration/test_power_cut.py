"""The server loses its power while lines are written down: what it said yes to is there, once."""

import http.client
import threading
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.access.logbook.check import check_log
from app.domain.kinds import PresenceState
from app.infra import clock, crypto
from app.infra.crypto import Sealed
from app.infra.db import db, snapshot, transaction
from app.models import AuditEvent, Decision, Meeting, Seat, SubmitKey
from app.web import sessions
from tests import builders
from tests.databases import MOSTLY_SQLITE
from tests.live import change
from tests.serving import Caller, Serving, sign_in

LINES = 50
SECRETARIES = 4
# Somewhere in the middle: the rest is on its way or still to be sent.
CUT_AFTER = 20


@pytest.fixture
def now(app):
    """The clock of the server, which is a process of its own."""
    with clock.use(clock.FrozenClock(datetime.now(UTC))) as frozen:
        yield frozen


@pytest.fixture
def world(now):
    made = builders.small_world(open_papers=True)
    change(Meeting, made.meeting.id, started_at=clock.now())
    change(Seat, made.police_seat.id, presence=PresenceState.PRESENT)
    return made


@pytest.fixture
def serving(settings, world):
    made = Serving(replace(settings, base_url="http://127.0.0.1"))
    db.engine.dispose()
    yield made
    made.lose_power()


@dataclass(slots=True)
class Secretary:
    """Sends its lines in order, each until it is answered, as the script on the worksheet does."""

    caller: Caller
    path: str
    page: str
    lines: list[str]
    said_yes: list[str] = field(default_factory=list)

    def write(self) -> None:
        while len(self.said_yes) < len(self.lines):
            line = self.lines[len(self.said_yes)]
            fields = {"line": line, "seen": line, "submit_key": line.split()[1]}
            try:
                answer = self.caller.post(self.path, fields)
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
                continue
            if answer.status == 303 and self.page in answer.getheader("Location", ""):
                self.said_yes.append(line)
            else:
                time.sleep(0.05)


def written(world) -> Counter[str]:
    """The lines as they stand in the database."""
    with transaction() as session:
        rows = session.scalars(select(Decision).where(Decision.item_id == world.item.id)).all()
        recorded = set(
            session.scalars(
                select(AuditEvent.object_id).where(AuditEvent.object_kind == "decision")
            )
        )
    assert {one.id for one in rows} == recorded, "each with its line in the log"
    return Counter(
        crypto.unseal_many([Sealed(one.text_ct, f"decision:{one.id}:text") for one in rows])
    )


@pytest.mark.parametrize("database", MOSTLY_SQLITE, indirect=True)
def test_what_was_said_yes_to_is_there_once_after_the_power_was_cut(world, serving):
    serving.start()
    path = f"/meetings/{world.meeting.id}/items/{world.item.id}/capture"
    page = f"/meetings/{world.meeting.id}/live"
    lines = [f"/b l{number} afgesproken" for number in range(LINES)]
    people = [
        Secretary(Caller(serving.port, sign_in(who.id)), path, page, lines[hand::SECRETARIES])
        for hand, who in enumerate([world.chair, world.coordinator] * (SECRETARIES // 2))
    ]
    for one in people:
        one.caller.enter()
    threads = [threading.Thread(target=one.write, daemon=True) for one in people]
    for thread in threads:
        thread.start()
    until = time.monotonic() + 30
    while sum(len(one.said_yes) for one in people) < CUT_AFTER:
        assert time.monotonic() < until, "nothing is said yes to"
        time.sleep(0.001)
    serving.lose_power()
    kept = [line.removeprefix("/b ") for one in people for line in list(one.said_yes)]
    found = written(world)
    assert set(found.values()) == {1}
    assert set(kept) <= set(found)
    assert CUT_AFTER <= len(kept) < LINES, "the power went in the middle"
    serving.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sum(len(one.said_yes) for one in people) == LINES
    assert written(world) == Counter(
        line.removeprefix("/b ") for one in people for line in one.lines
    )
    with snapshot() as session:
        assert check_log(session).fault is None


def test_a_line_that_comes_again_waits_for_no_claim_of_a_server_that_fell_over(world, client):
    client.sign_in(world.chair.id)
    path = f"/meetings/{world.meeting.id}/items/{world.item.id}/capture"
    claim = sessions.hash_token(f"{world.chair.id}:{path}:k1")
    builders.save(SubmitKey(key_hash=claim, person_id=world.chair.id, used_at=clock.now()))
    for _time in range(2):
        fields = {"line": "/b toch", "seen": "/b toch", "submit_key": "k1"}
        assert client.send(path, fields).status_code == 303
    assert written(world) == Counter({"toch": 1})
