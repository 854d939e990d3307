"""The end of a discussion: the room is dark first, then who leaves, and only then the next."""

from datetime import timedelta

import pytest

from app.domain.kinds import CallOutcome, PresenceState, TaskKind
from app.infra import clock
from app.models import AgendaItem, Bystander, Call, ItemOutcome, RoomScreen, Seat
from tests import builders
from tests.live import change, every, live_url, stored
from tests.seats import recorded


@pytest.fixture
def discussed(running, chair):
    """Police and care are there; only care has a seat at the second item."""
    for seat in (running.police_seat, running.care_seat):
        change(Seat, seat.id, presence=PresenceState.PRESENT)
    chair.send(f"/items/{running.item.id}/open")
    return running


def test_finishing_darkens_the_room_asks_who_leaves_and_opens_nothing(discussed, chair):
    assert not stored(RoomScreen, discussed.meeting.id).is_blank
    answer = chair.fill(live_url(discussed), action="finish")
    assert answer.location.endswith(f"/items/{discussed.item.id}/finished")
    assert stored(RoomScreen, discussed.meeting.id).is_blank
    assert stored(AgendaItem, discussed.second_item.id).opened_at is None
    page = chair.page(f"/items/{discussed.item.id}/finished")
    assert "Wie verlaat het overleg?" in page.text
    assert discussed.police.name in page.text
    assert discussed.care.name not in page.text
    assert "Begin met bespreken" not in page.text
    asked_first = chair.send(f"/items/{discussed.second_item.id}/open")
    assert asked_first.location.endswith(f"/items/{discussed.item.id}/finished")
    answer = chair.fill(
        f"/items/{discussed.item.id}/finished",
        {"left": f"person:{discussed.police.id}", "outcome": "plan-agreed"},
    )
    (outcome,) = every(ItemOutcome)
    assert (outcome.item_id, outcome.code) == (discussed.item.id, "plan-agreed")
    assert "Plan in hoofdlijnen afgesproken" in chair.page(f"/cases/{discussed.case.id}").text
    later = f"/items/{discussed.item.id}/outcome"
    assert chair.fill(later, {"outcome": "follow-up"}).status_code == 303
    stands = {one.code for one in every(ItemOutcome) if one.taken_back_at is None}
    assert stands == {"follow-up"}
    chair.page(f"/items/{discussed.second_item.id}/outcome", status=404)
    assert answer.location.endswith(f"item={discussed.second_item.id}")
    assert not every(Bystander)
    assert "Begin met bespreken" in chair.page(live_url(discussed, discussed.second_item)).text
    assert stored(AgendaItem, discussed.second_item.id).opened_at is None
    assert chair.send(f"/items/{discussed.second_item.id}/open").status_code == 303


def test_who_stays_waits_at_the_gate_of_the_next(discussed, chair):
    let_in = builders.bystander(discussed.item, discussed.case, "M. Extern", discussed.chair)
    chair.page(f"/bystanders/{let_in.id}/admit")
    chair.fill(f"/bystanders/{let_in.id}/admit", {"reason": "Mag mee"})
    builders.task(
        discussed.police_colleague, discussed.case, discussed.coordinator, kind=TaskKind.GUEST,
        item_id=discussed.item.id,
    )  # fmt: skip
    chair.fill(live_url(discussed), action="finish")
    path = f"/items/{discussed.item.id}/finished"
    text = chair.page(path).text
    assert "M. Extern" in text
    assert discussed.police_colleague.name in text
    assert recorded(discussed.chair, "bystander", "read") >= 1
    gone = {"left": f"bystander:{let_in.id}", "returns": "y"}
    assert chair.fill(path, gone).status_code == 303
    assert stored(AgendaItem, discussed.item.id).returns
    sheet = chair.page(live_url(discussed, discussed.second_item)).text
    assert "Begin met bespreken" not in sheet
    assert discussed.police.name in sheet
    assert discussed.police_colleague.name in sheet
    assert "M. Extern" not in sheet
    chair.fill(path, {"returns": ""})
    assert len(every(Bystander)) == 3, "who was asked once is not noted twice"
    assert chair.send(f"/items/{discussed.second_item.id}/open").status_code == 422


def leavers(item) -> str:
    return f"/items/{item.id}/leavers"


def test_who_was_seen_and_has_no_place_is_asked_to_leave_before_the_first_case(discussed, chair):
    """A school at the second case alone sits in the room when the first begins."""
    school = builders.organisation("JGZ", builders.OrganisationKind.EDUCATION_HEALTH)
    nurse = builders.person(school, "N. Verpleegkundige")
    seat = builders.seat(discussed.second_item, school, nurse)
    change(Seat, seat.id, presence=PresenceState.PRESENT)
    change(AgendaItem, discussed.item.id, opened_at=None)
    first, second = leavers(discussed.item), leavers(discussed.second_item)
    assert chair.send(f"/items/{discussed.item.id}/open").location.endswith(first)
    page = chair.page(first)
    assert nurse.name in page.text
    assert discussed.police.name not in page.text
    assert "keert terug" not in page.text
    assert chair.fill(first, {"left": f"person:{nurse.id}"}).location.endswith(
        live_url(discussed, discussed.item)
    )
    assert chair.send(f"/items/{discussed.item.id}/open").location.endswith(
        live_url(discussed, discussed.item)
    )
    chair.page(second)
    assert chair.send(second).status_code == 422, "nobody can have left yet"
    assert stored(Seat, seat.id).left_at is not None
    chair.fill(live_url(discussed), action="finish")
    path = f"/items/{discussed.item.id}/finished"
    assert nurse.name not in chair.page(path).text
    chair.fill(path, {"left": f"person:{discussed.police.id}"})
    chair.send(f"/items/{discussed.second_item.id}/open")
    assert stored(Seat, seat.id).left_at is None, "who sits at the case that begins is back"


