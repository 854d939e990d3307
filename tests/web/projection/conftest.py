"""A running meeting whose first case is on the table, its chair signed in, a window in the room."""

import re

import pytest

from app.infra import clock
from app.models import AgendaItem, Meeting, RoomScreen
from tests import builders
from tests.builders import World
from tests.live import change

CODE = re.compile(r"data-code>([0-9A-Z ]+)<")


@pytest.fixture
def world(app) -> World:
    made = builders.small_world(open_papers=True)
    change(Meeting, made.meeting.id, started_at=clock.now())
    change(AgendaItem, made.item.id, opened_at=clock.now())
    builders.save(
        RoomScreen(
            meeting_id=made.meeting.id, item_id=made.item.id, is_blank=False, changed_at=clock.now()
        )
    )
    return made


@pytest.fixture
def chair(world, client):
    return client.sign_in(world.chair.id)


@pytest.fixture
def code(world, chair):
    """Has staff make a code, as it is read out."""

    def make() -> str:
        answer = chair.send(f"/meetings/{world.meeting.id}/projection/code")
        assert answer.status_code == 200
        return CODE.search(answer.text)[1]

    return make


@pytest.fixture
def room(new_client, code):
    """The window in the room, paired: a browser nobody is signed in on."""
    window = new_client()
    answer = window.fill("/projection", {"code": code()}, follow_redirects=True)
    assert answer.status_code == 200
    assert answer.request.path == "/projection/screen"
    return window
