"""The opening: statement, roll call for all seats of one person, yes said aloud, what is missing."""

import itertools

import pytest
from sqlalchemy import delete, select

from app.access.meetings.quorum import lacks_role
from app.domain.kinds import InvitationAnswer, OrganisationKind, PresenceState, RequiredRole
from app.features.live.opening_page import read_opening
from app.infra import clock
from app.infra.db import transaction
from app.models import (
    Acceptance,
    AgendaItem,
    AuditEvent,
    Case,
    CaseTable,
    ConfidentialityText,
    Meeting,
    Seat,
    SeatHold,
    SpokenAcceptance,
    TableQuorum,
)
from tests import builders
from tests.live import change, every, live_url, stored
from tests.seats import actor_of
from tests.statements import counted


def url(world) -> str:
    return f"/meetings/{world.meeting.id}/opening"


@pytest.fixture
def leader(world, client):
    return client.sign_in(world.chair.id)


def call(visitor, world, seat, said):
    return visitor.send(f"{url(world)}/presence", {"seat": str(seat.id), "presence": said})


def require(world, *roles):
    builders.save_all(*(TableQuorum(table_id=world.table.id, role=role) for role in roles))


def test_one_press_notes_somebody_on_all_seats_and_leads_back_to_the_row(world, leader):
    answer = call(leader, world, world.care_seat, "remote-alone")
    assert answer.status_code == 303
    assert answer.location.endswith(f"#wie-{world.care_seat.id}")
    both = (world.care_seat, world.second_care_seat)
    for seat in both:
        assert stored(Seat, seat.id).presence is PresenceState.REMOTE
        assert stored(Seat, seat.id).is_alone is True
    assert stored(Seat, world.police_seat.id).presence is None
    call(leader, world, world.second_care_seat, "absent-notice")
    assert {stored(Seat, one.id).presence for one in both} == {PresenceState.ABSENT_NOTICE}
    assert {stored(Seat, one.id).is_alone for one in both} == {None}
    assert [row.object_kind for row in every(AuditEvent)].count("presence") == 4
    assert call(leader, world, world.care_seat, "elsewhere").status_code == 422


def test_who_was_seen_at_a_finished_item_stays_as_it_was(world, leader):
    call(leader, world, world.care_seat, "present")
    change(Meeting, world.meeting.id, started_at=clock.now())
    change(AgendaItem, world.item.id, opened_at=clock.now(), closed_at=clock.now())
    call(leader, world, world.care_seat, "absent")
    assert stored(Seat, world.care_seat.id).presence is PresenceState.PRESENT
    assert stored(Seat, world.second_care_seat.id).presence is PresenceState.ABSENT


def test_somebody_elsewhere_who_is_not_alone_is_a_warning_and_per_item_may_differ(world, leader):
    call(leader, world, world.care_seat, "remote-not-alone")
    text = leader.page(url(world)).text
    assert "Niet alleen in de ruimte: T. Mulder (GGZ)" in text
    assert "1 van 2 aanwezig" in text
    path = f"/meetings/{world.meeting.id}/seats/{world.care_seat.id}/presence"
    leader.send(path, {"presence": "present"})
    assert stored(Seat, world.care_seat.id).is_alone is None
    text = leader.page(url(world)).text
    assert "Niet alleen in de ruimte" not in text
    assert "verschilt per casus" in text


def test_the_rest_is_there_except_who_said_no_or_was_noted(world, leader):
    call(leader, world, world.care_seat, "absent")
    shelter = builders.organisation("OPV", OrganisationKind.SHELTER)
    empty = builders.seat(world.item, shelter, None)
    with transaction() as session:
        held = select(SeatHold).where(SeatHold.seat_id == world.police_seat.id)
        session.scalars(held).one().answer = InvitationAnswer.NO
    late = builders.seat(world.item, world.police_organisation, world.police_colleague)
    assert leader.fill(url(world), action="/everybody").status_code == 303
    assert stored(Seat, late.id).presence is PresenceState.PRESENT
    assert stored(Seat, world.police_seat.id).presence is None
    assert stored(Seat, empty.id).presence is None
    assert stored(Seat, world.care_seat.id).presence is PresenceState.ABSENT
    text = leader.page(url(world)).text
    assert "heeft zich afgemeld" in text
    assert "nog niemand aangewezen , Organisatie OPV" in text


