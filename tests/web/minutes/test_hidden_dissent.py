"""A dissent would tell that a seat only staff may know of was there: its own seat and staff read it."""

import pytest

from app.domain.kinds import PresenceState
from app.infra import clock
from app.models import Meeting, Seat
from tests import builders
from tests.builders import World
from tests.documents import words_of
from tests.live import change, live_url
from tests.minutes import adopt, closed_world, extract_url, minutes_url

DISSENT = "Kanariestandpunt"


@pytest.fixture
def world(app) -> World:
    made = closed_world()
    builders.decision(
        made.item, made.chair, "Huisverbod", to=[made.police_seat, made.care_seat],
        dissent=DISSENT, dissent_seat_id=made.care_seat.id, taken_by_seat_id=made.care_seat.id,
    )  # fmt: skip
    change(Seat, made.care_seat.id, is_staff_only=True, presence=PresenceState.PRESENT)
    return made


def outlets(world: World, visitor) -> dict[str, str]:
    """Everything an addressee gets of the minutes, and the pages it follows the meeting on."""
    own, extract = f"/my-meetings/{world.meeting.id}", extract_url(world)
    return {
        "own": visitor.page(own).text,
        "live": visitor.page(f"{own}/live").text,
        "page": visitor.page(extract).text,
        "plain": visitor.send(f"{extract}/download").text,
        "pdf": words_of(visitor.send(f"{extract}/pdf").data),
    }


def test_only_its_own_seat_reads_it(world, new_client):
    adopt(world)
    for who, reads in ((world.police, False), (world.care, True)):
        for name, text in outlets(world, new_client().sign_in(who.id)).items():
            assert "Huisverbod" in text, name
            assert (DISSENT in text) is reads, name
            assert reads or ("Afwijkend" not in text and "GGZ" not in text), name
    chair = new_client().sign_in(world.chair.id)
    for seat, reads in ((world.police_seat, False), (world.care_seat, True)):
        assert (DISSENT in chair.page(f"{minutes_url(world)}/{seat.id}").text) is reads
    assert DISSENT in chair.page(live_url(world, world.item)).text


def test_what_was_fixed_keeps_silent_once_its_seat_is_hidden(world, new_client):
    adopt(world)
    change(Seat, world.care_seat.id, is_staff_only=False)
    police = new_client().sign_in(world.police.id)
    assert f"Afwijkend standpunt van GGZ Delta: {DISSENT}" in police.page(extract_url(world)).text
    change(Seat, world.care_seat.id, is_staff_only=True)
    assert "Afwijkend" not in police.page(extract_url(world)).text


def test_whoever_writes_it_down_reads_that(world, client):
    change(Meeting, world.meeting.id, started_at=clock.now(), closed_at=None)
    chair = client.sign_in(world.chair.id)
    hint = "Een afwijkend standpunt van GGZ lezen alleen die organisatie"
    assert hint in chair.page(live_url(world, world.item)).text
    change(Seat, world.care_seat.id, is_staff_only=False)
    assert hint not in chair.page(live_url(world, world.item)).text
