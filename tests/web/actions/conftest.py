"""A world with one action, held by the police and followed by the coordinator."""

from types import SimpleNamespace

import pytest

from tests import builders
from tests.actions import FULL, SAFE


@pytest.fixture
def world(app):
    return builders.small_world(open_papers=True)


@pytest.fixture
def action(world):
    return builders.action(
        world.item, world.police_organisation, world.police, world.chair, safe=SAFE, full=FULL
    )


@pytest.fixture
def police(world, action, client):
    return client.sign_in(world.police.id)


@pytest.fixture
def staff(world, action, new_client):
    return new_client().sign_in(world.coordinator.id)


@pytest.fixture(params=[1, 50])
def many(world, request):
    for number in range(request.param):
        made = builders.action(
            world.item, world.police_organisation, world.police, world.chair, safe=f"Actie {number}"
        )
    return SimpleNamespace(count=request.param, last=made)
