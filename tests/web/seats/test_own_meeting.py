"""The own meeting of a representative: what it shows, confidentiality, the invitation."""

import pytest

from app.domain import presets
from app.domain.kinds import InvitationAnswer, TableKind
from app.infra import clock
from app.models import Acceptance, Meeting
from tests import builders
from tests.seats import (
    all_of,
    change,
    forget_acceptance,
    later,
    live_hold,
    meeting_path,
    recorded,
    seat_path,
)


def test_the_own_meeting_shows_what_the_seat_opens(police, world):
    page = police.page(meeting_path(world))
    assert "Kanarieaanleiding" in page.text
    assert "Kanarieveiligheid" in page.text
    assert "Kanariekinderen" not in page.text
    assert "Kanarienaam" not in page.html
    assert world.second_case.reference not in page.html
    assert "Acuut gevaar?" in page.text


def test_own_meetings_list_coming_and_past(police, world):
    assert "MDA++ Deltaland" in police.page("/my-meetings").text
    assert world.case.reference not in police.page("/my-meetings").html
    assert "MDA++ Deltaland" not in police.page("/my-meetings?when=past").text
    later(days=20)
    police.sign_in(world.police.id)
    assert "MDA++ Deltaland" in police.page("/my-meetings?when=past").text


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 22, "\0"])
def test_odd_page_numbers_answer_calmly(police, page):
    police.page(f"/my-meetings?page={page}")


def test_the_statements_of_the_meeting_page_stay_within_the_budget(care, world, count_statements):
    care.page(meeting_path(world))
    with count_statements() as few:
        care.page(meeting_path(world))
    last = world.second_item
    for number in range(6):
        case = builders.case(world.table, world.host)
        last = builders.item(world.meeting, case, after=last)
        seat = builders.seat(last, world.care_organisation, world.care)
        section = builders.section(case, world.types["reason"], world.host, f"Meer {number}")
        builders.disclosure(seat, section, world.coordinator)
        builders.decision(last, world.chair, f"Besluit {number}", to=[seat])
    with count_statements() as many:
        assert "Meer 5" in care.page(meeting_path(world)).text
    assert len(few) <= 9
    assert len(many) <= 9


def test_names_show_after_a_recorded_act_for_five_minutes(care, world):
    builders.disclosure(world.care_seat, world.sections["identity"], world.coordinator)
    assert "Kanarienaam" not in care.page(meeting_path(world)).html
    care.fill(meeting_path(world), action="/names/show", follow_redirects=True)
    assert "Kanarienaam" in care.page(meeting_path(world)).html
    assert recorded(world.care, "meeting", "reveal-identity") == 1
    later(minutes=5)
    assert "Kanarienaam" not in care.page(meeting_path(world)).html


def test_nothing_opens_before_one_accepts(care, world):
    forget_acceptance()
    page = care.page(meeting_path(world))
    assert "Wat hier besproken wordt, blijft hier." in page.text
    regime = presets.document_of(TableKind.MDA).regime
    for one in (regime.ground.nl, regime.purpose.nl, "Contactpunt"):
        assert one in page.text
    assert "Kanarieaanleiding" not in page.html
    assert world.case.reference not in page.html
    assert care.fill(meeting_path(world), action="/accept").status_code == 303
    assert "Kanarieaanleiding" in care.page(meeting_path(world)).text
    kept = all_of(Acceptance, Acceptance.person_id == world.care.id)
    assert [one.statement for one in kept] == ["Wat hier besproken wordt, blijft hier."]
    assert recorded(world.care, "acceptance", "add") == 1


def test_accepting_twice_counts_once(care, world):
    forget_acceptance()
    care.page(meeting_path(world))
    for _ in range(2):
        assert care.send(f"{meeting_path(world)}/accept").status_code == 303
    assert len(all_of(Acceptance)) == 1


def test_confidentiality_is_accepted_from_the_invitation_on(care, world):
    forget_acceptance()
    change(Meeting, published_at=None)
    page = care.page(meeting_path(world))
    assert "Kanarieaanleiding" not in page.html
    assert "nog niet opengesteld" in page.text
    care.fill(meeting_path(world), action="/accept")
    assert [one.person_id for one in all_of(Acceptance)] == [world.care.id]
    page = care.page(meeting_path(world))
    assert "Wat hier besproken wordt" not in page.text
    assert "Kanarieaanleiding" not in page.html


@pytest.mark.parametrize("said", ["yes", "no"])
def test_an_answer_is_kept_and_recorded(police, world, said):
    police.page(meeting_path(world))
    assert police.send(seat_path(world, "answer"), {"answer": said}).status_code == 303
    assert live_hold(world.police_seat).answer == InvitationAnswer(said)
    assert recorded(world.police, "answer", "change") == 1
    text = police.page(meeting_path(world)).text
    assert ("Ik kom toch niet" in text) is (said == "yes"), "only the other answer is offered"
    assert "Ja, ik kom" not in text


@pytest.mark.parametrize("said", ["", "maybe", "open", "\0", "y" * 10_000])
def test_any_other_answer_is_refused(police, world, said):
    police.page(meeting_path(world))
    assert police.send(seat_path(world, "answer"), {"answer": said}).status_code == 422
    assert live_hold(world.police_seat).answer is InvitationAnswer.OPEN


def test_one_answer_counts_for_all_own_slots_of_the_meeting(care, world):
    care.page(meeting_path(world))
    for odd in ("", "x"):
        answer = care.send(f"{meeting_path(world)}/answer", {"answer": odd})
        assert answer.status_code == 422
    assert care.send(f"{meeting_path(world)}/answer", {"answer": "no"}).status_code == 303
    for seat in (world.care_seat, world.second_care_seat):
        assert live_hold(seat).answer is InvitationAnswer.NO
    assert live_hold(world.police_seat).answer is InvitationAnswer.OPEN


def test_after_the_meeting_nothing_is_answered_or_handed_over(police, world, deputy):
    change(Meeting, closed_at=clock.now())
    police.page("/my-meetings")
    assert police.send(seat_path(world, "answer"), {"answer": "yes"}).status_code == 422
    assert police.send(seat_path(world, "back")).status_code == 422
    handed = police.send(seat_path(world, "deputy"), {"deputy": str(deputy.id)})
    assert handed.status_code == 422
    assert live_hold(world.police_seat).person_id == world.police.id
