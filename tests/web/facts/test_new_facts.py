"""A new fact: whom to call first, told at once where there is danger, answered, and read back."""

from app.domain.kinds import CaseState, TaskKind
from app.infra import clock, outbox
from app.models import (
    AgendaItem,
    Case,
    CaseTable,
    Meeting,
    NewFact,
    Note,
    NoteReader,
    Seat,
    TableContact,
)
from tests import builders
from tests.seats import all_of, change, later, recorded

SEEN = {"what": "Kanariefeit op straat", "danger": "yes", "source": "own"}


def place(world, by="seat", of=None) -> str:
    return f"/my-facts/{by}/{of or world.police_seat.id}"


def told(client, world, **more) -> NewFact:
    client.page(place(world))
    assert client.fill(place(world), SEEN | more).status_code == 303
    return all_of(NewFact)[0]


def test_danger_is_told_at_once_and_again_until_staff_answer(police, staff, world, mails):
    change(CaseTable, CaseTable.id == world.table.id, host_organisation_id=world.host.id)
    builders.save(
        TableContact(
            table_id=world.table.id, organisation_id=world.host.id, person_id=None,
            name="Piket gemeente", phone="088-1234567", position=1,
        )
    )  # fmt: skip
    page = police.page(place(world))
    text = page.text
    assert text.index("Bel 112") < text.index("Piket gemeente") < text.index("Wat is er gebeurd?")
    assert f"Nieuw feit bij {world.case.reference}" in text
    fact = told(police, world)
    assert b"Kanariefeit" not in fact.what_ct
    while outbox.drain():
        pass
    for who in (world.chair, world.coordinator):
        (mail,) = mails(recipient=who.email)
        assert "dringend" in mail.subject
        assert "Kanariefeit" not in mail.text
        assert world.case.reference not in mail.text
    assert not mails(recipient=world.stranger.email)
    assert "nog niet gelezen" in police.page("/my-facts").text
    later(minutes=30)
    while outbox.drain():
        pass
    assert len(mails(recipient=world.chair.email)) == 2
    staff.sign_in(world.coordinator.id)
    police.sign_in(world.police.id)
    home = staff.page("/")
    assert "1 nieuw feit" in home.text
    assert "gevaar, wacht 30 min" in home.text
    assert "wacht 30 min" in staff.page(f"/cases/{world.case.id}").text
    assert "Kanariefeit" in staff.page(f"/facts/{fact.id}").text
    assert "gelezen op" in police.page("/my-facts").text
    assert staff.fill(f"/facts/{fact.id}", {"text": "Er rijdt een auto."}).status_code == 303
    while outbox.drain():
        pass
    (mail,) = mails(recipient=world.police.email)
    assert "beantwoord" in mail.subject
    mine = police.page("/my-facts").text
    assert "Er rijdt een auto." in mine
    assert "beantwoord op" in mine
    assert "nieuw feit om" not in staff.page("/").text
    assert recorded(world.coordinator, "new-fact", "read") >= 1


def test_staff_tell_named_seats_by_a_note_and_bring_the_case_forward(police, staff, world, mails):
    fact = told(police, world, danger="no", source="heard", heard_from="De buurvrouw")
    while outbox.drain():
        pass
    assert not mails(recipient=world.chair.email), "without danger nobody is woken"
    path = f"/facts/{fact.id}"
    assert "De buurvrouw" in staff.page(path).text
    assert staff.fill(path, {"seats": [str(world.care_seat.id)]}).status_code == 422
    answer = staff.fill(
        path, {"note": "Let op bij het bezoek.", "seats": [str(world.care_seat.id)]}
    )
    assert answer.status_code == 303
    (note,) = all_of(Note)
    assert [one.seat_id for one in all_of(NoteReader)] == [world.care_seat.id]
    assert (note.item_id, all_of(NewFact)[0].note_id) == (world.item.id, note.id)
    while outbox.drain():
        pass
    assert "nieuwe notitie" in mails(recipient=world.care.email)[0].text
    assert "Let op" not in mails(recipient=world.care.email)[0].text
    page = staff.page(path).text
    assert "Gelezen door: GGZ Delta." in page
    change(Seat, Seat.id == world.care_seat.id, is_staff_only=True)
    names = {"text": f"{world.care_organisation.name} vangt moeder op.", "note": ""}
    assert staff.fill(path, names).status_code == 422, "its reporter may not know who is there"
    wrong = {"item": str(world.second_item.id)}
    assert staff.send(f"{path}/forward", wrong).status_code == 422
    assert staff.fill(path, action="/forward").status_code == 303
    assert "Naar voren gehaald" in staff.page(path).text


