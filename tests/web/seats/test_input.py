"""Giving input as a task, changing it, and deciding as a source who reads along."""

import uuid
from datetime import timedelta

import pytest

from app.domain.kinds import InputAnswer, OrganisationKind, Regime, TableRoleName
from app.infra import clock, crypto
from app.models import AgendaItem, Disclosure, Meeting, Seat, SeatProposal, Section
from tests import builders
from tests.seats import all_of, change, later, meeting_path, recorded, seat_path, stored


def test_the_task_opens_question_and_names_and_nothing_else(police, world, asked):
    change(Meeting, published_at=None)
    path = f"/my-input/{asked.id}"
    page = police.page(path)
    assert builders.QUESTION in page.text
    assert world.case.reference in page.text
    assert "Kanarie" not in page.html
    police.fill(path, action="/names/show", follow_redirects=True)
    page = police.page(path)
    assert "Kanarienaam" in page.text
    assert "Kanarieveiligheid" not in page.html
    assert recorded(world.police, "input", "reveal-identity") >= 1
    later(minutes=5)
    assert "Kanarienaam" not in police.page(path).html


@pytest.mark.parametrize("said", ["not-known", "nothing-particular", "spoken"])
def test_an_answer_without_text_closes_the_task(police, world, asked, said):
    before = len(all_of(Section))
    assert (
        police.fill(f"/my-input/{asked.id}", {"answer": said}, action=str(asked.id)).status_code
        == 303
    )
    assert stored(asked).answer is InputAnswer(said)
    assert len(all_of(Section)) == before
    police.page(f"/my-input/{asked.id}", status=404)


def test_text_becomes_a_section_of_the_own_organisation(police, care, world, asked):
    fields = {"answer": "text", "text": "Kanarie van de politie", "regime": "wpg"}
    assert police.fill(f"/my-input/{asked.id}", fields, action=str(asked.id)).status_code == 303
    section = all_of(Section, Section.id == stored(asked).section_id)[0]
    assert section.source_organisation_id == world.police_organisation.id
    assert section.regime is Regime.WPG
    assert b"Kanarie" not in section.text_ct
    assert "Kanarie van de politie" in police.page(meeting_path(world)).text
    assert "Kanarie van de politie" not in care.page(meeting_path(world)).html


def test_who_knows_the_case_best_becomes_a_proposed_seat(police, world, asked):
    fields = {"answer": "nothing-particular", "professional": "C. Wijkagent"}
    police.fill(f"/my-input/{asked.id}", fields, action=str(asked.id))
    proposed = all_of(Seat, Seat.is_proposed.is_(True))
    assert [one.organisation_id for one in proposed] == [world.police_organisation.id]
    (proposal,) = all_of(SeatProposal)
    name = crypto.Sealed(proposal.name_ct, f"seat:{proposed[0].id}:proposed")
    assert crypto.unseal(name) == "C. Wijkagent"
    assert "C. Wijkagent" not in police.page(meeting_path(world)).html


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Kies een van de mogelijkheden."),
        ({"answer": "text"}, "Schrijf op wat er bekend is, of kies een ander antwoord."),
        ({"answer": "text", "text": "x" * 1501}, "Gebruik hoogstens 1500 tekens."),
        ({"answer": "spoken", "professional": "x" * 121}, "Gebruik hoogstens 120 tekens."),
    ],
)
def test_what_is_wrong_is_said_and_kept(police, world, asked, fields, sentence):
    answer = police.fill(f"/my-input/{asked.id}", fields, action=str(asked.id))
    assert answer.status_code == 422
    assert sentence in police.last.text
    assert "Er is een probleem" in police.last.text
    assert fields.get("text", "") in answer.text
    assert stored(asked).answered_at is None


def test_a_request_is_answered_by_its_seat_only_and_in_time(care, police, world, asked):
    care.page(f"/my-input/{asked.id}", status=404)
    later(days=8)
    police.sign_in(world.police.id)
    police.page(f"/my-input/{asked.id}", status=404)


def given(world, asked, client, text="Eerste tekst") -> str:
    client.fill(f"/my-input/{asked.id}", {"answer": "text", "text": text}, action=str(asked.id))
    return f"/my-input/texts/{stored(asked).section_id}"


def test_own_input_may_be_changed_until_the_meeting_starts(police, world, asked):
    path = given(world, asked, police)
    assert path in police.page(meeting_path(world)).links
    assert police.fill(path, {"text": "Tweede tekst"}).status_code == 303
    assert "Tweede tekst" in police.page(meeting_path(world)).text
    change(Meeting, started_at=clock.now())
    assert path not in police.page(meeting_path(world)).links
    refused_as_discussed(police, world, path)


def refused_as_discussed(police, world, path) -> None:
    page = police.page(path)
    assert "ligt al op tafel" in page.text
    assert not [form for form in page.forms if "text" in form.names]
    version = all_of(Section, Section.id == uuid.UUID(path.rsplit("/", 1)[-1]))[0].version
    answer = police.send(path, {"text": "Derde tekst", "version": version})
    assert answer.status_code == 422
    assert "ligt al op tafel" in answer.text
    assert "Derde tekst" not in police.page(meeting_path(world)).html


