"""Writing down agreements and actions by the ordinary forms of the worksheet."""

import pytest

from app.domain.kinds import ActionState, PresenceState
from app.models import Action, Decision, DecisionAddressee, Seat
from tests.live import act_url, change, decide_url, every, live_url, new_action


def test_an_agreement_is_for_the_seats_present_unless_chosen(running, chair):
    change(Seat, running.police_seat.id, presence=PresenceState.REMOTE)
    change(Seat, running.care_seat.id, presence=PresenceState.ABSENT)
    answer = chair.fill(
        live_url(running, running.item), {"text": "Regie bij de gemeente"}, action="decisions"
    )
    assert answer.status_code == 303
    assert [one.seat_id for one in every(DecisionAddressee)] == [running.police_seat.id]
    chosen = {"text": "Voor zorg", "addressees": str(running.care_seat.id), "kind": "agreement"}
    assert chair.send(decide_url(running), chosen).status_code == 303
    assert {one.seat_id for one in every(DecisionAddressee)} == {
        running.police_seat.id,
        running.care_seat.id,
    }


def test_an_agreement_nobody_would_read_is_not_kept(running, chair):
    """Before the roll call nobody is there; a line asks for whom it is, a form says so."""
    form = {"text": "Voor niemand", "kind": "agreement"}
    refused = chair.send(decide_url(running), form)
    assert refused.status_code == 422
    assert "nog niemand als aanwezig genoteerd" in refused.text
    line = {"line": "/b Voor niemand", "seen": "/b Voor niemand"}
    url = decide_url(running).replace("decisions", "capture")
    asked = chair.send(url, line)
    assert asked.status_code == 422
    assert running.police.name in asked.text
    assert not every(Decision)
    chosen = line | {"owner": str(running.police_seat.id)}
    assert chair.send(url, chosen).status_code == 303
    (made,) = every(DecisionAddressee)
    assert made.seat_id == running.police_seat.id


def test_dissent_is_kept_with_the_agreement(running, chair):
    change(Seat, running.police_seat.id, presence=PresenceState.PRESENT)
    fields = {
        "text": "Zo doen we het",
        "dissent": "De zorg ziet het anders",
        "dissent_seat": str(running.care_seat.id),
    }
    chair.fill(live_url(running, running.item), fields, action="decisions")
    assert "De zorg ziet het anders" in chair.page(live_url(running, running.item)).text


def test_a_seat_of_another_item_is_no_addressee(running, chair):
    foreign = {"text": "x", "kind": "agreement", "addressees": str(running.second_care_seat.id)}
    assert chair.send(decide_url(running), foreign).status_code == 422
    assert not every(Decision)


def test_empty_and_huge_texts_are_refused_and_kept(running, chair):
    page = live_url(running, running.item)
    assert chair.fill(page, {"text": "  "}, action="decisions").status_code == 422
    answer = chair.fill(page, {"text": "a" * 1_000_000}, action="decisions")
    assert answer.status_code == 422
    assert "a" * 3000 in answer.text
    assert not every(Decision)


def test_sending_twice_makes_one_record(running, chair):
    change(Seat, running.police_seat.id, presence=PresenceState.PRESENT)
    form = chair.page(live_url(running, running.item)).form("decisions")
    data = form.filled({"text": "Een keer"})
    for _press in range(2):
        assert chair.send(decide_url(running), data).status_code == 303
    assert len(every(Decision)) == 1


def test_an_action_has_one_holder_two_texts_and_a_date(running, chair):
    page = live_url(running, running.item)
    assert chair.fill(page, new_action(running), action="actions").status_code == 303
    (one,) = every(Action)
    assert (one.organisation_id, one.person_id) == (
        running.police_organisation.id,
        running.police.id,
    )
    assert one.state is ActionState.OPEN
    text = chair.page(page).text
    assert "Bel terug" in text
    assert "03-07-2026" in text


@pytest.mark.parametrize(
    "wrong",
    [
        {"due_on": "01-01-2020"},
        {"due_on": "31-02-2027"},
        {"due_on": ""},
        {"safe": ""},
        {"holder": ""},
        {"full": "b" * 1_000_000},
    ],
)
def test_an_impossible_action_is_asked_again(running, chair, wrong):
    answer = chair.fill(
        live_url(running, running.item), new_action(running, **wrong), action="actions"
    )
    assert answer.status_code == 422
    assert "Er is een probleem" in answer.text
    assert "Bel" in answer.text
    assert not every(Action)


def test_a_holder_sits_at_the_item(running, chair):
    fields = new_action(running, holder=str(running.second_care_seat.id))
    assert chair.send(act_url(running), fields).status_code == 422
    assert not every(Action)
