"""What was left undone comes back by itself, as a proposal that opens nothing."""

from datetime import timedelta

import pytest

from app.domain.kinds import ActionState, CaseState, DiscussionKind
from app.features.meetings.preparation import read_preparation
from app.infra import clock
from app.models import (
    Action,
    AgendaItem,
    Case,
    Covenant,
    Disclosure,
    Exclusion,
    Meeting,
    Seat,
    SeatHold,
)
from tests import builders
from tests.builders import MEETING_START
from tests.seats import actor_of, all_of, change

WEEK = timedelta(days=7)


@pytest.fixture
def world(app, frozen_clock):
    """The usual meeting is over: the first case was discussed, the second was not."""
    world = builders.small_world(open_papers=True)
    end = world.meeting.ends_at
    change(
        Meeting, Meeting.id == world.meeting.id, started_at=world.meeting.starts_at, closed_at=end
    )
    change(AgendaItem, AgendaItem.id == world.item.id, opened_at=end, closed_at=end)
    change(Case, Case.id == world.case.id, state=CaseState.DISCUSSED)
    change(Case, Case.id == world.second_case.id, state=CaseState.ON_AGENDA)
    frozen_clock.advance(end + timedelta(days=1) - clock.now())
    return world


@pytest.fixture
def staff(client, world):
    return client.sign_in(world.coordinator.id)


@pytest.fixture
def coming(world) -> Meeting:
    return builders.meeting(world.table, starts_at=MEETING_START + WEEK)


def proposed(world, coming) -> dict[str, tuple[str, ...]]:
    page = read_preparation(actor_of(world.coordinator), coming.id, with_carried=True)
    return {one.reference: tuple(one.reasons) for one in page.carried if not one.refused_at}


def press(staff, coming, act: str, item) -> int:
    sent = {"act": act, "item": str(item.id)}
    return staff.send(f"/meetings/{coming.id}/carried", sent).status_code


def test_an_item_returns_for_three_reasons_and_for_no_other(world, coming):
    first, second = world.case.reference, world.second_case.reference
    assert proposed(world, coming) == {second: ("not-discussed",)}
    change(AgendaItem, AgendaItem.id == world.item.id, returns=True)
    action = builders.action(world.second_item, world.care_organisation, world.care, world.chair)
    assert proposed(world, coming) == {
        first: ("returns",),
        second: ("not-discussed", "open-action"),
    }
    change(AgendaItem, AgendaItem.id == world.second_item.id, opened_at=clock.now())
    assert proposed(world, coming)[second] == ("open-action",)
    change(Action, Action.id == action.id, state=ActionState.DONE)
    assert second not in proposed(world, coming)


def test_it_ends_on_a_later_agenda_with_the_case_and_at_another_table(world, coming):
    second = world.second_case.reference
    later = builders.meeting(world.table, starts_at=MEETING_START + 2 * WEEK)
    item = builders.item(later, world.second_case)
    assert second not in proposed(world, coming)
    change(AgendaItem, AgendaItem.id == item.id, removed_at=clock.now())
    assert second in proposed(world, coming)
    for values in ({"state": CaseState.CLOSED}, {"table_id": world.other_table.id}):
        change(Case, Case.id == world.second_case.id, **values)
        assert second not in proposed(world, coming), values
        change(
            Case, Case.id == world.second_case.id,
            state=CaseState.ON_AGENDA, table_id=world.table.id,
        )  # fmt: skip
    planned = world.meeting.ends_at
    change(Meeting, Meeting.id == world.meeting.id, closed_at=None, ends_at=clock.now())
    assert not proposed(world, coming), "a meeting that goes on leaves nothing undone"
    change(Meeting, Meeting.id == world.meeting.id, ends_at=planned)
    assert second in proposed(world, coming), "one that nobody closed does"


