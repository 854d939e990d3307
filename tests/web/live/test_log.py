"""The log of an item: notes kept shut, what is taken back and put back, two people at once."""

from datetime import timedelta

import pytest

from app.access import load_actor
from app.domain.kinds import ActionState
from app.features.live import recording
from app.infra import clock, wall
from app.infra.db import reading
from app.models import Action, ActionEvent, AgendaItem, Decision, Meeting, Note, OralMark
from tests import builders
from tests.live import change, every, live_url, stored
from tests.seats import recorded


@pytest.fixture
def staff(running):
    with wall.acting_as(running.chair.id), reading() as session:
        return load_actor(session, running.chair.id, now=clock.now())


def noted(running, staff, text: str, *seats) -> Note:
    new = recording.NewNote(text=text, reader_ids=tuple(seat.id for seat in seats))
    with wall.acting_as(running.chair.id):
        return stored(Note, recording.record_note(staff, running.item.id, new))


def test_a_note_for_fewer_than_all_stays_shut_and_unread_until_it_is_asked_for(
    running, staff, chair
):
    """Not opened and not in the access log: only whom it is for."""
    sheet = live_url(running, running.item)
    one = noted(running, staff, "Kanarienotitie", running.police_seat)
    text = chair.page(sheet).text
    assert "Kanarienotitie" not in text
    assert "Alleen voor voorzitter, procesregisseur en POL" in text
    assert recorded(running.chair, "note", "read") == 0
    shown = f"{sheet}&note={one.id}"
    assert "Kanarienotitie" in chair.page(shown).text
    assert recorded(running.chair, "note", "read") == 1
    noted(running, staff, "Voor allen gelezen", running.police_seat, running.care_seat)
    text = chair.page(sheet).text
    assert "Voor allen gelezen" in text
    assert "Kanarienotitie" not in text
    assert recorded(running.chair, "note", "read") == 2


def test_the_log_stands_in_the_order_of_writing_down(running, staff, chair, frozen_clock):
    builders.decision(running.item, running.chair, "Eerst dit", to=[running.police_seat])
    frozen_clock.advance(timedelta(minutes=1))
    with wall.acting_as(running.chair.id):
        mark = recording.NewOralMark(seat_id=running.police_seat.id)
        recording.record_oral_mark(staff, running.item.id, mark)
    frozen_clock.advance(timedelta(minutes=1))
    builders.action(
        running.item, running.police_organisation, running.police, running.chair, safe="Dan dat"
    )
    text = chair.page(live_url(running, running.item)).text
    places = [text.index(one) for one in ("Eerst dit", "POL gaf mondeling", "Dan dat")]
    assert places == sorted(places)
    assert "Opgeslagen om 10.02.00" in text


def test_what_is_taken_back_keeps_its_place_for_half_a_minute_and_can_be_put_back(
    running, staff, chair, new_client, frozen_clock
):
    """Decision, action, note and mark alike; a dropped action is open again, with its history."""
    sheet = live_url(running, running.item)
    decided = builders.decision(running.item, running.chair, "Terug?", to=[running.police_seat])
    action = builders.action(
        running.item, running.police_organisation, running.police, running.chair, safe="Ook terug"
    )
    note = noted(running, staff, "Weg en weer")
    with wall.acting_as(running.chair.id):
        mark = recording.NewOralMark(seat_id=running.police_seat.id)
        mark_id = recording.record_oral_mark(staff, running.item.id, mark)
    gone = (
        (f"/decisions/{decided.id}/delete", lambda: stored(Decision, decided.id).deleted_at),
        (f"/actions/{action.id}/drop", lambda: stored(Action, action.id).finished_at),
        (f"/notes/{note.id}/delete", lambda: stored(Note, note.id).deleted_at),
        (f"/oral-marks/{mark_id}/delete", lambda: stored(OralMark, mark_id).deleted_at),
    )
    for path, taken_back in gone:
        assert chair.fill(sheet, action=path).status_code == 303
        assert taken_back()
        page = chair.page(sheet)
        assert "Verwijderd." in page.text
        back = page.form("/restore")
        assert "Verwijderd." in chair.page(sheet).text, "whatever else is fetched meanwhile"
        assert chair.send(back.action, back.filled({})).status_code == 303
        assert not taken_back()
        assert "Verwijderd." not in chair.page(sheet).text
    note_gone = f"/notes/{note.id}/delete"
    chair.fill(sheet, action=note_gone)
    form = chair.page(sheet).form("/restore")
    other = new_client().sign_in(running.coordinator.id)
    other.page(sheet)
    again = {"version": str(stored(Note, note.id).version)}
    assert other.send(form.action, again).status_code == 303
    page = chair.page(sheet)
    assert "Verwijderd." not in page.text, "somebody else put it back"
    chair.fill(sheet, action=note_gone)
    frozen_clock.advance(timedelta(seconds=29))
    assert "Verwijderd." in chair.page(sheet).text
    frozen_clock.advance(timedelta(seconds=2))
    assert "Verwijderd." not in chair.page(sheet).text
    events = [one for one in every(ActionEvent) if one.action_id == action.id]
    in_time = [one.state for one in sorted(events, key=lambda one: one.at)]
    assert in_time.count(ActionState.LAPSED) == in_time.count(ActionState.OPEN) == 1
    assert stored(Action, action.id).state is ActionState.OPEN
    text = chair.page(sheet).text
    assert "Terug?" in text
    assert "Ook terug" in text
    assert "POL gaf mondeling toelichting" in text


