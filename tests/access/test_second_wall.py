"""PostgreSQL shows each person exactly what ``access`` shows, also to a statement with no filter.

What is expected is asked of app/access; what comes is a bare SELECT * of the application role.
"""

import uuid
from collections import defaultdict
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.infra import wall
from app.infra.db import reading
from tests import canaries, databases
from tests.access import wall_world
from tests.access.wall_expected import Seen, by_access
from tests.canaries import MOMENTS, Canaries

TICK = timedelta(microseconds=1)
# Before publication, in the window, after it; and in the deep run every moment something turns.
CLOCKS = [MOMENTS[one] for one in "ACE"]
EVERY_CLOCK = [*MOMENTS.values(), canaries.PUBLISHED, canaries.OPENS - TICK, canaries.OPENS,
               canaries.STARTS - timedelta(hours=4), canaries.CLOSES - TICK, canaries.CLOSES]  # fmt: skip


@pytest.fixture
def database(postgresql):
    """SQLite has no second wall."""
    postgresql.empty()
    return postgresql


@pytest.fixture
def world(app, frozen_clock, deep: bool) -> Canaries:
    """Everything there is at the end, to be looked at at every clock."""
    made = canaries.build("E", frozen_clock)
    wall_world.fill(made)
    return made


def raw(who: uuid.UUID | None) -> Seen:
    """Every key of every covered table, as ``who`` in a statement without any condition."""
    seen: Seen = {}
    with wall.acting_as(who), reading() as session:
        for table in sorted(wall.COVERED):
            rows = session.execute(text(f'SELECT * FROM "{table}"')).all()
            seen[table] = {row[0] for row in rows}
    return seen


def test_a_bare_select_shows_exactly_what_access_shows(
    world: Canaries, frozen_clock, deep: bool
) -> None:
    some, none = defaultdict(int), defaultdict(int)
    for moment in EVERY_CLOCK if deep else CLOCKS:
        frozen_clock.moment = moment
        for actor, who in world.people.items():
            expected, found = by_access(who.id), raw(who.id)
            for table in wall.COVERED:
                wanted = expected.get(table, set())
                assert found[table] == wanted, f"{table}: {actor} at {moment:%d-%m %H:%M}"
                (some if wanted else none)[table] += 1
    assert set(some) == wall.COVERED, "every table shows something to somebody"
    assert set(none) == wall.COVERED, "no table shows something to everybody"


@pytest.mark.parametrize("who", [None, "system:unheard-of", uuid.UUID(int=0)])
def test_without_somebody_who_acts_there_is_no_row(world: Canaries, who) -> None:
    assert not any(raw(who).values())


def test_the_test_itself_passes_the_wall_in_test_databases_alone(world: Canaries) -> None:
    assert all(raw(databases.TEST).values())
