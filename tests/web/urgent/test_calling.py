"""The call sheet: whom to call in order, what came of it, and who takes the seat."""

import re

import pytest

from app.domain.kinds import (
    CallOutcome,
    InvitationAnswer,
    OrganisationKind,
    PresenceState,
    TableRoleName,
)
from app.infra import clock
from app.infra.outbox import OutboxRow
from app.models import Call, Exclusion, Meeting, Person, Seat, TableContact, TableRole
from tests import builders
from tests.seats import all_of, change, later, live_hold, recorded
from tests.statements import counted


@pytest.fixture
def world(app, frozen_clock):
    return builders.small_world(open_papers=True)


@pytest.fixture
def staff(client, world):
    return client.sign_in(world.coordinator.id)


def sheet(world) -> str:
    return f"/meetings/{world.meeting.id}/calls"


def listed(world, *who: Person | str) -> list[TableContact]:
    """Contacts of the police in this order: people, or desks by name."""
    return [
        builders.save(
            TableContact(
                table_id=world.table.id, organisation_id=world.police_organisation.id,
                position=position, phone=f"088-000000{position}",
                person_id=None if isinstance(one, str) else one.id,
                name=one if isinstance(one, str) else "",
            )
        )
        for position, one in enumerate(who, 1)
    ]  # fmt: skip


def press(staff, world, contact, pressed: str, *, seat=None, path: str = ""):
    key = f"person:{contact.id}" if isinstance(contact, Person) else f"contact:{contact.id}"
    seat = seat or world.police_seat
    return staff.send(
        sheet(world) + path, {"seat": str(seat.id), "contact": key, "pressed": pressed}
    )


def colleague(world) -> Person:
    builders.role(world.police_colleague, world.table, TableRoleName.REPRESENTATIVE)
    return world.police_colleague


def now_called(page) -> list[str]:
    return re.findall(r"(\S+ \S+) bel nu", page.text)


def test_after_no_answer_the_next_contact_is_called(staff, world):
    first, desk = listed(world, world.police, "Regionale meldkamer")
    page = staff.page(sheet(world))
    assert "tel:0880000001" in page.links
    assert now_called(page)[-1] == "A. Yilmaz"
    assert press(staff, world, first, "no-answer").headers["Location"].endswith(f"#s-{world.police_seat.id}")  # fmt: skip
    page = staff.page(sheet(world))
    assert now_called(page)[-1] == "Regionale meldkamer"
    assert "geen gehoor 10.00" in page.text
    press(staff, world, desk, "called")
    later(seconds=20)
    press(staff, world, desk, "no-answer")
    assert "Regionale meldkamer" not in now_called(staff.page(sheet(world)))
    # Tries are added, never changed, each with who noted it and a line in the log.
    outcomes = [one.outcome for one in all_of(Call)]
    assert sorted(outcomes) == sorted([CallOutcome.NO_ANSWER, CallOutcome.CALLED, CallOutcome.NO_ANSWER])  # fmt: skip
    assert {one.recorded_by_id for one in all_of(Call)} == {world.coordinator.id}
    assert recorded(world.coordinator, "call", "add") == 3


def test_without_a_list_the_representatives_are_called_by_name(staff, world):
    change(Person, Person.id == world.police.id, phone="06-11112222")
    other = colleague(world)
    page = staff.page(sheet(world))
    assert page.text.index(world.police.name) < page.text.index(other.name)
    assert "tel:0611112222" in page.links
    assert "geen nummer" in page.text
    press(staff, world, world.police, "coming")
    (call,) = all_of(Call)
    assert (call.contact_id, call.person_id) == (None, world.police.id)
    hold = live_hold(world.police_seat)
    assert hold.answer is InvitationAnswer.YES
    assert hold.answer_recorded_by_id == world.coordinator.id
    assert "komt 10.00" in staff.page(sheet(world)).text


def test_somebody_else_who_comes_is_offered_the_seat(staff, world):
    _first, second = listed(world, world.police, colleague(world))
    assert "Wijs aan als deelnemer" not in staff.page(sheet(world)).text
    press(staff, world, second, "coming")
    page = staff.page(sheet(world))
    assert "C. Jansen komt. Nu is A. Yilmaz deelnemer." in page.text
    assert live_hold(world.police_seat).person_id == world.police.id, "nothing moved yet"
    press(staff, world, second, "coming", path="/holder")
    hold = live_hold(world.police_seat)
    assert (hold.person_id, hold.answer) == (world.police_colleague.id, InvitationAnswer.YES)
    told = {row.person_id: row.available_at for row in all_of(OutboxRow, OutboxRow.kind == "calendar.sync")}  # fmt: skip
    assert told[world.police_colleague.id] == clock.now()
    assert world.police.id in told
    page = staff.page(sheet(world))
    assert "deelnemer: C. Jansen" in page.text
    assert "Wijs aan als deelnemer" not in page.text


