"""A case nobody came to: its participants read so, and nobody is asked about minutes of it."""

import pytest

from app.domain.kinds import PresenceState
from app.features.live import service as live
from app.infra import clock
from app.models import CaseTable, Meeting, Seat
from tests import builders
from tests.builders import World
from tests.live import change, stored
from tests.minutes import extract_url
from tests.seats import actor_of

NOT_DISCUSSED = "Deze casus is niet besproken."


@pytest.fixture
def world(app) -> World:
    """Everybody was seen for every case; the first is taken up, the second is not."""
    made = builders.small_world(open_papers=True)
    change(CaseTable, made.table.id, correction_working_days=5)
    change(Meeting, made.meeting.id, started_at=clock.now())
    for seat in (made.police_seat, made.care_seat, made.second_care_seat):
        change(Seat, seat.id, presence=PresenceState.PRESENT)
    live.open_item(actor_of(made.chair), made.item.id)
    return made


def close(world: World) -> None:
    live.close_meeting(actor_of(world.chair), world.meeting.id)


def test_who_waited_for_a_case_nobody_came_to_reads_so_and_is_asked_nothing(world, client) -> None:
    close(world)
    text = client.sign_in(world.care.id).page(extract_url(world)).text
    before, after = text.split(world.second_case.reference)[:2]
    assert NOT_DISCUSSED not in before
    assert NOT_DISCUSSED in after.split("Klopt het?")[0]
    asked = text.split("Klopt het?")[1]
    assert world.case.reference in asked
    assert world.second_case.reference not in asked
    assert NOT_DISCUSSED not in client.sign_in(world.police.id).page(extract_url(world)).text


def test_what_was_written_down_all_the_same_was_discussed(world, client) -> None:
    builders.decision(world.second_item, world.chair, to=[world.second_care_seat])
    close(world)
    assert stored(Seat, world.second_care_seat.id).presence is PresenceState.PRESENT
    text = client.sign_in(world.care.id).page(extract_url(world)).text
    assert NOT_DISCUSSED not in text
    assert world.second_case.reference in text.split("Klopt het?")[1]


def test_of_a_case_that_bars_who_closes_nothing_is_forgotten(world) -> None:
    builders.exclusion(world.chair, world.second_case, world.coordinator)
    close(world)
    assert stored(Seat, world.second_care_seat.id).presence is PresenceState.PRESENT