def test_putting_back_is_for_staff_before_adoption_and_for_what_nobody_changed(
    running, staff, chair, new_client
):
    note = noted(running, staff, "Weg")
    restore = f"/notes/{note.id}/restore"
    assert chair.send(restore, {"version": "1"}).status_code == 404
    assert chair.send(f"/notes/{note.id}/delete", {"version": "9"}).status_code == 409
    chair.send(f"/notes/{note.id}/delete", {"version": "1"})
    assert chair.send(restore, {"version": "1"}).status_code == 409
    for who in (running.police, running.stranger):
        other = new_client().sign_in(who.id)
        other.page("/")
        assert other.send(restore, {"version": "2"}).status_code == 404
    change(Meeting, running.meeting.id, closed_at=clock.now(), adopted_at=clock.now())
    assert chair.send(restore, {"version": "2"}).status_code == 422
    assert stored(Note, note.id).deleted_at is not None


def test_what_a_decision_rests_on_is_not_taken_back_under_it(running, chair):
    mark = builders.save(
        OralMark(
            item_id=running.item.id, seat_id=running.police_seat.id, recorded_at=clock.now(),
            recorded_by_id=running.chair.id, agreed_at=clock.now(), agreed_by_id=running.police.id,
        )
    )  # fmt: skip
    one = builders.decision(
        running.item, running.chair, "Zo besloten", to=[running.police_seat], oral_mark_id=mark.id
    )
    chair.page(live_url(running, running.item))
    refused = chair.send(f"/oral-marks/{mark.id}/delete")
    assert refused.status_code == 422
    assert "Een afspraak steunt op deze mondelinge toelichting." in refused.text
    assert stored(OralMark, mark.id).deleted_at is None
    assert chair.send(f"/decisions/{one.id}/delete", {"version": "1"}).status_code == 303
    assert chair.send(f"/oral-marks/{mark.id}/delete").status_code == 303
    version = str(stored(Decision, one.id).version)
    restore = f"/decisions/{one.id}/restore"
    assert chair.send(restore, {"version": version}).status_code == 422
    assert chair.send(f"/oral-marks/{mark.id}/restore", {"version": "0"}).status_code == 303
    assert chair.send(restore, {"version": version}).status_code == 303


def test_two_who_change_a_note_see_both_versions_beside_each_other(running, staff, chair):
    note = noted(running, staff, "Eerste")
    url = f"/notes/{note.id}/edit"
    form = chair.page(url).form()
    assert chair.fill(url, {"text": "Hunne"}).status_code == 303
    answer = chair.send(url, form.filled({"text": "Mijne"}))
    assert answer.status_code == 409
    assert "Nu opgeslagen" in answer.text
    assert "Hunne" in answer.text
    assert "Mijne" in chair.last.form().filled({})["text"][0], "what was typed stays in the field"
    assert chair.fill(url, {"text": " "}).status_code == 422


def test_names_show_on_the_worksheet_until_the_item_closes(running, chair, frozen_clock):
    """One recorded act; the next turn of the item starts screened again."""
    sheet = live_url(running, running.item)
    show = f"/names/show?item={running.item.id}"
    assert "Toon namen" not in chair.page(sheet).text, "nothing is on the table"
    assert chair.send(show, {"next": sheet}).status_code == 422
    chair.send(f"/items/{running.item.id}/open")
    assert "Kanarienaam" not in chair.page(sheet).text
    assert chair.fill(sheet, action="/names/show").status_code == 303
    text = chair.page(sheet).text
    assert "Kanarienaam" in text
    assert "Namen zijn zichtbaar tot deze bespreking is afgerond." in text
    assert recorded(running.chair, "item", "reveal-identity") == 1
    frozen_clock.advance(timedelta(minutes=10))
    assert "Kanarienaam" in chair.page(sheet).text, "longer than five minutes, also on reload"
    assert "Kanarienaam" not in chair.page(live_url(running, running.second_item)).text
    chair.fill(sheet, action="/names/hide")
    assert "Kanarienaam" not in chair.page(sheet).text
    chair.fill(sheet, action="/names/show")
    chair.send(f"/items/{running.item.id}/finish")
    assert "Kanarienaam" not in chair.page(sheet).text
    frozen_clock.advance(timedelta(minutes=1))
    assert chair.send(f"/items/{running.item.id}/open").status_code == 303
    assert stored(AgendaItem, running.item.id).closed_at is None
    assert "Kanarienaam" not in chair.page(sheet).text


def test_who_may_not_hold_the_meeting_shows_no_names_of_it(running, chair, new_client):
    chair.send(f"/items/{running.item.id}/open")
    for who in (running.stranger, running.police):
        other = new_client().sign_in(who.id)
        other.page("/")
        assert other.send(f"/names/show?item={running.item.id}", {"next": "/"}).status_code == 404
