"""An urgent meeting from one form: everything stands at once, or nothing does."""

import re
from datetime import timedelta

import pytest

from app.domain.kinds import CaseState, DiscussionKind, OrganisationKind, TableRoleName
from app.infra import calendar_queue, clock, outbox
from app.infra.outbox import OutboxRow
from app.models import (
    AgendaItem,
    Case,
    CaseTable,
    Disclosure,
    Exclusion,
    Meeting,
    Seat,
    SeatHold,
    TableContact,
)
from tests import builders
from tests.seats import all_of, change

QUESTION = "Wat is er vannacht nodig?"


@pytest.fixture
def world(app, frozen_clock):
    return builders.small_world()


@pytest.fixture
def staff(client, world):
    return client.sign_in(world.coordinator.id)


def typed(world, **more) -> dict:
    partners = [str(world.police_organisation.id), str(world.care_organisation.id)]
    return {"question": QUESTION, "organisation": str(world.police_organisation.id),
            "partners": partners, **more}  # fmt: skip


def made(world) -> Meeting:
    (found,) = all_of(Meeting, Meeting.table_id == world.table.id, Meeting.id != world.meeting.id)
    return found


def seats_of(meeting) -> list[Seat]:
    (item,) = all_of(AgendaItem, AgendaItem.meeting_id == meeting.id)
    return all_of(Seat, Seat.item_id == item.id)


def test_the_form_asks_at_most_eight_things_and_knows_who_stands_in(staff, world):
    page = staff.page(f"/urgent?table={world.table.id}")
    form = page.form("/urgent")
    hidden = {"csrf_token", "submit_key", "shown"}
    assert len(form.names - hidden) <= 8, form.names
    ticked = {value for name, value in form.fields if name == "partners"}
    kinds = {OrganisationKind.POLICE, OrganisationKind.MENTAL_HEALTH, OrganisationKind.MUNICIPALITY}
    assert ticked == {str(one.id) for one in (world.host, world.police_organisation, world.care_organisation) if one.kind in kinds}  # fmt: skip
    assert "Aanleiding" in page.text, "the standard disclosures are on the form"
    assert world.case.reference not in page.title


def test_one_press_makes_a_new_case_a_meeting_and_its_invitations(staff, world, monkeypatch):
    monkeypatch.setattr(calendar_queue._Waiting, "delay", timedelta(seconds=30))
    answer = staff.fill(f"/urgent?table={world.table.id}", typed(world))
    meeting = made(world)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/meetings/{meeting.id}/calls"
    now = clock.now()
    assert (meeting.published_at, meeting.opens_at, meeting.starts_at) == (now, now, now)
    # Monday: closed at the end of Tuesday.
    assert (meeting.closes_at - now).days == 1
    (item,) = all_of(AgendaItem, AgendaItem.meeting_id == meeting.id)
    (case,) = all_of(Case, Case.id == item.case_id)
    assert (item.discussion, case.state) == (DiscussionKind.NEW, CaseState.ON_AGENDA)
    seats = seats_of(meeting)
    holders = {hold.person_id for seat in seats for hold in all_of(SeatHold, SeatHold.seat_id == seat.id)}  # fmt: skip
    assert holders == {world.police.id, world.care.id}
    assert all(seat.invited_at == now for seat in seats)
    due = {
        row.person_id: row.available_at
        for row in all_of(OutboxRow, OutboxRow.kind == "calendar.sync")
        if row.meeting_id == meeting.id
    }
    assert due[world.police.id] == due[world.care.id] == now, "at once, without the half minute"
    sheet = staff.page(f"/meetings/{meeting.id}/calls")
    assert "gaan nu meteen uit" in sheet.text
    assert case.reference not in sheet.title
    # Live mode is open: the meeting may begin at once.
    assert f"/meetings/{meeting.id}/live" in sheet.links
    assert f"/meetings/{meeting.id}/opening" in staff.page(f"/meetings/{meeting.id}/live").links
    assert staff.send(f"/meetings/{meeting.id}/start").status_code == 303


def test_the_invitation_is_in_the_post_at_once_and_says_nothing_of_the_case(staff, world, mails):
    staff.fill(f"/urgent?table={world.table.id}", typed(world))
    outbox.drain(most=100)
    (case,) = (one for one in all_of(Case) if one.id not in (world.case.id, world.second_case.id))
    for who in (world.police, world.care):
        sent = mails(recipient=who.email)
        assert [mail.calendar_method for mail in sent if mail.calendar] == ["REQUEST"]
        told = " ".join(f"{mail.subject} {mail.text} {mail.calendar}" for mail in sent)
        assert QUESTION not in told
        assert case.reference not in told


