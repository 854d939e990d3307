"""The world of the subscription tests, and the police's address in it."""

import pytest

from app.features.calendar import service
from tests import builders
from tests.feeds import subscribe


@pytest.fixture
def world(app):
    return builders.small_world()


@pytest.fixture
def police(world) -> str:
    """The address of somebody with one slot in the calendar."""
    service.synchronise(world.meeting.id, world.police.id)
    return subscribe(world.police)
