"""A deputy nobody knows yet: vouched for, warned about, and in the room only until it has a key."""

import pytest

from app.domain.kinds import AccountState
from app.features.live import service as live
from app.infra import clock, outbox
from app.models import Organisation, Person, SeatHold
from tests import builders
from tests.seats import (
    actor_of,
    all_of,
    change,
    live_hold,
    meeting_path,
    recorded,
)

NEW = {"name": "N. Nieuw", "email": "N.Nieuw@politie.example", "identity": "y", "mandate": "y"}


@pytest.fixture
def path(world):
    of = world.police_organisation
    change(Organisation, Organisation.id == of.id, mail_domains="politie.example om.example")
    return f"/seats/{world.police_seat.id}/deputy"


def newcomer() -> Person | None:
    found = all_of(Person, Person.email == "n.nieuw@politie.example")
    return found[0] if found else None


def test_a_deputy_nobody_knew_sits_at_once_and_reads_with_an_account_of_its_own(
    staff, world, path, new_client, mails
):
    assert "politie.example, om.example" in staff.page(path).text
    assert staff.fill(path, NEW).status_code == 303
    who = newcomer()
    assert who.state is AccountState.INVITED
    hold = live_hold(world.police_seat)
    assert (hold.person_id, hold.is_deputy, hold.follows_window) == (who.id, True, True)
    new_client().sign_in(world.police.id).page(meeting_path(world), status=404)
    assert recorded(world.coordinator, "vouched-deputy", "transfer") == 1
    outbox.drain()
    (mail,) = mails(recipient=who.email)
    assert "/welcome/" in mail.text
    assert world.case.reference not in mail.text
    clock._current.moment = world.meeting.starts_at
    live.start_meeting(actor_of(world.chair), world.meeting.id)
    sheet = f"/meetings/{world.meeting.id}/live?item={world.item.id}"
    coordinator = new_client().sign_in(world.coordinator.id)
    assert "alleen in de zaal" in coordinator.page(sheet).text
    change(Person, Person.id == who.id, state=AccountState.ACTIVE)
    assert "alleen in de zaal" not in coordinator.page(sheet).text
    assert "blijft hier" in new_client().sign_in(who.id).page(meeting_path(world)).text
    clock._current.moment = world.meeting.closes_at
    assert live_hold(world.police_seat).person_id == world.police.id


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"identity": ""}, "Controleer eerst wie dit is"),
        ({"mandate": ""}, "Vraag dit eerst na bij de organisatie"),
        ({"name": ""}, "Vul dit veld in"),
        ({"email": "nieuw"}, "Schrijf een e-mailadres"),
        ({"email": "n.nieuw@elders.example"}, "past niet bij de maildomeinen"),
    ],
)
def test_nobody_is_placed_unchecked(staff, world, path, typed, words):
    values = {name: value for name, value in {**NEW, **typed}.items() if value}
    staff.page(path)
    answer = staff.send(path, values)
    assert answer.status_code == 422
    assert words in answer.text
    assert newcomer() is None
    assert live_hold(world.police_seat).person_id == world.police.id


def test_an_address_of_another_domain_is_confirmed_knowingly(staff, world, path):
    elsewhere = {**NEW, "email": "n.nieuw@elders.example"}
    assert "ook al past het niet" not in staff.page(path).text
    assert "ook al past het niet" in staff.send(path, elsewhere).text
    assert staff.send(path, {**elsewhere, "is_outside": "y"}).status_code == 303
    assert all_of(Person, Person.email == "n.nieuw@elders.example")


def test_an_account_that_stands_is_used_if_it_may_sit_there(staff, world, path, deputy):
    staff.page(path)
    taken = {**NEW, "is_outside": "y"}
    assert staff.send(path, {**taken, "email": world.care.email}).status_code == 422
    assert staff.send(path, {**taken, "email": world.police.email}).status_code == 422
    builders.exclusion(deputy, world.case, world.coordinator)
    assert staff.send(path, {**taken, "email": deputy.email}).status_code == 422
    assert len(all_of(SeatHold, SeatHold.seat_id == world.police_seat.id)) == 1
    third = builders.person(world.police_organisation, "C. Derde")
    assert staff.send(path, {**taken, "email": third.email}).status_code == 303
    assert live_hold(world.police_seat).person_id == third.id


def test_only_staff_place_somebody(police, world, path, new_client):
    police.page(path, status=404)
    for who in (world.stranger, world.administrator):
        new_client().sign_in(who.id).page(path, status=404)
