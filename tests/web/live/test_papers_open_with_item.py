"""A table whose papers open with the items: a seat waits for its item and for the roll call."""

from datetime import timedelta

import pytest

from app.domain.kinds import PresenceState
from app.features.live import service as live
from app.features.seats import service as seats
from app.infra import clock
from app.models import AgendaItem, Meeting, Seat
from tests import builders
from tests.builders import QUESTION, World
from tests.live import change
from tests.seats import actor_of

WAITS = "gaat open zodra uw casus aan de orde is"


@pytest.fixture
def world(app) -> World:
    made = builders.small_world(open_papers=True)
    change(Meeting, made.meeting.id, opens_with_item=True, started_at=clock.now())
    return made


def own_page(world: World, client) -> str:
    client.sign_in(world.police.id)
    return client.page(f"/my-meetings/{world.meeting.id}").text


def take_up(world: World, presence: PresenceState) -> None:
    chair = actor_of(world.chair)
    live.note_presence(chair, world.police_seat.id, presence)
    live.open_item(chair, world.item.id)


def test_a_seat_reads_nothing_until_its_item_is_taken_up(world: World, client) -> None:
    before = own_page(world, client)
    assert WAITS in before
    assert QUESTION not in before
    take_up(world, PresenceState.PRESENT)
    during = own_page(world, client)
    assert QUESTION in during
    assert WAITS not in during


def test_it_stays_open_after_the_item_until_the_window_ends(world, client, frozen_clock) -> None:
    take_up(world, PresenceState.REMOTE)
    live.close_item(actor_of(world.chair), world.item.id)
    assert QUESTION in own_page(world, client)
    frozen_clock.moment += timedelta(days=30)
    assert QUESTION not in own_page(world, client)


@pytest.mark.parametrize("presence", [PresenceState.ABSENT, PresenceState.ABSENT_NOTICE])
def test_who_is_not_there_reads_nothing_and_keeps_nothing(world, client, presence) -> None:
    take_up(world, presence)
    assert QUESTION not in own_page(world, client)
    live.close_meeting(actor_of(world.chair), world.meeting.id)
    change(Meeting, world.meeting.id, adopted_at=clock.now())
    assert QUESTION not in client.page(f"/my-meetings/{world.meeting.id}/extract").text
    change(Seat, world.police_seat.id, presence=PresenceState.PRESENT)
    assert QUESTION in client.page(f"/my-meetings/{world.meeting.id}/extract").text


def test_a_deputy_nobody_placed_opens_nothing_to_who_is_replaced(world: World, client) -> None:
    take_up(world, PresenceState.ABSENT)
    live.note_presence(actor_of(world.chair), world.police_seat.id, PresenceState.DEPUTY)
    assert QUESTION not in own_page(world, client)


def test_a_seat_handed_on_is_called_anew(world: World, client) -> None:
    take_up(world, PresenceState.PRESENT)
    builders.acceptance(world.police_colleague, world.meeting)
    seats.hand_over(actor_of(world.police), world.police_seat.id, world.police_colleague.id)
    client.sign_in(world.police_colleague.id)
    page = f"/my-meetings/{world.meeting.id}"
    assert QUESTION not in client.page(page).text, "who was seen was somebody else"
    live.note_presence(actor_of(world.chair), world.police_seat.id, PresenceState.DEPUTY)
    assert QUESTION in client.page(page).text


def test_other_meetings_open_at_publication_as_before(world: World, client) -> None:
    change(Meeting, world.meeting.id, opens_with_item=False)
    change(AgendaItem, world.item.id, opened_at=None)
    assert QUESTION in own_page(world, client)