def test_changing_what_others_read_shows_them_first_and_asks(police, world):
    shared = builders.section(
        world.case, world.types["input"], world.police_organisation, "Gedeeld"
    )
    builders.disclosure(world.care_seat, shared, world.coordinator)
    path = f"/my-input/texts/{shared.id}"
    assert world.care_organisation.name in police.page(path).text
    assert police.fill(path, {"text": "Voor wie?"}).status_code == 422
    assert "Gedeeld" in police.page(path).html, "nothing was saved"
    assert police.fill(path, {"text": "Voor wie?", "confirmed": "y"}).status_code == 303
    assert "Voor wie?" in police.page(path).html


@pytest.mark.parametrize("begun", ["started_at", "adopted_at"])
def test_input_that_staff_typed_stays_as_it_was_on_the_table(police, world, begun):
    typed = builders.section(
        world.case, world.types["input"], world.police_organisation, "Door een ander getypt"
    )
    path = f"/my-input/texts/{typed.id}"
    earlier = builders.published(world.table, starts_at=clock.now() - timedelta(days=7))
    change(Meeting, Meeting.id == earlier.id, **{begun: clock.now() - timedelta(days=7)})
    seat = builders.seat(builders.item(earlier, world.case), world.care_organisation, world.care)
    assert police.fill(path, {"text": "Verbeterd"}).status_code == 303, "on no table yet"
    given = builders.disclosure(seat, typed, world.coordinator)
    refused_as_discussed(police, world, path)
    change(
        Disclosure, Disclosure.id == given.id, withdrawn_at=earlier.starts_at - timedelta(days=1)
    )
    answer = police.fill(path, {"text": "Weer verbeterd"})
    assert answer.status_code == 303, "taken back before it began"


def test_the_next_occupant_is_asked_anew_and_a_deputy_takes_over(
    police, world, asked, deputy, new_client
):
    police.fill(seat_path(world, "deputy"), {"deputy": str(deputy.id)})
    builders.acceptance(deputy, world.meeting)
    builders.declaration(deputy, world.sections["identity"])
    theirs = new_client().sign_in(deputy.id)
    assert builders.QUESTION in theirs.page(f"/my-input/{asked.id}").text
    staff = new_client().sign_in(world.coordinator.id)
    staff.fill(f"/seats/{world.police_seat.id}/plan", {"occupant": str(world.police_colleague.id)})
    assert stored(asked).withdrawn_at is not None
    theirs.page(f"/my-input/{asked.id}", status=404)
    colleague = new_client().sign_in(world.police_colleague.id)
    colleague.page(f"/my-input/{asked.id}", status=404)
    staff.fill(f"/meetings/{world.meeting.id}/input", {"day": "8-6-2026", "at": "12.00"})
    assert stored(asked).withdrawn_at is None
    assert "blijft hier" in colleague.page(f"/my-input/{asked.id}").text


def test_an_answer_is_not_withdrawn_with_the_occupant(police, world, asked, new_client):
    given(world, asked, police)
    staff = new_client().sign_in(world.coordinator.id)
    staff.fill(f"/seats/{world.police_seat.id}/plan", {"occupant": str(world.police_colleague.id)})
    assert stored(asked).withdrawn_at is None


# Without a seat


def test_a_representative_without_a_seat_finds_the_own_input(world, police, deputy, new_client):
    typed = builders.section(
        world.case, world.types["input"], world.police_organisation, "Ons verslag"
    )
    theirs = new_client().sign_in(deputy.id)
    assert "/my-input" in theirs.page("/").links
    page = theirs.page("/my-input")
    assert world.case.reference in page.text
    assert "Ons verslag" not in page.html
    assert f"/my-input/texts/{typed.id}" in page.links
    assert "Ons verslag" in theirs.page(f"/my-input/texts/{typed.id}").text


def test_staff_elsewhere_find_it_too(world, staff):
    assert "/my-input" not in staff.page("/").links
    builders.role(world.coordinator, world.other_table, TableRoleName.REPRESENTATIVE)
    types = builders.scheme(world.other_table)
    builders.section(builders.case(world.other_table, world.host), types["input"], world.host)
    assert "/my-input" in staff.page("/").links


@pytest.mark.parametrize("who", ["police_colleague", "care", "deputy"])
def test_there_is_no_list_for_others_nor_without_input(world, deputy, new_client, who):
    visitor = deputy if who == "deputy" else getattr(world, who)
    if who != "deputy":
        builders.section(world.case, world.types["input"], world.police_organisation, "Ons")
    theirs = new_client().sign_in(visitor.id)
    assert "/my-input" not in theirs.page("/").links
    assert world.case.reference not in theirs.page("/my-input").html


