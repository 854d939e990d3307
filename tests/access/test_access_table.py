"""Every cell of the table of who sees what when (table.py) is read over HTTP and compared.

A cell is one actor at one clock, with an account in one state, through one outlet, of one section
as it stands to the seats; what is no section stands beside them.
"""

import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import update

from app.domain.kinds import AccountState
from app.infra import outbox
from app.infra.calendar_queue import queue_calendar
from app.infra.db import transaction
from app.models import Person
from tests import canaries
from tests.access.letters import expected
from tests.access.reading import (
    Seen,
    seen_by_fetching,
    seen_by_sending,
    visitor,
    where_in_feed,
    where_in_mails,
    where_in_room,
)
from tests.access.table import ACTORS, CLOCKS, EXPECTED, EXPECTED_NUMBERS, SENDING
from tests.access.table import GONE as OF_GONE
from tests.canaries import Canaries
from tests.crawler import barred

# How a section stands to the seat of the seat holder, and the words of those sections.
RELATIONS = {
    "own": {"input"},
    "disclosed": {"reason", "safety"},
    "not disclosed": {"children"},
    "waiting for its source": {"health"},
}
BESIDE = "beside the sections"
ACTIVE, *GONE = (AccountState.ACTIVE, AccountState.BLOCKED, AccountState.LEFT)


@dataclass(frozen=True, slots=True)
class Cell:
    actor: str
    clock: str
    state: AccountState
    outlet: str
    relation: str


def cells(
    clock: str, state: AccountState, actors: Iterable[str], senders: Iterable[str]
) -> Iterator[Cell]:
    """What is to be read at one clock of accounts in one state; forms are sent by ``senders``."""
    senders = set(senders)
    for actor in actors:
        for outlet in EXPECTED:
            if outlet not in SENDING or actor in senders:
                for relation in (*RELATIONS, BESIDE):
                    yield Cell(actor, clock, state, outlet, relation)
        yield Cell(actor, clock, state, "numbers", BESIDE)


def of_relation(words: Iterable[str], relation: str) -> set[str]:
    """Those of the words that are about sections in this relation."""
    if relation in RELATIONS:
        return RELATIONS[relation] & set(words)
    return set(words).difference(*RELATIONS.values())


def differences(cell: Cell, seen: Seen) -> list[str]:
    """How what was seen in a cell differs from what stands written there."""
    written = EXPECTED[cell.outlet][cell.actor][cell.clock]
    if cell.state is not ACTIVE:
        written = OF_GONE[cell.outlet]
    must, may = expected(written, cell.actor, cell.clock)
    found = of_relation(seen, cell.relation)
    return [
        f"{cell} must not see {canary!r}: {seen[canary]}"
        for canary in sorted(found - of_relation(may, cell.relation))
    ] + [
        f"{cell} has to see {canary!r}"
        for canary in sorted(of_relation(must, cell.relation) - found)
    ]


def make_gone(world: Canaries, state: AccountState, mails) -> set[str]:
    """Every account stops counting; what was sent before, by name."""
    sent = {mail.name for mail in mails()}
    with transaction() as session:
        session.execute(update(Person).values(state=state))
        everybody = {one.id for one in world.people.values()}
        queue_calendar(session, world.things["meeting"].id, everybody)
    outbox.drain(most=1000)
    return sent


# The clock that opens the most; every other cell, and all of them on PostgreSQL, are for the full
# figures: the rule itself is pinned on both databases, at every boundary, by
# tests/integration/test_rule_equivalence.py and test_second_wall.py.
ORDINARY = ("sqlite", "C")
EVERY_CLOCK = [
    pytest.param(kind, at, marks=() if (kind, at) == ORDINARY else pytest.mark.deep)
    for kind in ("sqlite", "postgresql")
    for at in CLOCKS
]
# In the ordinary run these alone send forms, and these alone are looked at once they are gone.
SOME_SEND = ("seat holder", "excluded", "reviewer", "coordinator")
SOME_GONE = ("seat holder", "chair")


SHARED_BY = 4


