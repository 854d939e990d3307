"""The world of the case tests, and its coordinator signed in."""

import pytest

from tests import builders


@pytest.fixture
def world(app):
    return builders.small_world(open_papers=True)


@pytest.fixture
def staff(client, world):
    return client.sign_in(world.coordinator.id)