def test_a_duty_desk_takes_part_by_telephone_and_nothing_opens(staff, world):
    (desk,) = listed(world, "Regionale meldkamer")
    seat = builders.seat(world.second_item, world.police_organisation, None)
    press(staff, world, desk, "not-alone", seat=seat)
    (stored,) = all_of(Seat, Seat.id == seat.id)
    assert (stored.presence, stored.is_alone) == (PresenceState.REMOTE, False)
    assert live_hold(seat) is None, "a name in the room only"
    assert [one.outcome for one in all_of(Call)] == [CallOutcome.BY_TELEPHONE]
    assert "neemt telefonisch deel 10.00" in staff.page(sheet(world)).text
    # The room does not wait for a sitter: it is known who speaks.
    staff.send(f"/meetings/{world.meeting.id}/start")
    staff.send(f"/items/{world.second_item.id}/open")
    # It has no place at the other case: it hangs up first.
    assert staff.send(f"/items/{world.item.id}/open").status_code == 422
    staff.send(f"/items/{world.second_item.id}/finish")
    staff.fill(f"/items/{world.second_item.id}/finished", {"left": f"seat:{seat.id}"})
    assert staff.send(f"/items/{world.item.id}/open").status_code == 303
    # Its name is in the room: on roll call and on the worksheet, without a screen.
    for path in ("opening", f"live?item={world.second_item.id}"):
        assert "Regionale meldkamer" in staff.page(f"/meetings/{world.meeting.id}/{path}").text
    # Where somebody holds the seat, who is on the telephone has another one: nothing opens for the
    # holder either, who is not there. Pressing again is the same place.
    for _ in range(2):
        press(staff, world, desk, "alone")
    (other,) = (
        one for one in all_of(Seat, Seat.item_id == world.item.id)
        if one.organisation_id == desk.organisation_id and one.id != world.police_seat.id
    )  # fmt: skip
    assert other.presence is PresenceState.REMOTE
    assert live_hold(other) is None
    assert all_of(Seat, Seat.id == world.police_seat.id)[0].presence is None
    assert live_hold(world.police_seat).person_id == world.police.id
    # Who has an account does so on the own screen.
    listed_police = listed(world, colleague(world))[0]
    press(staff, world, listed_police, "alone")
    assert len(all_of(Call)) == 3


def test_a_call_opens_no_papers_where_they_open_with_the_item(new_client, staff, world):
    change(Meeting, Meeting.id == world.meeting.id, opens_with_item=True)
    (desk,) = listed(world, "Regionale meldkamer")
    press(staff, world, desk, "alone")
    staff.send(f"/meetings/{world.meeting.id}/start")
    staff.send(f"/items/{world.item.id}/open")
    own, police = f"/my-meetings/{world.meeting.id}", new_client().sign_in(world.police.id)
    assert "Kanarieveiligheid" not in police.page(own).text, "its holder is not there"
    there = f"/meetings/{world.meeting.id}/seats/{world.police_seat.id}/presence"
    staff.send(there, {"presence": "present"})
    assert "Kanarieveiligheid" in police.page(own).text


def test_the_sheet_is_for_staff_who_may_see_the_case(new_client, staff, world):
    listed(world, world.police, "Regionale meldkamer")
    for who in (world.police, world.stranger, world.administrator):
        found = new_client().sign_in(who.id).get(sheet(world))
        assert found.status_code in {403, 404}, who.name
    for row, case in ((world.coordinator, world.case), (world.police, world.second_case)):
        builders.save(
            Exclusion(
                person_id=row.id, case_id=case.id, from_at=clock.now(), recorded_by_id=world.chair.id
            )
        )  # fmt: skip
    page = staff.page(sheet(world))
    assert "Regionale meldkamer" not in page.text, "no trace of the police at a case that bars"
    assert page.text.count("GGZ Delta") >= 1
    key = {"seat": str(world.police_seat.id), "contact": "person:x", "pressed": "called"}
    assert staff.send(sheet(world), key).status_code == 404
    assert world.case.reference not in page.title
    assert world.second_case.reference not in page.html


