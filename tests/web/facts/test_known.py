"""Known with you? One click, before any content; and what a source asks of its readers."""

import pytest

from app.domain.kinds import InputAnswer
from app.infra import clock
from app.models import Disclosure, InputRequest, Section
from tests import builders
from tests.seats import all_of, change, meeting_path, stored


@pytest.fixture
def asked(world):
    deadline = world.meeting.starts_at
    return builders.input_request(
        world.police_seat, world.coordinator, asks_known=True, deadline_at=deadline
    )


def test_no_closes_the_question_in_one_click_and_yes_opens_the_content(police, world, asked):
    home = police.page("/")
    assert "Bekend bij u?" in home.text
    assert "Bekend bij uw organisatie?" in police.page(meeting_path(world)).text
    assert "Wat moet het overleg weten?" not in police.page(f"/my-input/{asked.id}").text
    police.page("/")
    answer = police.send(f"/my-input/{asked.id}/known", {"known": "no", "next": "/"})
    assert answer.status_code == 303
    done = stored(asked)
    assert (done.known, done.answer) == (False, InputAnswer.NOT_KNOWN)
    assert "Bekend bij u?" not in police.page("/").text
    assert police.send(f"/my-input/{asked.id}/known", {"known": "yes"}).status_code == 404
    change(InputRequest, known=None, known_at=None, answer=None, answered_at=None)
    police.page("/")
    answer = police.send(f"/my-input/{asked.id}/known", {"known": "yes"})
    assert answer.location.endswith(f"/my-input/{asked.id}")
    assert (stored(asked).known, stored(asked).answered_at) == (True, None)
    assert "Wat moet het overleg weten?" in police.page(f"/my-input/{asked.id}").text
    assert "Geef inbreng" in police.page("/").text


def test_where_only_that_is_asked_yes_is_the_end_of_it(police, staff, world, asked):
    unasked = {"answer": "text", "text": "Ongevraagd", "regime": "avg"}
    police.page("/")
    assert police.send(f"/my-input/{asked.id}", unasked).status_code == 422, "known comes first"
    change(InputRequest, asks_content=False)
    assert police.send(f"/my-input/{asked.id}", unasked).status_code == 422
    assert (stored(asked).known, stored(asked).section_id) == (None, None)
    assert police.send(f"/my-input/{asked.id}/known", {"known": "yes"}).location.endswith("/")
    assert stored(asked).answer is InputAnswer.KNOWN
    assert "bekend" in staff.page(f"/meetings/{world.meeting.id}/input").text
    change(InputRequest, known=None, answer=None, answered_at=None)
    assert police.send(f"/my-input/{asked.id}/known", {"known": "maybe"}).status_code == 422


def test_a_yes_by_telephone_is_confirmed_on_the_next_visit(police, staff, world, asked):
    change(InputRequest, asks_content=False)
    path = f"/requests/{asked.id}/by-telephone"
    assert "Onder welke wet" not in staff.page(path).text
    assert staff.fill(path, {"answer": "known"}).status_code == 303
    assert (stored(asked).known, stored(asked).answer) == (True, InputAnswer.KNOWN)
    said = police.page(f"/my-input/{asked.id}/said").text
    assert "Klopt dit?" in said
    assert "Bekend" in said


def test_before_confidentiality_the_click_leads_to_what_comes_first(new_client, world):
    seat = builders.seat(world.second_item, world.police_organisation, world.police_colleague)
    request = builders.input_request(
        seat, world.coordinator, asks_known=True, deadline_at=world.meeting.starts_at
    )
    colleague = new_client().sign_in(world.police_colleague.id)
    colleague.page("/")
    answer = colleague.send(f"/my-input/{request.id}/known", {"known": "no"})
    assert answer.location.endswith(f"/my-input/{request.id}")
    assert stored(request).known is None
    other = new_client().sign_in(world.care.id)
    other.page("/")
    assert other.send(f"/my-input/{request.id}/known", {"known": "no"}).status_code == 404


def test_staff_choose_what_they_ask(staff, world):
    path = f"/meetings/{world.meeting.id}/input"
    staff.page(path)
    sent = {
        "seat": str(world.police_seat.id), "what": "known-first", "day": "05-06-2026", "at": "12.00"
    }  # fmt: skip
    assert staff.fill(path, sent, action="/input").status_code == 303
    (request,) = all_of(InputRequest)
    assert (request.asks_known, request.asks_content) == (True, True)
    assert "nog geen antwoord" in staff.page(path).text


def test_what_may_not_be_passed_on_says_so_wherever_it_is_read(police, staff, world, new_client):
    request = builders.input_request(
        world.police_seat, world.coordinator, deadline_at=world.meeting.starts_at
    )
    given = {"answer": "text", "text": "Kanarieinbreng", "no_passing_on": "y"}
    path = f"/my-input/{request.id}"
    assert police.fill(path, given, action=path).status_code == 303
    (section,) = all_of(Section, Section.no_passing_on)
    builders.disclosure(world.care_seat, section, world.coordinator)
    words = "niet verder verstrekken"
    care = new_client().sign_in(world.care.id)
    assert words in care.page(meeting_path(world)).text
    assert words in staff.page(f"/cases/{world.case.id}").text
    assert words in staff.page(f"/items/{world.item.id}/matrix").text
    assert words in staff.page(f"/seats/{world.care_seat.id}/preview").text
    assert len(all_of(Disclosure, Disclosure.section_id == section.id)) == 1
    assert clock.now() < world.meeting.starts_at