def test_an_item_out_of_order_asks_anew_who_leaves(discussed, chair):
    """Said before the second case, it says nothing of a third."""
    third = builders.item(
        discussed.meeting, builders.case(discussed.table, discussed.host), position=9
    )
    chair.fill(live_url(discussed), action="finish")
    stays = f"/items/{discussed.item.id}/finished"
    chair.fill(stays, {"left": ""})
    assert len(every(Bystander)) == 1
    assert chair.send(f"/items/{third.id}/open").location.endswith(leavers(third))
    text = chair.page(leavers(third)).text
    assert discussed.police.name in text
    assert discussed.care.name in text
    both = [f"person:{one.id}" for one in (discussed.police, discussed.care)]
    chair.fill(leavers(third), {"left": both})
    assert chair.send(f"/items/{third.id}/open").location.endswith(live_url(discussed, third))


def test_who_takes_part_by_telephone_is_asked_to_leave_too(discussed, chair):
    desk = builders.contact(
        discussed.table, discussed.police_organisation, name="Piketdienst", phone="030 1234567"
    )
    line = builders.seat(discussed.item, discussed.police_organisation, None)
    change(Seat, line.id, presence=PresenceState.REMOTE)
    call = builders.call(discussed.meeting, line, desk, discussed.chair)
    change(Call, call.id, outcome=CallOutcome.BY_TELEPHONE)
    chair.fill(live_url(discussed), action="finish")
    path = f"/items/{discussed.item.id}/finished"
    assert "Piketdienst" in chair.page(path).text
    chair.fill(path, {"left": [f"seat:{line.id}", f"person:{discussed.police.id}"]})
    assert not every(Bystander)
    assert stored(Seat, line.id).left_at is not None


def test_an_item_does_not_open_over_another_whose_people_are_still_there(discussed, chair):
    assert chair.send(f"/items/{discussed.second_item.id}/open").status_code == 422
    change(Seat, discussed.police_seat.id, presence=PresenceState.ABSENT)
    assert chair.send(f"/items/{discussed.second_item.id}/open").status_code == 303
    assert stored(AgendaItem, discussed.item.id).closed_at is not None
    assert chair.send(f"/items/{discussed.item.id}/finish").status_code == 422


def test_nobody_else_asks_who_leaves(discussed, chair, new_client):
    path = f"/items/{discussed.item.id}/finished"
    assert chair.page(path, status=422)
    chair.fill(live_url(discussed), action="finish")
    for who in (discussed.stranger, discussed.police):
        visitor = new_client().sign_in(who.id)
        visitor.page(path, status=404)
        assert visitor.send(path, {}).status_code == 404


def test_the_timer_stands_still_goes_on_and_gets_five_minutes(discussed, chair, frozen_clock):
    item = discussed.item
    sheet = live_url(discussed, item)
    frozen_clock.advance(timedelta(minutes=4))
    assert chair.fill(sheet, action="pause").status_code == 303
    assert chair.send(f"/items/{item.id}/pause").status_code == 422
    frozen_clock.advance(timedelta(minutes=2))
    assert "gepauzeerd" in chair.page(sheet).text
    assert chair.fill(sheet, action="resume").status_code == 303
    assert chair.send(f"/items/{item.id}/resume").status_code == 422
    assert chair.fill(sheet, action="longer").status_code == 303
    now = stored(AgendaItem, item.id)
    assert (now.paused_seconds, now.paused_at, now.extra_minutes) == (120, None, 5)
    assert recorded(discussed.chair, "timer", "change") == 3
    change(AgendaItem, item.id, extra_minutes=240)
    assert chair.send(f"/items/{item.id}/longer").status_code == 422
    assert chair.send(f"/items/{discussed.second_item.id}/pause").status_code == 422


def test_an_item_taken_up_again_goes_on_with_what_was_left(discussed, chair, frozen_clock):
    frozen_clock.advance(timedelta(minutes=4))
    chair.fill(live_url(discussed), action="pause")
    frozen_clock.advance(timedelta(minutes=1))
    chair.fill(live_url(discussed), action="finish")
    frozen_clock.advance(timedelta(minutes=10))
    assert chair.send(f"/items/{discussed.item.id}/open").status_code == 303
    again = stored(AgendaItem, discussed.item.id)
    assert (again.paused_at, again.paused_seconds) == (None, 660)
    assert (again.closed_at, again.cleared_at) == (None, None)
    assert again.reopened_at == clock.now()
