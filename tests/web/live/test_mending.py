"""Changing and taking back what was recorded, until the minutes are adopted."""

from app.domain.kinds import ActionState
from app.infra import clock
from app.models import (
    Action,
    ActionDisclosure,
    ActionEvent,
    Decision,
    DecisionAddressee,
    Meeting,
    NoteReader,
    Seat,
)
from tests import builders
from tests.live import act_url, change, decide_url, every, live_url, new_action, stored, text_of


def test_a_stale_edit_shows_both_texts(running, chair):
    one = builders.decision(running.item, running.chair, "Eerste", to=[running.police_seat])
    url = f"/decisions/{one.id}/edit"
    form = chair.page(url).form()
    assert "Iemand anders was u voor" not in chair.last.text
    assert chair.fill(url, {"text": "Hunne"}).status_code == 303
    answer = chair.send(url, form.filled({"text": "Mijne"}))
    assert answer.status_code == 409
    assert "Hunne" in answer.text
    assert "Mijne" in answer.text
    again = chair.last.form()
    assert chair.send(url, again.filled({})).status_code == 303
    assert text_of(stored(Decision, one.id)) == "Mijne"


def test_whatever_was_said_of_an_agreement_can_be_mended(running, chair):
    police, care = running.police_seat, running.care_seat
    one = builders.decision(running.item, running.chair, "Zo", to=[police])
    url = f"/decisions/{one.id}/edit"
    assert chair.fill(url, {"dissent": "Nee"}).status_code == 422, "whose dissent?"
    mended = {
        "kind": "advice", "taken_by": str(police.id), "dissent": "Nee",
        "dissent_seat": str(care.id), "addressees": [str(care.id)],
    }  # fmt: skip
    form = chair.page(url).form().filled({}) | mended
    strange = form | {"addressees": [str(running.second_care_seat.id)]}
    assert chair.send(url, strange).status_code == 422
    assert chair.send(url, form).status_code == 303
    now = stored(Decision, one.id)
    assert (now.kind, now.taken_by_seat_id, now.dissent_seat_id) == ("advice", police.id, care.id)
    assert [each.seat_id for each in every(DecisionAddressee)] == [care.id]
    assert chair.fill(url, {"text": "Anders"}).status_code == 303
    assert stored(Decision, one.id).dissent_seat_id == care.id, "the form holds what stands"
    assert [each.seat_id for each in every(DecisionAddressee)] == [care.id]


def test_who_reads_a_note_can_be_mended(running, chair):
    one = builders.note(running.item, running.chair, to=[running.police_seat])
    url = f"/notes/{one.id}/edit"
    assert chair.fill(url, {"text": "Anders"}).status_code == 303
    assert [each.seat_id for each in every(NoteReader)] == [running.police_seat.id]
    form = chair.page(url).form().filled({})
    strange = form | {"readers": [str(running.second_care_seat.id)]}
    assert chair.send(url, strange).status_code == 422
    assert chair.send(url, form | {"readers": [str(running.care_seat.id)]}).status_code == 303
    assert [each.seat_id for each in every(NoteReader)] == [running.care_seat.id]


def test_mending_names_nobody_only_staff_may_know_of_either(running, chair):
    change(Seat, running.care_seat.id, is_staff_only=True)
    to = [running.police_seat]
    decided = builders.decision(running.item, running.chair, to=to)
    written = builders.note(running.item, running.chair, to=to)
    held = builders.action(running.item, running.police_organisation, running.police, running.chair)
    for url, field in (
        (f"/decisions/{decided.id}/edit", "text"),
        (f"/notes/{written.id}/edit", "text"),
        (f"/actions/{held.id}/words", "full"),
    ):
        assert chair.fill(url, {field: "Bel met GGZ Delta"}).status_code == 422, url
        assert chair.fill(url, {field: "Bel terug"}).status_code == 303, url


