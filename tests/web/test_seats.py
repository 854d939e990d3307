"""The own pages of a representative: what they show, what they refuse, and who gets no page."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.domain.kinds import HoldEnd, InputAnswer, InvitationAnswer, OrganisationKind, Regime
from app.infra import clock, crypto
from app.infra.db import reading, transaction
from app.infra.outbox import OutboxRow
from app.models import (
    Acceptance,
    AuditEvent,
    Disclosure,
    InputRequest,
    Meeting,
    Recusal,
    Seat,
    SeatHold,
    Section,
)
from tests import builders
from tests.crawler import without_tokens

UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def world(app):
    return builders.small_world(open_papers=True)


@pytest.fixture
def police(world, client):
    return client.sign_in(world.police.id)


@pytest.fixture
def care(world, new_client):
    return new_client().sign_in(world.care.id)


@pytest.fixture
def deputy(world):
    return builders.representative(world.police_organisation, world.table, "B. Vervanger")


def meeting_path(world) -> str:
    return f"/my-meetings/{world.meeting.id}"


def seat_path(world, act: str) -> str:
    return f"/my-seats/{world.police_seat.id}/{act}"


def change(model, *where, **values) -> None:
    with transaction() as session:
        session.execute(update(model).where(*where).values(**values))


def later(**step) -> None:
    clock._current.advance(timedelta(**step))


def all_of(model, *where) -> list:
    with reading() as session:
        return list(session.scalars(select(model).where(*where)))


def live_hold(seat) -> SeatHold | None:
    found = all_of(SeatHold, SeatHold.seat_id == seat.id, SeatHold.until_at.is_(None))
    return found[0] if found else None


def recorded(who, kind: str, event: str) -> int:
    return len(
        all_of(
            AuditEvent,
            AuditEvent.person_id == who.id,
            AuditEvent.object_kind == kind,
            AuditEvent.event == event,
        )
    )


def calendars(world) -> set[str]:
    return {row.payload for row in all_of(OutboxRow, OutboxRow.kind == "calendar.sync")}


# The own meeting


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
    assert len(few) <= 8
    assert len(many) <= 8


def test_names_show_after_a_recorded_act_for_five_minutes(care, world):
    builders.disclosure(world.care_seat, world.sections["identity"], world.coordinator)
    assert "Kanarienaam" not in care.page(meeting_path(world)).html
    care.fill(meeting_path(world), action="/names/show", follow_redirects=True)
    assert "Kanarienaam" in care.page(meeting_path(world)).html
    assert recorded(world.care, "meeting", "reveal-identity") == 1
    later(minutes=5)
    assert "Kanarienaam" not in care.page(meeting_path(world)).html


# Confidentiality


def forget_acceptance() -> None:
    with transaction() as session:
        for row in session.scalars(select(Acceptance)):
            session.delete(row)


def test_nothing_opens_before_one_accepts(care, world):
    forget_acceptance()
    page = care.page(meeting_path(world))
    assert "Wat hier besproken wordt, blijft hier." in page.text
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


def test_before_publication_there_is_no_text_to_accept(care, world):
    forget_acceptance()
    change(Meeting, published_at=None)
    page = care.page(meeting_path(world))
    assert "Kanarieaanleiding" not in page.html
    assert "nog niet opengesteld" in page.text
    assert care.send(f"{meeting_path(world)}/accept").status_code == 422
    assert not all_of(Acceptance)


# The invitation


@pytest.mark.parametrize("said", ["yes", "no"])
def test_an_answer_is_kept_and_recorded(police, world, said):
    police.page(meeting_path(world))
    assert police.send(seat_path(world, "answer"), {"answer": said}).status_code == 303
    assert live_hold(world.police_seat).answer == InvitationAnswer(said)
    assert recorded(world.police, "answer", "change") == 1


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


# Handing over


def test_the_rights_move_with_the_seat(police, world, deputy, new_client):
    answer = police.fill(seat_path(world, "deputy"), {"deputy": str(deputy.id)})
    assert answer.status_code == 303
    hold = live_hold(world.police_seat)
    assert (hold.person_id, hold.is_deputy) == (deputy.id, True)
    assert hold.answer is InvitationAnswer.OPEN
    ended = all_of(SeatHold, SeatHold.person_id == world.police.id)
    assert [one.ended for one in ended] == [HoldEnd.HANDED_OVER]
    police.page(meeting_path(world), status=404)
    assert "Kanarieaanleiding" not in police.page("/").html
    theirs = new_client().sign_in(deputy.id)
    assert "blijft hier" in theirs.page(meeting_path(world)).text, "accepts for oneself"
    theirs.fill(meeting_path(world), action="/accept")
    assert "Kanarieveiligheid" in theirs.page(meeting_path(world)).text
    asked = " ".join(calendars(world))
    assert str(world.police.id) in asked
    assert str(deputy.id) in asked
    assert recorded(world.police, "seat", "transfer") == 1


def test_the_seat_goes_back(police, world, deputy, new_client):
    police.fill(seat_path(world, "deputy"), {"deputy": str(deputy.id)})
    later(minutes=1)
    theirs = new_client().sign_in(deputy.id)
    theirs.page(meeting_path(world))
    assert theirs.send(seat_path(world, "back")).status_code == 303
    hold = live_hold(world.police_seat)
    assert (hold.person_id, hold.is_deputy) == (world.police.id, False)
    theirs.page(meeting_path(world), status=404)
    police.page(meeting_path(world))


def test_a_seat_given_back_twice_ends_where_it_began(police, world, deputy, new_client):
    third = builders.representative(world.police_organisation, world.table, "C. Derde")
    police.fill(seat_path(world, "deputy"), {"deputy": str(deputy.id)})
    later(minutes=1)
    second = new_client().sign_in(deputy.id)
    second.fill(seat_path(world, "deputy"), {"deputy": str(third.id)})
    later(minutes=1)
    last = new_client().sign_in(third.id)
    last.page(meeting_path(world))
    assert last.send(seat_path(world, "back")).status_code == 303
    assert live_hold(world.police_seat).person_id == deputy.id
    later(minutes=1)
    second.page(meeting_path(world))
    assert second.send(seat_path(world, "back")).status_code == 303
    hold = live_hold(world.police_seat)
    assert (hold.person_id, hold.is_deputy) == (world.police.id, False)
    last.page(meeting_path(world), status=404)


def test_only_a_deputy_gives_back(police, world):
    police.page(meeting_path(world))
    assert police.send(seat_path(world, "back")).status_code == 422


def test_a_seat_goes_to_a_colleague_who_may_sit_there(police, world, deputy):
    builders.exclusion(deputy, world.case, world.coordinator)
    page = police.page(seat_path(world, "deputy"))
    assert "B. Vervanger" not in page.text, "who is excluded is simply not listed"
    for other in (deputy, world.care, world.police, world.administrator):
        answer = police.send(seat_path(world, "deputy"), {"deputy": str(other.id)})
        assert answer.status_code == 422
    for odd in ("", "x", UNKNOWN, "\0"):
        assert police.send(seat_path(world, "deputy"), {"deputy": odd}).status_code == 422
    assert live_hold(world.police_seat).person_id == world.police.id


# Stepping back


def test_stepping_back_leaves_no_trace(care, world):
    page = care.page(f"/my-seats/{world.care_seat.id}/recuse")
    assert world.case.reference not in page.html
    care.fill(f"/my-seats/{world.care_seat.id}/recuse")
    assert [one.person_id for one in all_of(Recusal)] == [world.care.id]
    assert live_hold(world.care_seat) is None
    ended = all_of(SeatHold, SeatHold.seat_id == world.care_seat.id)
    assert [one.ended for one in ended] == [HoldEnd.RECUSED]
    for path in ("/", "/my-meetings", meeting_path(world), "/my-actions", "/my-disclosures"):
        html = care.page(path).html
        assert world.case.reference not in html
        assert "Kanarie" not in html
    assert care.get(f"/my-seats/{world.care_seat.id}/recuse").status_code == 404
    assert recorded(world.care, "recusal", "authorisation-change") == 1


def test_stepping_back_ends_the_seats_of_every_item_of_the_case(police, world):
    other = builders.published(world.table, starts_at=builders.MEETING_START + timedelta(days=14))
    again = builders.seat(builders.item(other, world.case), world.police_organisation, world.police)
    police.fill(seat_path(world, "recuse"))
    assert live_hold(again) is None
    police.page(f"/my-meetings/{other.id}", status=404)


# Who gets no page


def paths(world) -> list[str]:
    seat = f"/my-seats/{world.police_seat.id}"
    return [meeting_path(world), f"{seat}/deputy", f"{seat}/recuse"]


def posts(world) -> list[str]:
    own = meeting_path(world)
    return [
        f"{own}/accept",
        f"{own}/answer",
        *(seat_path(world, act) for act in ("answer", "back")),
    ]


@pytest.mark.parametrize("who", ["police_colleague", "chair", "stranger", "administrator"])
def test_others_get_what_a_missing_page_gives(client, world, who):
    client.sign_in(getattr(world, who).id)
    unknown = f"/my-meetings/{UNKNOWN}"
    missing = without_tokens(client.get(unknown).text).replace(unknown, "")
    for path in paths(world):
        answer = client.get(path)
        assert answer.status_code == 404
        assert without_tokens(answer.text).replace(path, "") == missing, path
    client.page("/")
    for path in posts(world):
        assert client.send(path, {"answer": "yes"}).status_code == 404, path


def test_a_former_holder_gets_nothing(police, world):
    change(SeatHold, SeatHold.seat_id == world.police_seat.id, until_at=clock.now())
    for path in paths(world):
        police.page(path, status=404)


def test_the_seat_of_another_is_not_mine(care, world):
    care.page("/")
    for act in ("answer", "back", "deputy", "recuse"):
        assert care.send(seat_path(world, act), {"answer": "no"}).status_code == 404


# Input


@pytest.fixture
def asked(world):
    return builders.input_request(world.police_seat, world.coordinator)


def stored(request) -> InputRequest:
    return all_of(InputRequest, InputRequest.id == request.id)[0]


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
    name = crypto.Sealed(proposed[0].proposed_name_ct, f"seat:{proposed[0].id}:proposed")
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
    assert police.fill(path, {"text": "Derde tekst"}).status_code == 422
    assert "Derde tekst" not in police.page(meeting_path(world)).html


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


# The source decides


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


# Taken down by telephone


@pytest.fixture
def staff(world, new_client):
    return new_client().sign_in(world.coordinator.id)


def test_staff_take_an_answer_down_and_its_owner_confirms(staff, police, world):
    path = f"/seats/{world.police_seat.id}/by-telephone"
    assert staff.fill(path).status_code == 422
    assert staff.fill(path, {"answer": "yes"}).status_code == 303
    hold = live_hold(world.police_seat)
    assert (hold.answer, hold.answer_recorded_by_id) == (
        InvitationAnswer.YES,
        world.coordinator.id,
    )
    assert "telefonisch voor u vastgelegd" in police.page(meeting_path(world)).text
    police.send(seat_path(world, "answer"), {"answer": "no"})
    hold = live_hold(world.police_seat)
    assert hold.answer is InvitationAnswer.NO
    assert hold.answer_confirmed_at is not None
    assert "telefonisch voor u vastgelegd" not in police.page(meeting_path(world)).text


def test_others_take_nothing_down(police, world, asked, new_client):
    stranger = new_client().sign_in(world.stranger.id)
    for visitor in (police, stranger):
        visitor.page(f"/seats/{world.police_seat.id}/by-telephone", status=404)
        visitor.page(f"/requests/{asked.id}/by-telephone", status=404)


def test_staff_take_input_down_and_its_owner_confirms(staff, police, world, asked):
    path = f"/requests/{asked.id}/by-telephone"
    assert staff.fill(path, {"answer": "text", "text": "Gezegd"}).status_code == 303
    kept = stored(asked)
    assert (kept.answered_by_id, kept.recorded_by_id) == (world.police.id, world.coordinator.id)
    confirm = f"/my-input/{asked.id}/said"
    assert confirm in police.page("/").links
    page = police.page(confirm)
    assert "Gezegd" in page.text
    assert police.fill(confirm, action="/right").status_code == 303
    assert stored(asked).confirmed_at is not None
    assert confirm not in police.page("/").links
    police.page(confirm, status=404)


def test_input_taken_down_wrongly_is_corrected(staff, police, world, asked):
    staff.fill(f"/requests/{asked.id}/by-telephone", {"answer": "not-known"})
    confirm = f"/my-input/{asked.id}/said"
    fields = {"answer": "text", "text": "Toch bekend"}
    assert police.fill(confirm, fields, action="/said").status_code == 303
    kept = stored(asked)
    assert kept.answer is InputAnswer.TEXT
    assert kept.confirmed_at is not None
    assert "Toch bekend" in police.page(meeting_path(world)).text


def test_what_was_said_for_another_is_not_mine(staff, care, world, asked):
    staff.fill(f"/requests/{asked.id}/by-telephone", {"answer": "not-known"})
    care.page(f"/my-input/{asked.id}/said", status=404)
    care.page("/")
    assert care.send(f"/my-input/{asked.id}/said/right").status_code == 404
