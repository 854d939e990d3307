import pytest

from tests import builders


@pytest.fixture
def world(app):
    return builders.small_world(open_papers=True)


@pytest.fixture
def staff(world, client):
    return client.sign_in(world.coordinator.id)