def test_removing_an_agreement_asks_for_what_was_seen(running, chair):
    one = builders.decision(running.item, running.chair, "Weg", to=[running.police_seat])
    url = f"/decisions/{one.id}/delete"
    assert chair.send(url, {"version": "7"}).status_code == 409
    assert stored(Decision, one.id).deleted_at is None
    assert chair.fill(live_url(running, running.item), action="delete").status_code == 303
    assert stored(Decision, one.id).deleted_at is not None
    assert "Weg" not in chair.page(live_url(running, running.item)).text


def test_an_action_is_mended_and_dropped(running, chair):
    one = builders.action(
        running.item, running.police_organisation, running.police, running.chair, safe="Oud"
    )
    url = f"/actions/{one.id}/words"
    form = chair.page(url).form()
    assert chair.fill(url, {"safe": "Hunne"}).status_code == 303
    answer = chair.send(url, form.filled({"safe": "Mijne"}))
    assert answer.status_code == 409
    assert "Hunne" in answer.text
    assert "Mijne" in answer.text
    assert chair.fill(url, {"due_on": "01-01-2020"}).status_code == 422
    assert chair.send(f"/actions/{one.id}/drop", {"version": "1"}).status_code == 409
    assert chair.fill(live_url(running, running.item), action="drop").status_code == 303
    assert stored(Action, one.id).state is ActionState.LAPSED


def test_an_action_taken_back_was_never_agreed(running, chair, new_client):
    kept, gone = (
        builders.action(
            running.item, running.police_organisation, running.police, running.chair, safe=words
        )
        for words in ("Blijft", "Vergissing")
    )
    assert chair.send(f"/actions/{gone.id}/drop", {"version": "1"}).status_code == 303
    change(Meeting, running.meeting.id, closed_at=clock.now())
    minutes = f"/meetings/{running.meeting.id}/minutes"
    extract = f"/my-meetings/{running.meeting.id}/extract"
    police = new_client().sign_in(running.police.id)
    assert "Blijft" in police.page(extract).text
    assert "Vergissing" not in police.page(extract).text
    assert "Vergissing" not in chair.page(f"{minutes}/{running.police_seat.id}").text
    version = str(stored(Action, gone.id).version)
    assert chair.send(f"/actions/{gone.id}/restore", {"version": version}).status_code == 303
    assert "Vergissing" in police.page(extract).text
    assert stored(Action, kept.id).taken_back_at is None


def test_an_action_goes_to_another_seat_at_the_item(running, chair):
    one = builders.action(
        running.item, running.police_organisation, running.police, running.chair, full="Vol"
    )
    builders.action_disclosure(one, running.police, running.chair)
    url = f"/actions/{one.id}/words"
    assert chair.fill(url, {"safe": "Zelfde houder"}).status_code == 303
    assert not [each for each in every(ActionEvent) if each.new_person_id]
    assert chair.fill(url, {"holder": str(running.care_seat.id)}).status_code == 303
    moved = stored(Action, one.id)
    assert (moved.organisation_id, moved.person_id) == (
        running.care_organisation.id,
        running.care.id,
    )
    assert [each.new_person_id for each in every(ActionEvent)] == [running.care.id]
    assert every(ActionDisclosure)[0].withdrawn_at is not None
    form = chair.page(url).form()
    answer = chair.send(url, form.filled({}) | {"holder": str(running.second_care_seat.id)})
    assert answer.status_code == 422


def test_after_adopting_nothing_is_added_or_mended(running, chair):
    one = builders.decision(running.item, running.chair, "Vast", to=[running.police_seat])
    change(Meeting, running.meeting.id, closed_at=clock.now(), adopted_at=clock.now())
    chair.page(live_url(running, running.item))
    assert (
        chair.send(decide_url(running), {"text": "Te laat", "kind": "agreement"}).status_code == 422
    )
    assert chair.send(act_url(running), new_action(running)).status_code == 422
    assert chair.send(f"/decisions/{one.id}/delete", {"version": "1"}).status_code == 422
    assert len(every(Decision)) == 1