def test_a_meeting_that_moves_is_called_anew(world, leader):
    call(leader, world, world.care_seat, "remote-not-alone")
    moved = {"day": "22-6-2026", "start": "13.00", "end": "15.00"}
    assert leader.fill(f"/meetings/{world.meeting.id}/times", moved).status_code == 303
    seat = stored(Seat, world.care_seat.id)
    assert (seat.presence, seat.is_alone) == (None, None)


def test_yes_said_aloud_counts_in_the_room_and_opens_nothing_on_an_account(
    world, leader, new_client
):
    with transaction() as session:
        session.execute(delete(Acceptance).where(Acceptance.person_id == world.care.id))
    change(CaseTable, world.table.id, confidentiality_version=3)
    call(leader, world, world.care_seat, "present")
    assert "akkoord geheimhouding 0 van 1" in leader.page(url(world)).text
    for _twice in range(2):
        aloud = {"person": str(world.care.id), "seat": str(world.care_seat.id)}
        assert leader.send(f"{url(world)}/aloud", aloud).status_code == 303
    (row,) = every(SpokenAcceptance)
    assert (row.person_id, row.recorded_by_id, row.text_version) == (
        world.care.id,
        world.chair.id,
        3,
    )
    text = leader.page(url(world)).text
    assert "akkoord geheimhouding 1 van 1" in text
    assert "akkoord op eigen account" in text
    assert not [one for one in every(Acceptance) if one.person_id == world.care.id]
    own = new_client().sign_in(world.care.id).page(f"/my-meetings/{world.meeting.id}")
    assert "Ik ga akkoord met de geheimhouding" in own.text
    assert "Kanarieaanleiding" not in own.html

    police = {"person": str(world.police.id), "seat": str(world.police_seat.id)}
    assert leader.send(f"{url(world)}/aloud", police).status_code == 303
    assert len(every(SpokenAcceptance)) == 1
    assert leader.fill(url(world), action="/aloud/withdraw").status_code == 303
    assert not every(SpokenAcceptance)


def test_the_statement_stands_there_with_its_version(world, leader):
    change(CaseTable, world.table.id, confidentiality_version=2)
    for version, text in ((1, "Vroeger"), (2, "Wat hier besproken wordt, blijft hier.")):
        builders.save(
            ConfidentialityText(
                table_id=world.table.id, version=version, text_nl=text, from_at=builders.LONG_AGO
            )
        )
    page = leader.page(url(world))
    assert "Versie 2, vanaf 01-01-2025" in page.text
    assert "Wat hier besproken wordt, blijft hier." in page.text
    assert "Vroeger" not in page.text


def test_who_read_other_words_is_asked_again_and_an_acceptance_counts_for_its_meeting(
    world, new_client
):
    with transaction() as session:
        session.execute(delete(Acceptance).where(Acceptance.person_id == world.police.id))
    own = f"/my-meetings/{world.meeting.id}"
    police = new_client().sign_in(world.police.id)
    page = police.page(own)
    assert "Versie 1 van deze tekst." in page.text
    form = page.form("/accept").filled({})
    change(CaseTable, world.table.id, confidentiality_nl="Nieuw.", confidentiality_version=2)

    answer = police.post(f"{own}/accept", data=form, headers={"Referer": police.base_url})
    assert answer.location == own
    page = police.page(own)
    assert "De tekst is intussen gewijzigd." in page.text
    assert "Versie 2 van deze tekst." in page.text
    assert "Kanarieveiligheid" not in page.html
    assert not [one for one in every(Acceptance) if one.person_id == world.police.id]

    police.fill(own, action="/accept")
    (row,) = [one for one in every(Acceptance) if one.person_id == world.police.id]
    assert (row.text_version, row.statement) == (2, "Nieuw.")
    change(CaseTable, world.table.id, confidentiality_nl="Nieuwer.", confidentiality_version=3)
    assert "Kanarieveiligheid" in police.page(own).text