def test_what_was_never_on_the_sheet_is_not_noted(staff, world):
    (desk,) = listed(world, "Regionale meldkamer")
    elsewhere = builders.save(
        TableContact(
            table_id=world.other_table.id, organisation_id=world.police_organisation.id,
            position=1, name="Elders", phone="088-9",
        )
    )  # fmt: skip
    assert press(staff, world, elsewhere, "called").status_code == 404
    assert press(staff, world, desk, "odd").status_code == 422
    sent = {"seat": str(world.police_seat.id), "contact": f"contact:{desk.id}", "pressed": "called"}
    other = builders.meeting(world.table)
    assert staff.send(f"/meetings/{other.id}/calls", sent).status_code == 404
    assert press(staff, world, desk, "coming", path="/holder").status_code == 303
    assert not all_of(Call)
    assert live_hold(world.police_seat).person_id == world.police.id


def test_contacts_are_added_put_in_order_and_taken_off(staff, world):
    path = f"/tables/{world.table.id}/contacts"
    page = staff.page(path)
    assert "de vertegenwoordigers, op naam" in page.text
    police = world.police_organisation
    for fields in (
        {"who": f"person:{world.police.id}", "phone": "06-12345678"},
        {"who": f"desk:{police.id}", "name": "Meldkamer", "phone": "0900-8844"},
    ):
        assert staff.fill(path, fields, action="/contacts").status_code == 303
    for fields, words in (
        ({"who": f"desk:{police.id}", "phone": "0900-8844"}, "Vul dit veld in"),
        ({"who": f"desk:{police.id}", "name": "Balie"}, "Vul een telefoonnummer in"),
        ({"who": f"desk:{police.id}", "name": "Balie", "phone": "bel maar"}, "Schrijf een nummer"),
        ({"who": f"person:{world.police.id}", "phone": "06-1234"}, "bestaat al"),
    ):
        assert staff.fill(path, fields, action="/contacts").status_code == 422, fields
        assert words in staff.last.text
    first, desk = all_of(TableContact)
    if first.person_id is None:
        first, desk = desk, first
    staff.send(f"{path}/move", {"contact": str(desk.id), "direction": "up"})
    assert [one.id for one in sorted(all_of(TableContact), key=lambda row: row.position)] == [desk.id, first.id]  # fmt: skip
    press(staff, world, desk, "no-answer")
    staff.send(f"{path}/remove", {"contact": str(desk.id)})
    page = staff.page(sheet(world))
    assert "10.00 Meldkamer: geen gehoor" in page.text, "what was done stays known"
    assert "tel:09008844" not in page.links


def test_who_no_longer_speaks_for_the_organisation_is_not_called(staff, world):
    listed(world, world.police)
    other = colleague(world)
    change(TableRole, TableRole.person_id == world.police.id, until_at=clock.now())
    page = staff.page(sheet(world))
    assert "tel:0880000001" not in page.links
    assert other.name in now_called(page)[-1], "the list is empty: the representatives, by name"
    assert "wordt niet gebeld" in staff.page(f"/tables/{world.table.id}/contacts").text
    assert world.police.name not in staff.page(f"/urgent?table={world.table.id}").text


def test_the_sheet_costs_the_same_however_many_are_called(staff, world):
    staff.page(sheet(world))
    with counted() as few:
        staff.page(sheet(world))
    contacts = listed(world, world.police, "Meldkamer", "Balie", "Wijkteam")
    for contact in contacts:
        press(staff, world, contact, "no-answer")
    for number in range(4):
        of = builders.organisation(f"X{number}", name=f"Partner {number}")
        builders.covenant(of, world.table)
        builders.seat(world.item, of, builders.representative(of, world.table))
    staff.page(sheet(world))
    with counted() as many:
        page = staff.page(sheet(world))
    assert "Partner 3" in page.text
    assert len(few) == len(many) <= 10, "\n".join(many)


def test_every_meeting_ahead_has_a_sheet(staff, world):
    draft = builders.meeting(world.table)
    assert f"/meetings/{draft.id}/calls" in staff.page(f"/meetings/{draft.id}").links
    assert "Geef eerst organisaties deelname" in staff.page(f"/meetings/{draft.id}/calls").text


def test_numbers_are_for_the_staff_of_that_table(new_client, world):
    listed(world, "Regionale meldkamer")
    path = f"/tables/{world.table.id}/contacts"
    for who in (world.police, world.stranger, world.administrator):
        assert new_client().sign_in(who.id).get(path).status_code in {403, 404}
    assert world.police_organisation.kind is OrganisationKind.POLICE
