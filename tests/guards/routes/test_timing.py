"""What is foreign and what does not exist answer alike: the same words, the same SQL, the same time.

Time is what the processor spends on it, the database's processes included, asked in turns: a busy
machine weighs on neither.
"""

import statistics
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import builders, canaries
from tests.guards.routes.test_doors import comparable
from tests.statements import counted


@dataclass(frozen=True, slots=True)
class Door:
    """An address of one thing: who gets it, and who comes as far as asking but may not know of it."""

    address: str
    thing: str
    owner: str
    stranger: str = "chair of another table"


CHAIR, HOLDER = "chair", "seat holder"
DOORS = (
    Door("/cases/{}", "case", CHAIR),
    Door("/cases/{}/readers", "case", CHAIR),
    Door("/cases/{}/why", "case", CHAIR),
    Door("/cases/{}/retention", "case", CHAIR),
    Door("/cases/{}/tasks/new", "case", CHAIR),
    Door("/cases/{}/handover", "free case", CHAIR),
    Door("/handovers/{}/refuse", "offer", "receiving team", "asked for information"),
    Door("/meetings/{}", "meeting", CHAIR),
    Door("/items/{}/matrix", "item", CHAIR),
    Door("/seats/{}/preview", "seat", CHAIR),
    Door("/my-meetings/{}", "meeting", HOLDER),
    Door("/my-seats/{}/deputy", "seat", HOLDER),
    Door("/my-input/texts/{}", "input", HOLDER, "not disclosed"),
    Door("/my-views/{}", "view", HOLDER, "not disclosed"),
    Door("/tasks/{}", "task", "asked for information", "case lead"),
    Door("/tasks/{}", "lead", "case lead", "asked for information"),
    Door("/emergency/{}", "emergency", "officer in need", "privacy officer"),
    Door("/emergency/readings/{}", "reviewed", CHAIR),
    Door("/access-requests/{}", "access request", CHAIR),
    Door("/access-requests/{}/review", "review", "privacy officer", "officer in need"),
    Door("/access-requests/{}/answer", "answered", CHAIR),
    Door("/retention/{}", "run", CHAIR),
)


@pytest.fixture
def things(world) -> dict[str, uuid.UUID]:
    """What stands behind the doors, and an officer who has the case open just now."""
    made, ids = world.things, world.ids
    officer = builders.person(made["host"], is_privacy_officer=True)
    world.people["officer in need"] = officer
    asked, review, answered = ids["access_request_id"][:3]
    return {
        "case": made["main"].id, "meeting": made["meeting"].id, "item": made["item"].id,
        "seat": made["seats"]["seat holder"].id, "input": made["sections"]["input"].id,
        "view": ids["view_id"][0], "task": made["tasks"]["asked for information"].id,
        "lead": made["tasks"]["case lead"].id, "reviewed": ids["reading_id"][0],
        "emergency": builders.emergency(officer, made["main"]).id, "run": ids["run_id"][0],
        "offer": made["tasks"]["receiving team"].id,
        "free case": builders.case(made["table"], made["host"]).id,
        "access request": asked, "review": review, "answered": answered,
    }  # fmt: skip


def visitors(world: canaries.Canaries, quick) -> dict[str, object]:
    names = {name for door in DOORS for name in (door.owner, door.stranger)}
    return {name: quick(world.people[name].id) for name in names}


@pytest.mark.usefixtures("frozen_clock")
def test_foreign_and_missing_send_the_same_answer_after_the_same_sql(
    world, quick, things: dict[str, uuid.UUID]
) -> None:
    """And whose thing it is gets it: an address nothing answers to would be alike for both."""
    client = visitors(world, quick)
    shut = [
        f"{door.owner}: {door.address} {status}"
        for door in DOORS
        if (status := client[door.owner].get(door.address.format(things[door.thing])).status_code)
        != 200
    ]
    assert not shut
    for door in DOORS:
        who = client[door.stranger]
        found = []
        for asked in (things[door.thing], uuid.uuid4()):
            with counted() as sent:
                answer = comparable(who, "GET", door.address.format(asked), "")
            found.append((answer, sent))
        (foreign, of_foreign), (missing, of_missing) = found
        assert foreign == missing, door
        assert foreign[0] == 404, door
        assert of_foreign == of_missing, door


SAMPLES = 300


def backends(database) -> list[int]:
    """The processes of PostgreSQL that work for this application; SQLite works in this one."""
    owner = getattr(database, "_owner", None)
    if owner is None:
        return []
    asked = """SELECT pid FROM pg_stat_activity
        WHERE datname = current_database() AND backend_type = 'client backend'"""
    return [pid for (pid,) in owner.execute(asked) if pid != owner.info.backend_pid]


def busy_for(pids: list[int]) -> float:
    """Seconds of processor time, of this process and of the database's: a busy machine adds none."""
    spent = (Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii") for pid in pids)
    return time.process_time() + sum(int(one.split()[0]) for one in spent) / 1e9


@pytest.mark.deep
def test_foreign_and_missing_take_the_same_time(
    world, quick, database, things: dict[str, uuid.UUID]
) -> None:
    client, apart = visitors(world, quick), {}
    for door in DOORS:
        for _ in range(3):
            client[door.stranger].get(door.address.format(uuid.uuid4()))
        pids = backends(database)
        took: dict[str, list[float]] = {"foreign": [], "missing": []}
        for number in range(SAMPLES):
            kinds = [("foreign", things[door.thing]), ("missing", uuid.uuid4())]
            for kind, asked in kinds if number % 2 else reversed(kinds):
                address = door.address.format(asked)
                began = busy_for(pids)
                answer = client[door.stranger].get(address)
                took[kind].append(busy_for(pids) - began)
                assert answer.status_code == 404, address
        middle = {kind: statistics.median(times) for kind, times in took.items()}
        difference = abs(middle["foreign"] - middle["missing"])
        if difference >= min(0.002, 0.1 * middle["missing"]):
            apart[door.address, door.thing] = middle
    assert not apart