def test_open_actions_of_earlier_meetings_show_their_neutral_text_only(world, leader):
    before = builders.item(builders.meeting(world.table), world.case)
    late = builders.action(
        before, world.care_organisation, world.care, world.chair,
        safe="Bel terug", full="Kanarieactie",
    )  # fmt: skip
    builders.action(
        world.item, world.care_organisation, world.care, world.chair, safe="Van vandaag"
    )
    page = leader.page(url(world))
    assert "Bel terug" in page.text
    assert "T. Mulder, GGZ" in page.text
    assert f"/actions/{late.id}" in page.links
    assert "Kanarie" not in page.html
    assert "Van vandaag" not in page.text


def test_a_required_role_is_missing_until_somebody_of_it_is_there(world, leader):
    require(world, RequiredRole.POLICE, RequiredRole.CARE, RequiredRole.VEILIG_THUIS)
    text = leader.page(url(world)).text
    assert f"{world.case.reference} : Veilig Thuis" in text
    assert f"{world.second_case.reference} : Veilig Thuis, politie" in text
    call(leader, world, world.care_seat, "absent")
    text = leader.page(url(world)).text
    assert f"{world.case.reference} : Veilig Thuis, zorg of hulp" in text


def test_who_is_missing_shows_days_before_to_staff_and_never_to_seats(world, leader, new_client):
    show = f"/meetings/{world.meeting.id}"
    with counted() as before:
        leader.page("/")
        leader.page(show)
    assert "ontbreekt wie er moet zijn" not in leader.page("/").text
    require(world, RequiredRole.POLICE, RequiredRole.VEILIG_THUIS)
    with counted() as after:
        home = leader.page("/").text
        prepared = leader.page(show).text
    assert len(after) == len(before)
    assert "bij 2 casussen ontbreekt wie er moet zijn" in home
    assert f"{world.case.reference} : Veilig Thuis" in prepared
    assert f"{world.second_case.reference} : Veilig Thuis, politie" in prepared
    assert "Veilig Thuis" in leader.page(f"{show}/publish").text

    helped = builders.organisation("VT", OrganisationKind.VEILIG_THUIS)
    builders.seat(world.second_item, helped, builders.person(helped))
    builders.seat(world.second_item, world.police_organisation, world.police)
    assert "bij 1 casus ontbreekt wie er moet zijn" in leader.page("/").text

    police = new_client().sign_in(world.police.id)
    for path in ("/", "/my-meetings", f"/my-meetings/{world.meeting.id}"):
        assert "ontbreekt" not in police.page(path).text


def test_sections_open_with_their_item_as_the_table_says_and_staff_choose_until_it_begins(
    world, leader, new_client
):
    change(CaseTable, world.table.id, sections_open_with_item=True)
    typed = {"table": str(world.table.id), "day": "20-7-2026", "start": "13.00", "end": "14.00"}
    leader.fill("/meetings/new", typed)
    (made,) = [one for one in every(Meeting) if one.id != world.meeting.id]
    assert made.opens_with_item
    assert not stored(Meeting, world.meeting.id).opens_with_item

    show, own = f"/meetings/{world.meeting.id}", f"/my-meetings/{world.meeting.id}"
    police = new_client().sign_in(world.police.id)
    assert "Kanarieveiligheid" in police.page(own).text
    assert leader.fill(show, action="/opens").status_code == 303
    assert stored(Meeting, world.meeting.id).opens_with_item
    assert "Kanarieveiligheid" not in police.page(own).text
    assert "vanaf de bespreking ervan" in leader.page(show).text
    police.send(f"{show}/opens", {"way": "papers"})
    call(leader, world, world.police_seat, "present")
    assert "Kanarieveiligheid" not in police.page(own).text
    leader.send(f"/meetings/{world.meeting.id}/start")
    leader.send(f"/items/{world.item.id}/open")
    assert "Kanarieveiligheid" in police.page(own).text
    leader.send(f"{show}/opens", {"way": "papers"})
    assert stored(Meeting, world.meeting.id).opens_with_item


