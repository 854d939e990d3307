"""A world whose police colleague, without any seat, refers cases."""

import pytest

from tests import builders


@pytest.fixture
def world(app):
    return builders.small_world()


@pytest.fixture
def referrer(new_client, world):
    return new_client().sign_in(world.police_colleague.id)


@pytest.fixture
def staff(new_client, world):
    return new_client().sign_in(world.coordinator.id)
