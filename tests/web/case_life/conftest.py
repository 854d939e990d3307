"""The world of these tests with open papers, its coordinator signed in, and a lead of the case."""

import pytest

from app.domain.kinds import TaskKind
from app.infra import clock
from tests import builders


@pytest.fixture
def world(app):
    return builders.small_world(open_papers=True)


@pytest.fixture
def staff(client, world):
    return client.sign_in(world.coordinator.id)


@pytest.fixture
def lead(world):
    """A colleague without a seat who leads the case, accepted by name."""
    return builders.task(
        world.police_colleague, world.case, world.coordinator, kind=TaskKind.CASE_LEAD,
        accepted_at=clock.now(),
    )  # fmt: skip