def test_what_is_counted_as_missing_is_what_the_rule_says_of_every_seat(world):
    require(world, RequiredRole.POLICE)
    holds = [*({"answer": one} for one in InvitationAnswer), {"until_at": clock.now()}, None]
    seen = (None, PresenceState.PRESENT, PresenceState.DEPUTY, PresenceState.ABSENT)
    states = ({}, {"is_proposed": True}, {"removed_at": clock.now()})
    of = (world.police_organisation, world.care_organisation)
    with builders.together():
        for one, hold, presence, state in itertools.product(of, holds, seen, states):
            at = builders.item(world.meeting, builders.case(world.table, world.host))
            made = builders.seat(at, one, presence=presence, **state)
            if hold is not None:
                builders.hold(made, builders.person(one), **{"from_at": builders.LONG_AGO, **hold})
    counted_ids = select(AgendaItem.id).join(Meeting).join(Case, Case.id == AgendaItem.case_id)
    with transaction() as session:
        lacking = set(session.scalars(counted_ids.where(lacks_role(clock.now()))))
        everything = set(session.scalars(counted_ids))
    page = read_opening(actor_of(world.chair), world.meeting.id)
    ruled = {one.item_id for one in page.points if one.missing}
    assert len(everything) > 100
    assert lacking == ruled
    assert 5 < len(everything - lacking) < len(everything)


def test_the_meeting_starts_here_and_goes_on_to_the_worksheet(world, leader):
    answer = leader.fill(url(world), action="/start")
    assert answer.location == f"/meetings/{world.meeting.id}/live"
    assert "Naar het werkblad" in leader.page(url(world)).text
    change(Meeting, world.meeting.id, closed_at=clock.now())
    page = leader.page(url(world))
    assert "Dit overleg is gesloten." in page.text
    assert not any("/opening" in form.action for form in page.forms)
    assert call(leader, world, world.care_seat, "present").status_code == 422
    assert leader.send(f"{url(world)}/everybody").status_code == 422


def test_the_opening_is_for_the_staff_of_the_table_without_barred_cases(world, leader, new_client):
    for who in (world.stranger, world.police, world.administrator):
        visitor = new_client().sign_in(who.id)
        visitor.page(url(world), status=404)
        assert call(visitor, world, world.police_seat, "present").status_code == 404
        aloud = {"person": str(world.care.id), "seat": str(world.care_seat.id)}
        assert visitor.send(f"{url(world)}/aloud", aloud).status_code == 404
    builders.exclusion(world.chair, world.case, world.coordinator)
    page = leader.page(url(world))
    assert world.case.reference not in page.html
    assert "Gesloten blok" in page.text
    assert "A. Yilmaz" not in page.text
    assert call(leader, world, world.police_seat, "present").status_code == 404
    call(leader, world, world.second_care_seat, "present")
    assert stored(Seat, world.care_seat.id).presence is None


def test_the_worksheet_leads_here_and_says_who_is_missing_at_its_item(world, leader):
    live = live_url(world, world.second_item)
    assert url(world) in leader.page(live).links
    with counted() as before:
        leader.page(live)
    require(world, RequiredRole.POLICE)
    with counted() as after:
        text = leader.page(live).text
    assert "ontbreekt: politie" in text
    assert len(after) == len(before) <= 12
    assert "ontbreekt:" not in leader.page(live_url(world, world.item)).text


def test_the_opening_costs_at_most_twelve_statements_whatever_its_size(world, leader):
    require(world, RequiredRole.POLICE)
    leader.page(url(world))
    with counted() as few:
        leader.page(url(world))
    with builders.together():
        before = builders.item(builders.meeting(world.table), world.case)
        for number in range(6):
            of = builders.organisation(f"O{number}", OrganisationKind.OTHER)
            who = builders.person(of)
            builders.seat(world.item, of, who)
            builders.action(before, of, who, world.chair, safe=f"Actie {number}")
    with counted() as many:
        leader.page(url(world))
    assert len(many) <= len(few) + 1 <= 12, "\n".join(many)