def left_to_others(app, world: Canaries, actors: Iterable[str]) -> dict[str, set[str]]:
    """What the guard shuts to many alike, before any view runs: together they try all of it."""
    alike: dict[frozenset[str], list[str]] = defaultdict(list)
    for actor in actors:
        alike[frozenset(barred(app, world, actor))].append(actor)
    return {
        actor: {one for one in shut if (zlib.crc32(one.encode()) + number) % SHARED_BY}
        for shut, those in alike.items()
        if len(those) >= SHARED_BY
        for number, actor in enumerate(those)
    }


@pytest.mark.parametrize("state", [ACTIVE, *GONE])
@pytest.mark.parametrize(("database", "clock"), EVERY_CLOCK, indirect=["database"])
def test_every_cell(  # noqa: PLR0917 - fixtures, by name
    app, frozen_clock, new_client, mails, clock: str, state: AccountState, deep: bool
) -> None:
    world = canaries.build(clock, frozen_clock)
    outbox.drain(most=1000)
    actors = ACTORS if deep or state is ACTIVE else SOME_GONE
    senders = actors if deep else SOME_SEND
    clients = {actor: visitor(new_client, world, actor) for actor in actors}
    before = set() if state is ACTIVE else make_gone(world, state, mails)
    wrong, visited = [], set()
    but = {} if deep else left_to_others(app, world, actors)
    for actor, client in clients.items():
        seen, numbers = seen_by_fetching(app, client, world, actor, but=but.get(actor, ()))
        assert not seen.pop("elsewhere"), f"an outlet without a table, for {actor} at {clock}"
        if actor in senders:
            seen |= seen_by_sending(app, client, world, actor)
        seen["mail"] = where_in_mails(mails, world, actor, but=before)
        seen["feed"] = where_in_feed(app, new_client, world, actor)
        seen["projection"] = where_in_room(app, client, world)
        for outlet, words in seen.items():
            for relation in (*RELATIONS, BESIDE):
                cell = Cell(actor, clock, state, outlet, relation)
                wrong += differences(cell, words)
                visited.add(cell)
        written = EXPECTED_NUMBERS[actor][clock] if state is ACTIVE else "-"
        wrong += (
            [f"{actor} at {clock} counts {numbers}, not {written}"] if numbers != written else []
        )
        visited.add(Cell(actor, clock, state, "numbers", BESIDE))
    assert not wrong, f"{len(wrong)} differ from access.md:\n" + "\n".join(wrong)
    assert visited == set(cells(clock, state, actors, senders))


def test_the_table_is_large_enough() -> None:
    """Of what the deep run visits; each test above asserts that it visited just these."""
    read = {
        cell
        for clock in CLOCKS
        for state in (ACTIVE, *GONE)
        for cell in cells(clock, state, ACTORS, ACTORS)
    }
    assert len({(one.actor, one.clock, one.state, one.outlet) for one in read}) >= 6000
    assert len(read) >= 40_000


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_tables_name_the_same_actors(app, frozen_clock) -> None:
    assert all(tuple(table) == ACTORS for table in EXPECTED.values())
    assert {*canaries.build("A", frozen_clock).people, "anonymous"} == set(ACTORS)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_room_sees_what_was_pushed_alone(app, frozen_clock, new_client) -> None:
    """While the item is on the table, whoever is signed in on that computer."""
    world = canaries.build("L", frozen_clock)
    for actor in ("anonymous", "chair", "seat holder", "excluded", "blocked"):
        client = visitor(new_client, world, actor)
        assert set(where_in_room(app, client, world)) == {"pushed"}, actor


def test_a_leak_would_be_noticed(app, frozen_clock, new_client, monkeypatch) -> None:
    """And where there is a second wall, it keeps in what the first would let out."""
    from sqlalchemy import true

    from app.access import conditions

    monkeypatch.setattr(conditions, "is_disclosed", lambda *_: true())
    world = canaries.build("C", frozen_clock)
    client = visitor(new_client, world, "seat holder")
    seen = canaries.words_in(client.get(f"/my-meetings/{world.things['meeting'].id}").text)
    _must, may = expected(EXPECTED["page"]["seat holder"]["C"], "seat holder", "C")
    has_second_wall = app.config["SQLALCHEMY_DATABASE_URI"].startswith("postgresql")
    assert bool(seen - may) is not has_second_wall