def test_an_existing_case_opens_what_the_table_gives_by_standard_and_no_more(staff, world):
    staff.fill(
        f"/urgent?table={world.table.id}",
        typed(world, case=world.case.reference.lower(), question="", organisation=""),
    )
    meeting = made(world)
    given = {
        (row.seat_id, row.section_id): row
        for seat in seats_of(meeting)
        for row in all_of(Disclosure, Disclosure.seat_id == seat.id)
    }
    by_organisation = {seat.id: seat.organisation_id for seat in seats_of(meeting)}
    names = {section.id: name for name, section in world.sections.items()}
    found = {(by_organisation[seat], names[section]) for seat, section in given}
    police, care = world.police_organisation.id, world.care_organisation.id
    assert found == {
        (police, "identity"), (police, "reason"), (police, "safety"),
        (care, "identity"), (care, "reason"), (care, "health"),
    }  # fmt: skip
    assert all(row.is_standard for row in given.values())
    assert all(row.source_decided_at is None for row in given.values())
    sheet = staff.page(f"/meetings/{meeting.id}/calls")
    assert "Blijft dicht tot de bron beslist" in sheet.text
    assert "Gezondheid voor GGZ Delta (bron: GGZ Delta)" in sheet.text
    # A standard that was not on the form is not given.
    staff.fill(
        f"/urgent?table={world.table.id}",
        typed(world, case=world.case.reference, shown=""),
    )
    assert len(all_of(Meeting, Meeting.table_id == world.table.id)) == 3
    assert len(all_of(Disclosure)) == len(given) + 3, "what small_world gave, and what was seen"


def test_what_is_refused_makes_nothing_and_keeps_what_was_typed(staff, world):
    address = f"/urgent?table={world.table.id}"
    for fields, words in (
        ({"case": "MDA-XXXXX"}, "geen casus met dit kenmerk"),
        ({"question": "  "}, "Vul dit veld in"),
        ({"organisation": ""}, "Vul dit veld in"),
        ({"partners": []}, "minstens één organisatie"),
        ({"starts": "clock"}, "Vul dit veld in"),
        ({"starts": "clock", "at": "9.00"}, "die nog moet komen"),
    ):
        answer = staff.fill(address, typed(world, **{"place": "Kamer 4", **fields}))
        assert answer.status_code == 422, fields
        assert words in staff.last.text, fields
        form = staff.last.form("/urgent")
        assert ("place", "Kamer 4") in form.fields
        if "question" not in fields:
            assert dict(form.fields)["question"].strip() == QUESTION
    assert not all_of(Meeting, Meeting.table_id == world.table.id, Meeting.id != world.meeting.id)
    assert len(all_of(Case)) == 2
    # The same form sent twice is one meeting.
    form = staff.page(address).form("/urgent")
    sent = form.filled(typed(world))
    first, again = (staff.send(address, sent) for _ in range(2))
    assert first.headers["Location"] == again.headers["Location"] == f"/meetings/{made(world).id}/calls"  # fmt: skip


def test_a_place_that_names_somebody_is_warned_of_as_when_planning(staff, world):
    warning = "De plaats of de link noemt misschien iets uit een casus."
    for place, is_warned in (("Bij mevrouw Wimpelman thuis", True), ("Kamer 4", False)):
        question = "Kan mevrouw Wimpelman veilig thuis blijven?"
        staff.fill(f"/urgent?table={world.table.id}", typed(world, place=place, question=question))
        assert (warning in staff.page("/").text) is is_warned


def test_a_link_a_clock_time_and_the_tables_own_way_to_open(staff, world):
    change(CaseTable, CaseTable.id == world.table.id, sections_open_with_item=True)
    staff.fill(
        f"/urgent?table={world.table.id}&kind=action",
        typed(world, starts="clock", at="21.30", place="https://overleg.example/kamer"),
    )
    meeting = made(world)
    assert (meeting.link, meeting.place) == ("https://overleg.example/kamer", "")
    assert meeting.opens_with_item
    assert meeting.starts_at.isoformat() == "2026-06-01T19:30:00+00:00"
    assert (meeting.ends_at - meeting.starts_at).total_seconds() == 30 * 60


def test_who_is_kept_out_is_not_offered_the_seat(staff, world):
    builders.role(world.police_colleague, world.table, TableRoleName.REPRESENTATIVE)
    for position, who in enumerate((world.police, world.police_colleague), 1):
        builders.save(
            TableContact(
                table_id=world.table.id, organisation_id=world.police_organisation.id,
                position=position, person_id=who.id, phone="06-12345678",
            )
        )  # fmt: skip
    builders.save(
        Exclusion(
            person_id=world.police.id, case_id=world.case.id, from_at=clock.now(),
            recorded_by_id=world.coordinator.id,
        )
    )  # fmt: skip
    staff.fill(f"/urgent?table={world.table.id}", typed(world, case=world.case.reference))
    meeting = made(world)
    (seat,) = (s for s in seats_of(meeting) if s.organisation_id == world.police_organisation.id)
    (hold,) = all_of(SeatHold, SeatHold.seat_id == seat.id)
    assert hold.person_id == world.police_colleague.id
    assert world.police.name not in staff.page(f"/meetings/{meeting.id}/calls").text


def test_only_staff_of_the_table_start_one(new_client, world):
    for who in (world.police, world.administrator):
        assert new_client().sign_in(who.id).get("/urgent").status_code in {403, 404}
    stranger = new_client().sign_in(world.stranger.id)
    assert stranger.get(f"/urgent?table={world.table.id}").status_code == 404
    page = stranger.page("/urgent")
    assert not re.search(str(world.table.id), page.html)
    assert world.case.reference not in page.html


def test_the_start_page_leads_there_in_one_tap(staff):
    assert "/urgent" in staff.page("/").links


def test_a_case_leads_there_with_its_number_filled_in(staff, world):
    (link,) = (one for one in staff.page(f"/cases/{world.case.id}").links if "/urgent" in one)
    assert world.case.reference not in link
    assert ("case", world.case.reference) in staff.page(link).form("/urgent").fields
