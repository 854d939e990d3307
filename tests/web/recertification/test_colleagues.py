"""A contact answers for colleagues one by one; nobody else, and never of a case."""

from datetime import timedelta

import pytest

from app.domain.kinds import AccountState, AnnouncementKind, RecertificationAnswer
from app.features.recertification import rounds
from app.infra import clock
from app.infra.db import reading
from app.models import Announcement, OrganisationContact, Person, RecertifiedPerson
from tests import builders
from tests.seats import change
from tests.web.recertification.conftest import name_contact


@pytest.fixture
def asked(world):
    rounds.look()
    return world


@pytest.fixture
def contact(client, asked):
    return client.sign_in(asked.contact.id)


def stored(who) -> Person:
    with reading() as session:
        return session.get_one(Person, who.id)


def answer_of(who) -> RecertifiedPerson:
    with reading() as session:
        return session.query(RecertifiedPerson).filter_by(person_id=who.id).one()


def at(who, more="") -> str:
    return f"/colleagues/{who.id}{more}"


def test_from_the_start_page_one_by_one(contact, asked):
    page = contact.page("/")
    assert "collega's hier nog?" in page.text
    page = contact.page("/colleagues")
    for who in (asked.police, asked.second, asked.contact):
        assert f'href="{at(who)}"' in page.html
    answer = contact.fill(at(asked.police))
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/colleagues/")
    kept = answer_of(asked.police)
    assert (kept.answer, kept.answered_by_id) == (RecertificationAnswer.STAYS, asked.contact.id)
    assert "werkt hier nog" in contact.page(answer.headers["Location"]).text


def test_who_left_loses_everything_at_once(contact, asked, new_client):
    inside = new_client().sign_in(asked.police.id)
    page = contact.page(at(asked.police, "/leaves"))
    assert "vertegenwoordiger" in page.text
    assert asked.case.reference not in page.text
    assert contact.fill(at(asked.police, "/leaves")).status_code == 303
    assert stored(asked.police).state is AccountState.LEFT
    assert answer_of(asked.police).answer is RecertificationAnswer.LEAVES
    assert inside.get("/my-meetings").status_code == 303
    with reading() as session:
        [line] = session.query(Announcement).filter_by(subject_id=asked.police.id)
    assert (line.kind, line.made_by_id) == (AnnouncementKind.LEFT, asked.contact.id)
    assert asked.police.name in contact.page("/colleagues").text, "said once"
    assert asked.police.name not in contact.page("/colleagues").html.partition("<main")[2]


def test_a_leaver_is_told_of_between_rounds_and_nobody_is_confirmed_then(client, world):
    contact = client.sign_in(world.contact.id)
    assert contact.send(at(world.police)).status_code == 422
    assert contact.fill(at(world.police, "/leaves")).status_code == 303
    assert stored(world.police).state is AccountState.LEFT


def test_nobody_ends_the_own_access(contact, asked):
    assert "Werkt hier niet meer" not in contact.page(at(asked.contact)).text
    assert contact.send(at(asked.contact, "/leaves")).status_code == 422
    assert stored(asked.contact).state is AccountState.ACTIVE
    assert contact.fill(at(asked.contact)).status_code == 303


@pytest.mark.parametrize("office", ["is_administrator", "is_privacy_officer", "is_supervisor"])
def test_whoever_holds_an_office_is_ended_by_an_administrator_alone(contact, asked, office):
    change(Person, Person.id == asked.second.id, **{office: True})
    assert "Werkt hier niet meer" not in contact.page(at(asked.second)).text
    assert contact.send(at(asked.second, "/leaves")).status_code == 422
    assert stored(asked.second).state is AccountState.ACTIVE
    assert contact.fill(at(asked.second)).status_code == 303


@pytest.mark.parametrize("who", ["police", "chair", "coordinator", "care", "guest"])
def test_whoever_is_no_contact_finds_nothing(asked, new_client, who):
    visitor = new_client().sign_in(getattr(asked, who).id if who != "guest" else _guest(asked))
    for path in (at(asked.second), at(asked.second, "/leaves")):
        assert visitor.get(path).status_code == 404
        assert visitor.send(path).status_code == 404
    assert asked.second.name not in visitor.page("/colleagues").text
    assert stored(asked.second).state is AccountState.ACTIVE
    assert answer_of(asked.second).answer is None


def _guest(world):
    return builders.person(
        world.police_organisation, "G. Gast", ends_at=clock.now() + timedelta(days=1)
    ).id


def test_a_contact_answers_for_nobody_elsewhere(contact, asked):
    for who in (asked.care, asked.chair, asked.administrator):
        assert contact.get(at(who)).status_code == 404
        assert contact.send(at(who, "/leaves")).status_code == 404
        assert stored(who).state is AccountState.ACTIVE


def test_a_contact_for_one_table_answers_for_who_has_a_role_there(asked, new_client):
    change(OrganisationContact, until_at=clock.now())
    name_contact(asked.police, at=asked.other_table)
    visitor = new_client().sign_in(asked.police.id)
    page = visitor.page("/colleagues")
    assert asked.second.name in page.text
    assert asked.contact.name not in page.text
    assert visitor.get(at(asked.contact)).status_code == 404


def test_a_contact_of_before_answers_for_nobody(asked, new_client):
    change(OrganisationContact, until_at=clock.now())
    visitor = new_client().sign_in(asked.contact.id)
    assert visitor.get(at(asked.second)).status_code == 404
    assert "Mensen van uw organisatie" not in visitor.page("/").text


def test_saying_that_somebody_left_asks_who_is_there(contact, asked, frozen_clock):
    frozen_clock.advance(timedelta(minutes=6))
    answer = contact.get(at(asked.police, "/leaves"))
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (303, "/step-up")


def test_the_lists_cost_the_same_however_long(client, asked, count_statements):
    officer = builders.person(asked.host, "F. Gegevens", is_privacy_officer=True)
    costs = []
    for turn in "ab":
        found = []
        for who, path in (
            (asked.contact, "/colleagues"),
            (asked.contact, at(asked.police)),
            (officer, "/oversight/confirmed-people"),
        ):
            visitor = client.sign_in(who.id)
            visitor.page(path)
            with count_statements() as sent:
                visitor.page(path)
            found.append(len(sent))
        costs.append(found)
        for number in range(30):
            builders.person(asked.police_organisation, f"Q. Collega{turn}{number}")
            builders.organisation(f"{turn}{number}", name=f"Organisatie {turn}{number}")
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 8


def test_the_privacy_officer_sees_who_answered_and_whose_access_ended(
    asked, new_client, frozen_clock
):
    for who in (asked.administrator, asked.chair, asked.contact):
        visitor = new_client().sign_in(who.id)
        assert visitor.get("/oversight/confirmed-people").status_code == 404
    officer = builders.person(asked.host, "F. Gegevens", is_privacy_officer=True)
    change(
        RecertifiedPerson, RecertifiedPerson.person_id == asked.second.id,
        answer=RecertificationAnswer.STAYS, answered_by_id=asked.contact.id,
        answered_at=clock.now(),
    )  # fmt: skip
    frozen_clock.advance(timedelta(days=42))
    rounds.look()
    page = new_client().sign_in(officer.id).page("/oversight/confirmed-people")
    assert asked.police.name in page.text
    assert asked.second.name not in page.text
    assert "1 van 4" in page.text
