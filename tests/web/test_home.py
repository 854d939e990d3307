"""The start page of each role: what waits for this person, and nothing of anybody else."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from app.domain.kinds import InvitationAnswer, PowerfulChangeKind
from app.infra import clock, outbox
from app.infra.db import transaction
from app.models import Case, Covenant, Meeting, Person, PowerfulChange, SeatHold
from app.web import housekeeping
from tests import builders


@pytest.fixture
def world(app):
    return builders.small_world(open_papers=True)


@pytest.fixture
def police(world, client):
    return client.sign_in(world.police.id)


def change(model, *where, **values) -> None:
    with transaction() as session:
        session.execute(update(model).where(*where).values(**values))


def headings(page) -> list[str]:
    return [words for level, words in page.headings if level == "h2"]


def test_every_page_knows_when_the_session_ends_and_takes_its_content_away_then(police):
    bar = next(given for _tag, given in police.page("/").tags if "data-session" in given)
    assert bar["data-session"] == "900"
    assert "U bent uitgelogd" in police.page("/").html


def test_a_representative_sees_three_blocks_at_most(police, world):
    builders.input_request(world.police_seat, world.coordinator)
    builders.action(world.item, world.police_organisation, world.police, world.chair, safe="Bel")
    page = police.page("/")
    assert headings(page) == ["Uw volgende overleg", "Gevraagd aan u", "Uw acties"]
    assert f"/my-meetings/{world.meeting.id}" in page.links
    assert "Kanarie" not in page.html


def test_the_invitation_is_answered_on_the_start_page(police, world):
    answer = police.fill("/", action="/answer")
    assert answer.status_code == 303
    assert answer.location == "/"
    assert "beantwoord" in police.page("/").text


def test_an_empty_start_page_says_what_will_come(client, world):
    page = client.sign_in(world.police_colleague.id).page("/")
    assert "voor geen enkel komend overleg uitgenodigd" in page.text
    assert world.case.reference not in page.html
    assert str(world.meeting.id) not in page.html


def test_actions_show_their_neutral_text_and_what_is_late(police, world):
    builders.action(
        world.item, world.police_organisation, world.police, world.chair,
        safe="Neutraal", full="Kanarieactie", due_on=date(2026, 5, 1),
    )  # fmt: skip
    builders.action(world.item, world.care_organisation, world.care, world.chair, safe="Van GGZ")
    page = police.page("/")
    assert "Neutraal" in page.text
    assert "te laat" in page.text
    assert "Kanarieactie" not in page.html
    assert "Van GGZ" not in page.html


def test_who_lost_the_seat_or_was_barred_sees_no_trace(police, world, new_client):
    builders.input_request(world.police_seat, world.coordinator)
    builders.input_request(world.care_seat, world.coordinator)
    change(SeatHold, SeatHold.seat_id == world.police_seat.id, until_at=clock.now())
    builders.exclusion(world.care, world.case, world.coordinator)
    builders.action(world.item, world.care_organisation, world.care, world.chair, safe="Bel")
    care = new_client().sign_in(world.care.id)
    for visitor in (police, care):
        page = visitor.page("/")
        assert world.case.reference not in page.html
        assert "Gevraagd aan u" not in page.text
        assert "Uw acties" not in page.text


def test_the_statements_stay_within_the_budget(client, world, count_statements):
    client.sign_in(world.care.id)
    builders.input_request(world.care_seat, world.coordinator)
    builders.action(world.item, world.care_organisation, world.care, world.chair)
    client.page("/")
    with count_statements() as few:
        client.page("/")
    last = world.second_item
    for _ in range(6):
        case = builders.case(world.table, world.host)
        last = builders.item(world.meeting, case, after=last)
        seat = builders.seat(last, world.care_organisation, world.care)
        builders.input_request(seat, world.coordinator)
        for _ in range(3):
            builders.action(last, world.care_organisation, world.care, world.chair)
    with count_statements() as many:
        client.page("/")
    assert len(few) <= 8
    assert len(many) <= 8


@pytest.mark.parametrize("who", ["chair", "coordinator"])
def test_staff_see_their_meetings_and_what_is_late(client, world, who):
    builders.action(
        world.item, world.police_organisation, world.police, world.chair, due_on=date(2026, 5, 1)
    )
    page = client.sign_in(getattr(world, who).id).page("/")
    assert f"/meetings/{world.meeting.id}" in page.links
    assert "1 actie is te laat" in page.text
    assert "opengesteld" in page.text


def test_staff_with_a_seat_of_their_own_find_it_first(client, world):
    page = client.sign_in(world.chair.id).page("/")
    assert "als deelnemer" not in page.text
    builders.seat(world.item, world.host, world.chair)
    page = client.page("/")
    assert headings(page)[0] == "Uw volgende overleg als deelnemer"
    assert f"/my-meetings/{world.meeting.id}" in page.links


def test_staff_see_what_is_to_be_adopted(client, world):
    change(Meeting, Meeting.id == world.meeting.id, closed_at=clock.now())
    page = client.sign_in(world.chair.id).page("/")
    assert "Vast te stellen" in page.text
    change(Meeting, Meeting.id == world.meeting.id, adopted_at=clock.now())
    assert "Vast te stellen" not in client.page("/").text


def test_staff_of_another_table_see_nothing_of_this_one(client, world):
    builders.action(
        world.item, world.police_organisation, world.police, world.chair, due_on=date(2026, 5, 1)
    )
    page = client.sign_in(world.stranger.id).page("/")
    assert str(world.meeting.id) not in page.html
    assert "1 actie is te laat" not in page.text


def test_the_administrator_sees_counts_and_no_case(client, world):
    page = client.sign_in(world.administrator.id).page("/")
    assert world.case.reference not in page.html
    assert str(world.meeting.id) not in page.html
    assert "Kanarie" not in page.html


def waits(world, subject, at=None, *, minutes=0):
    builders.save(
        PowerfulChange(
            kind=PowerfulChangeKind.APPOINT_CHAIR if at else PowerfulChangeKind.CHANGE_EMAIL,
            subject_id=subject.id, table_id=at.id if at else None,
            requested_by_id=world.administrator.id,
            requested_at=clock.now() + timedelta(minutes=minutes),
        )
    )  # fmt: skip


def test_staff_read_per_coming_meeting_what_is_still_missing(client, world, count_statements):
    """One seat is empty, one refused, one unanswered and asked; one case has no question."""
    meeting = f"/meetings/{world.meeting.id}"
    change(Meeting, Meeting.id == world.meeting.id, published_at=None)
    change(Case, Case.id == world.second_case.id, question_ct=None)
    change(SeatHold, SeatHold.seat_id == world.care_seat.id, answer=InvitationAnswer.NO)
    change(SeatHold, SeatHold.seat_id == world.second_care_seat.id, answer=InvitationAnswer.YES)
    builders.seat(world.second_item, world.host)
    builders.input_request(world.police_seat, world.coordinator)
    page = client.sign_in(world.coordinator.id).page("/")
    said = [
        "1 casus zonder vraag", "2 deelnames open", "1 uitnodiging zonder antwoord",
        "1 inbreng nog niet gegeven", "stukken nog niet opengesteld",
    ]  # fmt: skip
    assert [one for one in said if one not in page.text] == []
    ways = ("participants", "invitations", "input", "publish")
    assert {f"{meeting}/{way}" for way in ways} <= set(page.links)
    builders.exclusion(world.coordinator, world.case, world.chair)
    text = client.page("/").text
    assert "1 deelname open" in text
    assert "zonder antwoord" not in text, "a barred case counts nowhere"
    builders.role(world.coordinator, world.table, "chair")
    with count_statements() as few:
        client.page("/")
    for _ in range(4):
        when = builders.meeting(world.table)
        for _ in range(3):
            builders.seat(builders.item(when, builders.case(world.table, world.host)), world.host)
    with count_statements() as many:
        client.page("/")
    assert len(few) == len(many) <= 8, "\n".join(many)


def test_a_meeting_that_misses_nothing_is_said_to_be_in_order(client, world):
    change(SeatHold, SeatHold.person_id.is_not(None), answer=InvitationAnswer.YES)
    assert "Alles is in orde." in client.sign_in(world.chair.id).page("/").text


def test_a_privacy_officer_finds_what_waits_for_confirmation(client, world, count_statements):
    change(Person, Person.id == world.police_colleague.id, is_privacy_officer=True)
    client.sign_in(world.police_colleague.id)
    page = client.page("/")
    assert headings(page)[0] == "Te bevestigen"
    assert "Er wacht niets op u." in page.text
    assert "Uw volgende overleg" not in headings(page), "nobody who confirms is waited for there"
    subjects = (world.police, world.care, world.stranger, world.coordinator)
    for minutes, who in enumerate(subjects):
        waits(world, who, minutes=minutes)
    builders.action(world.item, world.police_organisation, world.police_colleague, world.chair)
    page = client.page("/")
    assert headings(page)[0] == "Te bevestigen"
    assert "4 wijzigingen wachten op een tweede persoon" in page.text
    assert f"Ander e-mailadres om in te loggen: {world.police.name}" in page.text
    assert world.coordinator.name not in page.text
    assert "/changes" in " ".join(page.links)
    assert world.case.reference not in page.html
    with count_statements() as sent:
        client.page("/")
    assert len(sent) <= 8


def test_a_chair_finds_what_waits_at_the_own_table_only(client, world, count_statements):
    waits(world, world.police, world.table)
    waits(world, world.care, world.other_table)
    page = client.sign_in(world.chair.id).page("/")
    assert "1 wijziging wacht op een tweede persoon" in page.text
    assert f"Benoemen tot voorzitter: {world.police.name}" in page.text
    assert world.care.name not in page.text
    with count_statements() as sent:
        client.page("/")
    assert len(sent) <= 8
    assert "tweede persoon" not in client.sign_in(world.coordinator.id).page("/").text


def test_a_past_meeting_is_no_next_one(police, world):
    past = clock.now() - timedelta(days=2)
    change(Meeting, starts_at=past - timedelta(hours=2), ends_at=past)
    assert "voor geen enkel komend overleg uitgenodigd" in police.page("/").text


def test_the_page_of_keys_is_for_everybody(client, world):
    for who in (world.police, world.chair, world.administrator):
        page = client.sign_in(who.id).page("/keys")
        assert "Toetsen" in page.title


def test_who_keeps_covenants_is_warned_at_ninety_and_at_thirty_days_once(
    client, world, new_client, mails
):
    of = world.care_organisation
    ends = clock.now() + timedelta(days=91)
    mine = Covenant.organisation_id == of.id, Covenant.table_id == world.table.id
    change(Covenant, *mine, until_at=ends)
    coordinator = client.sign_in(world.coordinator.id)
    assert "Convenanten die aflopen" not in coordinator.page("/").text
    warned = (world.chair, world.coordinator, world.administrator)
    for moment, number in ((ends - timedelta(days=90), 1), (ends - timedelta(days=30), 2)):
        clock._current.moment = moment
        for _ in range(2):
            housekeeping.tidy()
            outbox.drain()
        letters = [mail for mail in mails() if "convenant" in mail.text]
        assert sorted({mail.to for mail in letters}) == sorted(one.email for one in warned)
        assert len(letters) == number * len(warned)
        assert not any(of.name in mail.text for mail in letters)
        for who in (world.coordinator, world.administrator):
            assert of.name in new_client().sign_in(who.id).page("/").text
        assert of.name not in new_client().sign_in(world.stranger.id).page("/").text
    builders.covenant(of, world.table, from_at=ends)
    assert of.name not in new_client().sign_in(world.administrator.id).page("/").text