def test_own_input_comes_in_pages_at_a_steady_cost(world, deputy, new_client, count_statements):
    theirs = new_client().sign_in(deputy.id)
    theirs.page("/my-input")
    for number in range(30):
        builders.section(
            world.case, world.types["input"], world.police_organisation, f"Tekst {number}"
        )
    with count_statements() as statements:
        first = theirs.page("/my-input")
    assert len(statements) <= 6
    assert sum("/my-input/texts/" in link for link in first.links) in (25, 50)
    assert "/my-input?page=2" in first.links
    for odd in ("0", "-1", "x", "9" * 22, "\0"):
        theirs.page(f"/my-input?page={odd}")


def test_what_one_is_kept_out_of_is_not_listed(world, deputy, new_client):
    builders.section(world.case, world.types["input"], world.police_organisation, "Ons verslag")
    builders.exclusion(deputy, world.case, world.coordinator)
    theirs = new_client().sign_in(deputy.id)
    assert "/my-input" not in theirs.page("/").links
    assert world.case.reference not in theirs.page("/my-input").html


def test_two_colleagues_see_each_others_text(police, world, asked, deputy, new_client):
    path = given(world, asked, police)
    page = police.page(path)
    other = new_client().sign_in(deputy.id)
    assert other.fill(path, {"text": "Van de collega"}).status_code == 303
    mine = page.form().filled({"text": "Van mij"})
    answer = police.send(path, mine)
    assert answer.status_code == 409
    assert "Van de collega" in answer.text
    assert "Van mij" in answer.text
    again = police.last.form()
    assert police.send(path, again.filled({})).status_code == 303
    assert "Van mij" in police.page(meeting_path(world)).text


def test_only_input_is_changed_here(police, care, world, asked):
    path = given(world, asked, police)
    care.page(path, status=404)
    for code in ("identity", "reason", "children"):
        police.page(f"/my-input/texts/{world.sections[code].id}", status=404)
    police.page(f"/my-input/texts/{world.sections['safety'].id}", status=403)


@pytest.fixture
def waiting(world):
    return builders.disclosure(world.police_seat, world.sections["health"], world.coordinator)


def test_the_source_opens_a_medical_section_on_a_ground(care, police, world, waiting):
    page = care.page("/my-disclosures")
    assert "Politie" in page.text
    assert "Kanariegezondheid" not in page.html
    path = f"/my-disclosures/{waiting.id}"
    without = care.send(path, {"decision": "allow"})
    assert without.status_code == 422
    assert "Kanariegezondheid" not in police.page(meeting_path(world)).html
    care.page("/my-disclosures")
    assert care.send(path, {"decision": "allow", "basis": "consent"}).status_code == 303
    assert "Kanariegezondheid" in police.page(meeting_path(world)).text
    kept = all_of(Disclosure, Disclosure.id == waiting.id)[0]
    assert (kept.source_basis, kept.source_decided_by_id) == ("consent", world.care.id)


def test_the_source_refuses(care, police, world, waiting):
    care.page("/my-disclosures")
    assert care.send(f"/my-disclosures/{waiting.id}", {"decision": "refuse"}).status_code == 303
    assert all_of(Disclosure, Disclosure.id == waiting.id)[0].withdrawn_at is not None
    assert "Kanariegezondheid" not in police.page(meeting_path(world)).html


def test_a_decision_that_is_none_is_refused(care, waiting):
    care.page("/my-disclosures")
    for odd in ("", "x", "\0"):
        answer = care.send(f"/my-disclosures/{waiting.id}", {"decision": odd})
        assert answer.status_code == 422
    assert all_of(Disclosure, Disclosure.id == waiting.id)[0].withdrawn_at is None


def test_another_organisation_decides_nothing(police, world, waiting):
    police.page("/my-disclosures")
    answer = police.send(f"/my-disclosures/{waiting.id}", {"decision": "allow"})
    assert answer.status_code == 404
    shelter = builders.organisation("OPV", OrganisationKind.SHELTER)
    assert shelter.id != world.care_organisation.id


@pytest.mark.parametrize(
    "ended",
    [
        lambda _: change(Meeting, cancelled_at=clock.now()),
        lambda _: change(Meeting, closes_at=clock.now()),
        lambda world: change(Seat, Seat.id == world.police_seat.id, removed_at=clock.now()),
        lambda world: change(
            AgendaItem, AgendaItem.id == world.police_seat.item_id, removed_at=clock.now()
        ),
    ],
    ids=["cancelled", "window over", "seat removed", "item removed"],
)
def test_nothing_is_asked_for_a_seat_that_cannot_come_to_read(care, world, waiting, ended):
    assert f"/my-disclosures/{waiting.id}" in care.page("/my-disclosures").html
    ended(world)
    assert f"/my-disclosures/{waiting.id}" not in care.page("/my-disclosures").html
    assert care.send(f"/my-disclosures/{waiting.id}", {"decision": "refuse"}).status_code == 404


def test_a_seat_only_staff_know_of_is_not_named_to_the_source(care, world, waiting):
    assert world.police_organisation.name in care.page("/my-disclosures").text
    change(Seat, Seat.id == world.police_seat.id, is_staff_only=True)
    assert world.police_organisation.name not in care.page("/my-disclosures").text
