"""What the window shows and costs: three statements at most, unchanged while nothing is seen to."""

import hashlib
import re
from datetime import timedelta

import pytest

from app.domain.kinds import PresenceState
from app.infra import clock
from app.models import AgendaItem, Meeting, RoomScreen, Seat, SpokenAcceptance
from tests import builders
from tests.builders import MEETING_START
from tests.live import change

SCREEN = "/projection/screen"


def ask(window, tag: str = ""):
    return window.get(SCREEN, headers={"If-None-Match": tag} if tag else {})


def test_it_starts_with_the_table_and_the_time_only(room, world) -> None:
    change(RoomScreen, world.meeting.id, is_blank=True, item_id=None)
    page = room.page(SCREEN)
    assert page.title == "Projectie"
    assert page.text == f"Projectie {world.table.name} maandag 1 juni 2026, 10.00 Scherm leeg F8"


@pytest.mark.parametrize("ended", ["closed_at", "removed_at"])
def test_an_item_that_is_over_shows_nothing_whatever_was_chosen(room, world, ended) -> None:
    change(AgendaItem, world.item.id, **{ended: clock.now()})
    assert not shown_on(room)


def shown_on(window) -> list[str]:
    """What the screen shows beside the table and the time."""
    return re.findall("data-shown", window.page(SCREEN).html)


def test_it_shows_the_timer_and_the_seats_of_the_item(room, world, frozen_clock) -> None:
    change(Seat, world.police_seat.id, presence=PresenceState.PRESENT)
    frozen_clock.advance(timedelta(minutes=4))
    page = room.page(SCREEN)
    assert "26:00 tot 10.30" in page.text
    assert "POL : aan tafel" in page.text
    assert "GGZ : nog niet aanwezig" in page.text
    assert "Geheimhouding: 2 van 2" in page.text
    frozen_clock.advance(timedelta(minutes=29))
    assert "0:00 tot 10.30 3 min over tijd" in room.page(SCREEN).text
    change(AgendaItem, world.item.id, paused_at=clock.now(), extra_minutes=5)
    frozen_clock.advance(timedelta(minutes=7))
    assert "2:00 gepauzeerd" in room.page(SCREEN).text


def test_spoken_confidentiality_counts_and_a_hidden_seat_does_not(room, world) -> None:
    shelter = builders.organisation("OPV", builders.OrganisationKind.SHELTER)
    builders.seat(world.item, shelter, builders.person(shelter), is_staff_only=True)
    school = builders.organisation("JGZ", builders.OrganisationKind.EDUCATION_HEALTH)
    nurse = builders.person(school)
    builders.seat(world.item, school, nurse)
    page = room.page(SCREEN)
    assert "OPV" not in page.html
    assert "Geheimhouding: 2 van 3" in page.text
    builders.save(
        SpokenAcceptance(
            meeting_id=world.meeting.id, person_id=nurse.id, at=clock.now(),
            recorded_by_id=world.chair.id, text_version=1,
        )
    )  # fmt: skip
    assert "Geheimhouding: 3 van 3" in room.page(SCREEN).text


def test_it_costs_three_statements_however_much_there_is(
    room, world, count_statements, frozen_clock
) -> None:
    def cost(tag: str = "") -> tuple[int, int]:
        with count_statements() as seen:
            answer = ask(room, tag)
        return answer.status_code, len(seen)

    chair = room.application.test_client().sign_in(world.chair.id)
    one = builders.decision(world.item, world.chair, "Er is een veiligheidsplan.")
    chair.send(f"/decisions/{one.id}/push")
    assert cost() == (200, 3)
    for number in range(3):
        frozen_clock.advance(timedelta(seconds=1))
        more = builders.decision(world.item, world.chair, f"Er is een plan met {number} stappen.")
        chair.send(f"/decisions/{more.id}/push")
        organisation = builders.organisation(f"O{number}", builders.OrganisationKind.OTHER)
        builders.seat(world.item, organisation, builders.person(organisation))
    assert cost() == (200, 3)
    assert cost(ask(room).headers["ETag"]) == (304, 2)
    change(RoomScreen, world.meeting.id, is_blank=True)
    assert cost() == (200, 1)


def test_nothing_is_sent_again_until_something_can_be_seen(room, world, frozen_clock) -> None:
    tag = ask(room).headers["ETag"]
    frozen_clock.advance(timedelta(minutes=2))
    builders.decision(world.item, world.chair, "Niet voor de zaal.")
    change(AgendaItem, world.second_item.id, minutes=45)
    change(Meeting, world.meeting.id, ends_at=MEETING_START + timedelta(hours=9))
    assert ask(room, tag).status_code == 304
    for model, key, values in (
        (Seat, world.police_seat.id, {"presence": PresenceState.REMOTE}),
        (AgendaItem, world.item.id, {"extra_minutes": 5}),
        (RoomScreen, world.meeting.id, {"is_blank": True}),
    ):
        change(model, key, **values)
        answer = ask(room, tag)
        assert answer.status_code == 200, values
        tag = answer.headers["ETag"]


def test_it_is_kept_and_told_nowhere(room) -> None:
    answer = ask(room)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert ask(room, answer.headers["ETag"]).headers["Cache-Control"] == "no-store"
    assert hashlib.sha256(ask(room).data).digest() == hashlib.sha256(answer.data).digest()


@pytest.mark.parametrize("token", ["", "made-up", "é"])
def test_emptying_it_takes_the_form_of_that_window(room, token) -> None:
    answer = room.post("/projection/dark", data={"csrf_token": token})
    assert answer.status_code == 400
    assert ask(room).text.count("data-shown") == 2


def test_the_form_goes_on_when_somebody_signs_out_on_the_same_computer(room) -> None:
    form = room.page(SCREEN).form("/projection/dark")
    room.delete_cookie("casustafel-form", domain="casustafel.test")
    assert room.get_cookie("casustafel-form", domain="casustafel.test") is None
    assert room.post("/projection/dark", data=form.filled({})).status_code == 303
    assert "data-shown" not in ask(room).text
