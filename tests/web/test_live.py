"""Holding a meeting on the working page: roll call, agreements, actions and the end of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.kinds import ActionState, CaseState, PresenceState, TaskKind
from app.infra import clock, crypto
from app.infra.crypto import Sealed
from app.infra.db import transaction
from app.models import (
    Action,
    AgendaItem,
    Bystander,
    Case,
    Decision,
    DecisionAddressee,
    Meeting,
    Seat,
    SeatHold,
)
from tests import builders
from tests.builders import QUESTION, World
from tests.seats import recorded


@pytest.fixture
def world(app) -> World:
    made = builders.small_world(open_papers=True)
    change(Case, made.case.id, state=CaseState.ON_AGENDA)
    change(Case, made.second_case.id, state=CaseState.ON_AGENDA)
    return made


@pytest.fixture
def running(world) -> World:
    change(Meeting, world.meeting.id, started_at=clock.now())
    return world


@pytest.fixture
def chair(running, client):
    return client.sign_in(running.chair.id)


def change(model, key, **values) -> None:
    with transaction() as session:
        row = session.get_one(model, key)
        for name, value in values.items():
            setattr(row, name, value)


def stored(model, key):
    with transaction() as session:
        return session.get_one(model, key)


def every(model) -> list:
    with transaction() as session:
        return list(session.scalars(select(model)))


def live_url(world: World, item=None) -> str:
    return f"/meetings/{world.meeting.id}/live" + (f"?item={item.id}" if item else "")


def decide_url(world: World) -> str:
    return f"/meetings/{world.meeting.id}/items/{world.item.id}/decisions"


def act_url(world: World) -> str:
    return f"/meetings/{world.meeting.id}/items/{world.item.id}/actions"


def text_of(decision: Decision) -> str:
    return crypto.unseal(Sealed(decision.text_ct, f"decision:{decision.id}:text"))


def test_a_meeting_starts_and_its_items_open_and_finish_one_at_a_time(world, client):
    client.sign_in(world.chair.id)
    assert client.fill(live_url(world), action="start").status_code == 303
    assert stored(Meeting, world.meeting.id).started_at is not None
    assert client.send(f"/meetings/{world.meeting.id}/start").status_code == 422
    assert client.send(f"/items/{world.item.id}/open").status_code == 303
    assert client.send(f"/items/{world.second_item.id}/open").status_code == 303
    assert stored(AgendaItem, world.item.id).closed_at is not None
    assert stored(Case, world.case.id).state is CaseState.DISCUSSED
    assert client.fill(live_url(world), action="finish").status_code == 303
    assert stored(Case, world.second_case.id).state is CaseState.DISCUSSED


def test_the_page_shows_question_and_sections_and_records_the_reading(running, chair):
    from app.models import AuditEvent

    text = chair.page(live_url(running, running.item)).text
    assert QUESTION in text
    assert "Kanarieveiligheid" in text
    assert "Kanarienaam" not in text
    read = {(row.object_kind, row.ground) for row in every(AuditEvent)}
    assert ("section", "staff") in read


def test_the_page_is_for_the_staff_of_the_table(running, new_client):
    for who in (running.stranger, running.police, running.administrator):
        visitor = new_client().sign_in(who.id)
        visitor.page(live_url(running), status=404)
        assert visitor.send(decide_url(running), {"text": "Nee"}).status_code == 404
        assert visitor.send(f"/items/{running.item.id}/open").status_code == 404
        assert visitor.send(f"/meetings/{running.meeting.id}/close").status_code == 404
    assert not every(Decision)


def test_barred_staff_see_a_closed_block_with_its_times(running, client):
    builders.exclusion(running.chair, running.case, running.coordinator)
    client.sign_in(running.chair.id)
    text = client.page(live_url(running)).text
    assert running.case.reference not in text
    assert "Gesloten blok" in text
    assert "Kanarie" not in text
    client.page(live_url(running, running.item), status=404)
    assert client.send(decide_url(running), {"text": "Nee"}).status_code == 404
    presence = f"/meetings/{running.meeting.id}/seats/{running.police_seat.id}/presence"
    assert client.send(presence, {"presence": "present"}).status_code == 404


@pytest.mark.parametrize("state", list(PresenceState))
def test_roll_call(running, chair, state):
    url = f"/meetings/{running.meeting.id}/seats/{running.police_seat.id}/presence"
    assert chair.send(url, {"presence": state.value}).status_code == 303
    assert stored(Seat, running.police_seat.id).presence is state
    assert chair.send(url, {"presence": "elsewhere"}).status_code == 422
    assert stored(Seat, running.police_seat.id).presence is state


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


def test_dissent_is_kept_with_the_agreement(running, chair):
    fields = {"text": "Zo doen we het", "dissent": "De zorg ziet het anders"}
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
    form = chair.page(live_url(running, running.item)).form("decisions")
    data = form.filled({"text": "Een keer"})
    for _press in range(2):
        assert chair.send(decide_url(running), data).status_code == 303
    assert len(every(Decision)) == 1


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


def test_removing_an_agreement_asks_for_what_was_seen(running, chair):
    one = builders.decision(running.item, running.chair, "Weg", to=[running.police_seat])
    url = f"/decisions/{one.id}/delete"
    assert chair.send(url, {"version": "7"}).status_code == 409
    assert stored(Decision, one.id).deleted_at is None
    assert chair.fill(live_url(running, running.item), action="delete").status_code == 303
    assert stored(Decision, one.id).deleted_at is not None
    assert "Weg" not in chair.page(live_url(running, running.item)).text


def new_action(running: World, **more: str) -> dict[str, str]:
    return {
        "safe": "Bel terug",
        "full": "Bel met de huisarts",
        "holder": str(running.police_seat.id),
        "due_on": "03-07-2026",
        **more,
    }


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


def test_closing_ends_the_items_and_sets_the_window(running, chair):
    chair.send(f"/items/{running.item.id}/open")
    before = stored(Meeting, running.meeting.id).closes_at
    assert chair.fill(live_url(running), action="close").status_code == 303
    meeting = stored(Meeting, running.meeting.id)
    assert meeting.closed_at == clock.now()
    assert meeting.closes_at != before
    assert meeting.closes_at > meeting.closed_at + timedelta(days=5)
    assert stored(AgendaItem, running.item.id).closed_at is not None
    assert stored(Case, running.case.id).state is CaseState.DISCUSSED
    assert chair.send(f"/meetings/{running.meeting.id}/close").status_code == 422
    assert chair.send(f"/items/{running.item.id}/open").status_code == 422


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


def test_who_is_there_without_a_seat_leaves_or_stays_with_a_reason(running, chair):
    sheet = f"/meetings/{running.meeting.id}/live?item={running.item.id}"
    chair.page(sheet)
    assert chair.fill(sheet, {"who": "M. Extern, GGD"}, action="/bystanders").status_code == 303
    page = chair.page(sheet)
    assert "M. Extern, GGD" in page.text
    assert recorded(running.chair, "bystander", "read") == 1
    assert "Begin met bespreken" not in page.text
    assert chair.send(f"/items/{running.item.id}/open").status_code == 422
    (one,) = every(Bystander)
    assert b"Extern" not in one.name_ct
    admit = f"/bystanders/{one.id}/admit"
    chair.page(admit)
    assert chair.send(admit, {"reason": " "}).status_code == 422
    assert chair.fill(admit, {"reason": "Loopt mee met toestemming"}).status_code == 303
    assert chair.send(admit, {"reason": "Nog eens"}).status_code == 422
    (one,) = every(Bystander)
    assert (one.is_admitted, one.settled_by_id) == (True, running.chair.id)
    assert chair.send(f"/items/{running.item.id}/open").status_code == 303
    assert "M. Extern" not in chair.page(sheet).text


def test_the_gate_stands_too_when_somebody_enters_while_an_item_is_open(running, chair):
    """Noted late, or seen at the roll call where nobody known sits."""
    sheet = live_url(running, running.item)
    builders.task(
        running.police_colleague, running.case, running.coordinator, kind=TaskKind.GUEST,
        item_id=running.item.id,
    )  # fmt: skip
    chair.send(f"/items/{running.item.id}/open")
    seen = chair.page(sheet).text
    assert f"Uitgenodigde gasten {running.police_colleague.name}" in seen
    assert "Onderbreek" not in seen, "who was invited is no stranger"
    chair.fill(sheet, {"who": "M. Extern"}, action="/bystanders")
    chair.page(sheet)
    said = {"text": "Zo doen wij het", "kind": "agreement"}
    assert "Onderbreek de bespreking" in chair.page(sheet).text
    answer = chair.send(decide_url(running), said)
    assert answer.status_code == 422
    assert "Zo doen wij het" in answer.text, "what was typed is kept"
    assert chair.send(act_url(running), new_action(running)).status_code == 422
    chair.fill(sheet, action="/left")
    assert chair.send(decide_url(running), said).status_code == 303
    url = f"/meetings/{running.meeting.id}/seats/{running.police_seat.id}/presence"
    chair.send(url, {"presence": "deputy"})
    assert "Plaats een vervanger" in chair.page(sheet).text
    assert chair.send(decide_url(running), said).status_code == 422
    holds = select(SeatHold).where(SeatHold.seat_id == running.police_seat.id)
    with transaction() as session:
        session.scalars(holds).one().is_deputy = True
    assert chair.send(decide_url(running), said).status_code == 303


def test_who_left_the_room_keeps_nobody_waiting(running, chair, new_client):
    sheet = f"/meetings/{running.meeting.id}/live?item={running.item.id}"
    one = builders.bystander(running.item, running.case, "M. Extern", running.chair)
    for who in (running.police, running.stranger):
        other = new_client().sign_in(who.id)
        other.page("/")
        assert other.send(f"/bystanders/{one.id}/left").status_code == 404
        assert other.send(f"/items/{running.item.id}/bystanders", {"who": "x"}).status_code == 404
    chair.fill(sheet, action="/left")
    assert [left.is_admitted for left in every(Bystander)] == [False]
    assert "Begin met bespreken" in chair.page(sheet).text


def test_the_number_of_statements_does_not_grow(running, chair, count_statements):
    page = live_url(running, running.item)
    chair.page(page)
    with count_statements() as small:
        chair.page(page)
    last = running.second_item
    for number in range(6):
        last = builders.item(
            running.meeting, builders.case(running.table, running.host), after=last
        )
        of = builders.organisation(f"X{number}")
        seat = builders.seat(running.item, of, builders.person(of))
        builders.decision(running.item, running.chair, f"D{number}", to=[seat])
        builders.action(running.item, of, None, running.chair, safe=f"A{number}")
    with count_statements() as large:
        chair.page(page)
    assert len(large) == len(small)
    assert len(large) <= 14
