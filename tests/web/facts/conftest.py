"""A world with open papers, its staff and the police at the table."""

import pytest

from tests import builders


@pytest.fixture
def world(app):
    return builders.small_world(open_papers=True)


@pytest.fixture
def staff(client, world):
    return client.sign_in(world.coordinator.id)


@pytest.fixture
def police(new_client, world):
    return new_client().sign_in(world.police.id)
