"""A meeting with two cases, open to its seats; begun, with its chair signed in."""

import pytest

from app.domain.kinds import CaseState
from app.infra import clock
from app.models import Case, Meeting
from tests import builders
from tests.builders import World
from tests.live import change


@pytest.fixture
def world(app) -> World:
    made = builders.small_world(open_papers=True)
    change(Case, made.case.id, state=CaseState.ON_AGENDA)
    change(Case, made.second_case.id, state=CaseState.ON_AGENDA)
    return made


@pytest.fixture
def running(world) -> World:
    change(Meeting, world.meeting.id, started_at=clock.now())
    return world


@pytest.fixture
def chair(running, client):
    return client.sign_in(running.chair.id)
