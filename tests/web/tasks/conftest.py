"""A world with open papers, its staff, and a colleague who holds tasks."""

import pytest

from tests import builders


@pytest.fixture
def world(app):
    return builders.small_world(open_papers=True)


@pytest.fixture
def staff(client, world):
    return client.sign_in(world.coordinator.id)


@pytest.fixture
def holder(client, world):
    """A colleague without a seat, and no representative of anything."""
    return client.sign_in(world.police_colleague.id)
