"""The world of the series tests: a table that plans from February 2027, and its mailbox."""

from datetime import datetime

import pytest

from app.access import load_actor
from app.domain.local_time import AMSTERDAM
from app.infra import clock
from app.infra.db import reading
from tests import builders
from tests.series import Mailbox, drain


@pytest.fixture
def world(app, frozen_clock):
    frozen_clock.moment = datetime(2027, 2, 1, 9, 0, tzinfo=AMSTERDAM)
    world = builders.small_world()
    drain()
    return world


@pytest.fixture
def coordinator(world):
    with reading() as session:
        return load_actor(session, world.coordinator.id, now=clock.now())


@pytest.fixture
def mailbox(world, mails):
    return Mailbox(mails, world.coordinator)
