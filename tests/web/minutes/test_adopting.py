"""The page that says what adopting minutes does, before it is done."""

import pytest

from app.infra import clock
from app.models import AgendaItem, CaseTable, Meeting
from tests.builders import World
from tests.live import change, stored
from tests.minutes import closed_world, correction, minutes_url


@pytest.fixture
def world(app) -> World:
    return closed_world()


def test_what_adopting_does_is_read_first_and_done_with_one_button(world, new_client):
    chair = new_client().sign_in(world.chair.id)
    ask = f"{minutes_url(world)}/adopt"
    assert ask in chair.page(minutes_url(world)).links
    text = chair.page(ask).text
    assert f"{world.case.reference}, {world.second_case.reference}." in text
    assert "2 van 2 delen van het verslag zijn nog niet gecontroleerd." in text
    assert "2 deelnemers krijgen een mail met alleen een link, zonder inhoud." in text
    assert "wacht nog op uw antwoord" not in text
    assert "Vaststellen kan niet ongedaan worden gemaakt." in text
    assert stored(Meeting, world.meeting.id).adopted_at is None
    # Care sits at both: its mail comes with the second of them.
    correction(world.second_item, world.care, "Dat klopt niet")
    text = chair.page(ask).text
    assert f"Nog niet vastgesteld blijft: {world.second_case.reference}." in text
    assert "1 deelnemer krijgt een mail" in text
    assert "1 opmerking wacht nog op uw antwoord." in text
    assert chair.fill(ask, action="/minutes/adopt").status_code == 303
    assert stored(AgendaItem, world.item.id).adopted_at == clock.now()
    chair.page(ask, status=422)
    new_client().sign_in(world.police.id).page(ask, status=404)


def test_a_meeting_that_runs_has_nothing_to_adopt(world, new_client):
    change(CaseTable, world.table.id, correction_working_days=0)
    change(Meeting, world.meeting.id, closed_at=None)
    chair = new_client().sign_in(world.chair.id)
    chair.page(f"{minutes_url(world)}/adopt", status=422)
