"""A world with open papers, and its visitors: the police, the care organisation, staff."""

import pytest

from tests import builders


@pytest.fixture
def world(app):
    return builders.small_world(open_papers=True)


@pytest.fixture
def police(world, client):
    return client.sign_in(world.police.id)


@pytest.fixture
def care(world, new_client):
    return new_client().sign_in(world.care.id)


@pytest.fixture
def deputy(world):
    return builders.representative(world.police_organisation, world.table, "B. Vervanger")


@pytest.fixture
def asked(world):
    return builders.input_request(world.police_seat, world.coordinator)


@pytest.fixture
def staff(world, new_client):
    return new_client().sign_in(world.coordinator.id)