def test_an_urgent_meeting_is_started_from_a_fact(police, staff, world, mails):
    fact = told(police, world)
    (link,) = [one for one in staff.page(f"/facts/{fact.id}").links if one.startswith("/urgent")]
    page = staff.page(link)
    assert world.case.reference in page.html
    change(Case, Case.id == world.case.id, state=CaseState.IN_PROGRESS)
    change(AgendaItem, AgendaItem.id == world.item.id, removed_at=clock.now())
    sent = {"partners": [str(world.police_organisation.id)]}
    assert staff.fill(link, sent, action="/urgent").status_code == 303
    (stored,) = all_of(NewFact)
    (urgent,) = all_of(Meeting, Meeting.id != world.meeting.id)
    assert stored.urgent_meeting_id == urgent.id
    assert stored.answered_at
    assert "Spoedoverleg van" in staff.page(f"/facts/{fact.id}").text
    later(minutes=31)
    while outbox.drain():
        pass
    urging = [one for one in mails(recipient=world.chair.email) if "dringend" in one.subject]
    assert not urging, "what was taken up before anybody was told is not told"


def test_action_holder_and_case_lead_report_too_and_nobody_else(new_client, world):
    action = builders.action(world.item, world.care_organisation, world.care, world.chair)
    lead = builders.task(
        world.police_colleague, world.case, world.coordinator, kind=TaskKind.CASE_LEAD
    )
    care, colleague = new_client().sign_in(world.care.id), new_client()
    colleague.sign_in(world.police_colleague.id)
    assert place(world, "action", action.id) in care.page(f"/my-actions/{action.id}").links
    assert care.fill(place(world, "action", action.id), SEEN).status_code == 303
    colleague.page(place(world, "task", lead.id), status=404)
    colleague.fill(f"/tasks/{lead.id}", action="/accept")
    assert place(world, "task", lead.id) in colleague.page(f"/tasks/{lead.id}").links
    assert colleague.fill(place(world, "task", lead.id), SEEN).status_code == 303
    for who in (world.coordinator, world.stranger, world.police_colleague):
        assert new_client().sign_in(who.id).get(place(world)).status_code == 404
    fact = all_of(NewFact)[0]
    for who in (world.police, world.stranger, world.administrator):
        assert new_client().sign_in(who.id).get(f"/facts/{fact.id}").status_code in {403, 404}
    # Where the case went, or that it is over, an action does not tell.
    over = {"state": CaseState.CLOSED, "closed_at": clock.now(), "table_id": world.other_table.id}
    # Its seat and its action are one line, while the seat shows which case that is.
    shown, seat = f"· {world.case.reference}", place(world, "seat", world.care_seat.id)
    assert seat in (mine := care.page("/my-facts")).links
    assert (mine.text.count("Geef door"), mine.text.count(shown)) == (2, 1)
    assert "uw actie:" in mine.text
    change(Meeting, Meeting.id == world.meeting.id, closes_at=clock.now())
    mine = care.page("/my-facts").text
    assert (mine.count("Geef door"), mine.count(shown)) == (3, 1)
    assert world.case.reference not in care.page(seat).html
    before = care.page(place(world, "action", action.id)).text
    change(Case, Case.id == world.case.id, **over)
    assert care.page(place(world, "action", action.id)).text == before
    assert world.other_table.name not in care.page("/my-facts").text
    assert care.fill(place(world, "action", action.id), SEEN).status_code == 303
    assert place(world, "action", action.id) in care.page(f"/my-actions/{action.id}").links


def test_who_is_barred_keeps_nothing_and_learns_nothing(police, staff, world, mails):
    fact = told(police, world)
    builders.exclusion(world.police, world.case, world.coordinator)
    page = police.page("/my-facts").text
    assert "Kanariefeit" not in page
    police.page(place(world), status=404)
    assert staff.fill(f"/facts/{fact.id}", {"text": "Dank u."}).status_code == 303
    while outbox.drain():
        pass
    assert not mails(recipient=world.police.email)


def test_a_moment_ahead_a_source_without_a_name_and_no_answer_are_refused(police, staff, world):
    ahead = {"day": "02-06-2026", "at": "09.00"}
    assert "al is geweest" in refused(police, place(world), SEEN | ahead)
    assert "Vul dit veld in" in refused(police, place(world), SEEN | {"source": "heard"})
    fact = told(police, world)
    assert staff.fill(f"/facts/{fact.id}", {}).status_code == 422


def refused(client, path, values) -> str:
    client.page(path)
    answer = client.fill(path, values)
    assert answer.status_code == 422
    return answer.get_data(as_text=True)


def test_the_lists_cost_the_same_however_much_was_reported(police, staff, world, count_statements):
    told(police, world)
    with count_statements() as few:
        staff.page("/facts")
    with count_statements() as own:
        police.page("/my-facts")
    for _ in range(3):
        told(police, world, danger="no")
    with count_statements() as many:
        staff.page("/facts")
    with count_statements() as mine:
        police.page("/my-facts")
    assert len(few) == len(many) <= 8
    assert len(own) == len(mine) <= 10
