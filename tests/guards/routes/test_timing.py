"""What is foreign and what does not exist take the same time: the work behind both is the same.

Processor time of this process, asked in turns, so that a busy machine weighs on both alike.
"""

import statistics
import time
import uuid

import pytest

from tests.visitors import same_page

# Addresses of things that hang from one case, and who may know nothing of it.
DOORS = {
    "/cases/{}": "main",
    "/my-input/texts/{}": "section",
    "/meetings/{}": "meeting",
    "/my-meetings/{}": "meeting",
    "/my-seats/{}/deputy": "seat",
    "/seats/{}/preview": "seat",
}
STRANGER = "chair of another table"


@pytest.fixture
def samples(deep: bool) -> int:
    return 300 if deep else 40


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.deep)], indirect=True
)
def test_foreign_and_missing_take_the_same_time(app, world, quick, samples: int, door: str) -> None:
    foreign = {
        "main": world.things["main"],
        "meeting": world.things["meeting"],
        "section": world.things["sections"]["reason"],
        "seat": world.things["seats"]["seat holder"],
    }[DOORS[door]]
    client = quick(world.people[STRANGER].id)
    took: dict[str, list[float]] = {"foreign": [], "missing": []}
    for _ in range(samples):
        for kind, asked in (("foreign", foreign.id), ("missing", uuid.uuid4())):
            began = time.process_time()
            answer = client.get(door.format(asked), headers=same_page(client))
            took[kind].append(time.process_time() - began)
            assert answer.status_code == 404
    middle = {kind: statistics.median(times) for kind, times in took.items()}
    apart = abs(middle["foreign"] - middle["missing"])
    assert apart < 0.002, middle
    # Of few samples the middle wanders by itself.
    assert apart < (0.1 if samples >= 300 else 0.2) * middle["missing"], middle


def test_the_doors_exist(world, quick) -> None:
    """An address nothing answers to would be as fast for both."""
    client = quick(world.people["coordinator"].id)
    holder = quick(world.people["seat holder"].id)
    things = world.things
    opened = {
        f"/cases/{things['main'].id}": client,
        f"/meetings/{things['meeting'].id}": client,
        f"/my-meetings/{things['meeting'].id}": holder,
        f"/seats/{things['seats']['seat holder'].id}/preview": client,
        f"/my-seats/{things['seats']['seat holder'].id}/deputy": holder,
    }
    assert {path: one.get(path).status_code for path, one in opened.items()} == dict.fromkeys(
        opened, 200
    )