def test_a_meeting_nobody_closed_stands_on_the_start_page(staff, world):
    assert "niet gesloten" not in staff.page("/").text
    change(Meeting, Meeting.id == world.meeting.id, closed_at=None)
    assert "niet gesloten" in staff.page("/").text
    change(Meeting, Meeting.id == world.meeting.id, cancelled_at=clock.now())
    assert "niet gesloten" not in staff.page("/").text


def test_taking_it_over_proposes_the_seats_of_last_time_and_opens_nothing(staff, world, coming):
    builders.disclosure(
        world.second_care_seat,
        builders.section(world.second_case, world.types["reason"], world.host),
        world.coordinator,
    )
    given = len(all_of(Disclosure))
    page = staff.page(f"/meetings/{coming.id}")
    assert f"{world.second_case.reference} niet besproken" in page.text
    form = next(
        one
        for one in page.forms
        if ("act", "take") in one.fields and one.action.endswith("carried")
    )
    sent = form.filled({})
    assert [staff.send(form.action, sent).status_code for _ in range(2)] == [303, 303]
    (item,) = all_of(AgendaItem, AgendaItem.meeting_id == coming.id)
    assert (item.case_id, item.carried_from_id) == (world.second_case.id, world.second_item.id)
    assert (item.minutes, item.discussion) == (20, DiscussionKind.NEW)
    (seat,) = all_of(Seat, Seat.item_id == item.id)
    assert seat.is_proposed
    assert seat.organisation_id == world.care_organisation.id
    assert not all_of(SeatHold, SeatHold.seat_id == seat.id)
    assert len(all_of(Disclosure)) == given
    page = staff.page(f"/meetings/{coming.id}")
    assert "Voorgesteld voor deze agenda" not in page.text
    assert "deelnemer van de vorige keer" in staff.page(f"/meetings/{coming.id}/participants").text
    assert staff.page(f"/items/{item.id}/seats/{world.care_organisation.id}")
    # The same press sent twice, pressed again, or for what never was proposed: nothing more.
    assert press(staff, coming, "take", world.second_item) == 404
    assert press(staff, coming, "take", world.item) == 404
    assert press(staff, coming, "odd", world.second_item) == 422


def test_a_covenant_that_ended_brings_no_proposal(staff, world, coming):
    change(Covenant, Covenant.organisation_id == world.care_organisation.id, until_at=clock.now())
    press(staff, coming, "take", world.second_item)
    (item,) = all_of(AgendaItem, AgendaItem.meeting_id == coming.id)
    assert not all_of(Seat, Seat.item_id == item.id)


def test_not_now_can_be_taken_back_for_a_day(staff, world, coming, frozen_clock):
    second = world.second_case.reference
    press(staff, coming, "leave", world.second_item)
    assert not proposed(world, coming)
    assert "Niet op deze agenda" in staff.page(f"/meetings/{coming.id}").text
    press(staff, coming, "again", world.second_item)
    assert second in proposed(world, coming)
    press(staff, coming, "leave", world.second_item)
    frozen_clock.advance(timedelta(days=1))
    assert second not in staff.page(f"/meetings/{coming.id}").html


def test_who_is_barred_sees_and_moves_nothing_of_it(new_client, staff, world, coming):
    builders.save(
        Exclusion(
            person_id=world.coordinator.id, case_id=world.second_case.id, from_at=clock.now(),
            recorded_by_id=world.chair.id,
        )
    )  # fmt: skip
    page = staff.page(f"/meetings/{coming.id}")
    assert "Voorgesteld voor deze agenda" not in page.text
    assert world.second_case.reference not in page.html
    assert press(staff, coming, "take", world.second_item) == 404
    assert press(staff, coming, "leave", world.second_item) == 404
    stranger = new_client().sign_in(world.stranger.id)
    assert press(stranger, coming, "take", world.second_item) == 404
    assert not all_of(AgendaItem, AgendaItem.meeting_id == coming.id)
    assert all_of(AgendaItem, AgendaItem.id == world.second_item.id)[0].carry_refused_at is None
