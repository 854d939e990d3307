"""Planning, the agenda's clock times, and the three separate acts, on both databases."""

import json
import uuid
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app.access import load_actor
from app.domain.agenda import Direction
from app.domain.errors import NotVisible, Reason, Refusal, StaleEdit
from app.domain.kinds import CaseState, DiscussionKind, ItemKind, RequiredRole
from app.features.meetings import items, sending, service
from app.features.meetings.preparation import read_preparation
from app.infra import clock
from app.infra.db import reading, transaction
from app.infra.outbox import OutboxRow
from app.models import (
    AgendaItem,
    AuditEvent,
    Case,
    InputRequest,
    Meeting,
    Person,
    Seat,
    TableQuorum,
)
from tests import builders

JUNE_15 = date(2026, 6, 15)


@pytest.fixture
def world(app):
    return builders.small_world()


def actor_of(person: Person):
    with reading() as session:
        return load_actor(session, person.id, now=clock.now())


@pytest.fixture
def chair(world):
    return actor_of(world.chair)


def row(model: type, row_id: uuid.UUID) -> Any:
    with transaction() as session:
        found = session.get(model, row_id)
        session.expunge_all()
        return found


def queued() -> list[uuid.UUID]:
    """Who has a calendar change waiting, in order of asking."""
    with reading() as session:
        rows = session.scalars(
            select(OutboxRow.payload)
            .where(OutboxRow.kind == "calendar.sync")
            .order_by(OutboxRow.created_at)
        )
        return [uuid.UUID(json.loads(payload)["person_id"]) for payload in rows]


def staff_of(world) -> set[uuid.UUID]:
    """Who has the whole meeting in the calendar."""
    return {world.chair.id, world.coordinator.id}


def times(**changes: Any) -> service.MeetingTimes:
    values = {"day": JUNE_15, "start": time(13), "end": time(15, 20), "place": "Zaal 2", "link": ""}
    return service.MeetingTimes(**{**values, **changes})


def refusal_of(act, *args: Any, **more: Any) -> tuple[Reason, str | None]:
    with pytest.raises(Refusal) as caught:
        act(*args, **more)
    return caught.value.reason, caught.value.field


def test_a_meeting_is_stored_in_universal_time_with_the_windows_of_its_table(chair, world):
    made = row(Meeting, service.plan_meeting(chair, world.table.id, times()))
    assert made.starts_at == datetime(2026, 6, 15, 11, 0, tzinfo=UTC)
    assert made.ends_at == datetime(2026, 6, 15, 13, 20, tzinfo=UTC)
    assert made.opens_working_days == world.table.opens_working_days
    assert made.published_at is None


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"end": time(13)}, (Reason.END_BEFORE_START, "end")),
        ({"end": time(12)}, (Reason.END_BEFORE_START, "end")),
        ({"day": date(2026, 5, 1)}, (Reason.DATE_IN_PAST, "day")),
        ({"day": date(2027, 3, 28), "start": time(2, 30), "end": time(4)}, (Reason.HOUR_DOES_NOT_EXIST, "start")),
        ({"day": date(2026, 10, 25), "start": time(1), "end": time(2, 30)}, (Reason.HOUR_DOES_NOT_EXIST, "end")),
    ],
)  # fmt: skip
def test_impossible_times_are_refused_at_their_field(chair, world, changes, expected):
    assert refusal_of(service.plan_meeting, chair, world.table.id, times(**changes)) == expected


def test_staff_of_another_table_can_do_nothing_here(world):
    stranger = actor_of(world.stranger)
    with pytest.raises(NotVisible):
        service.plan_meeting(stranger, world.table.id, times())
    acts = (
        lambda: service.move_meeting(stranger, world.meeting.id, times(), version=1),
        lambda: service.cancel_meeting(stranger, world.meeting.id),
        lambda: sending.invite(stranger, world.meeting.id),
        lambda: sending.publish(stranger, world.meeting.id),
        lambda: sending.ask_input(stranger, world.meeting.id, day=date(2026, 6, 10), at=time(12)),
        lambda: items.shift(stranger, world.item.id, Direction.DOWN),
        lambda: items.remove_item(stranger, world.item.id),
        lambda: read_preparation(stranger, world.meeting.id),
    )
    for act in acts:
        with pytest.raises(NotVisible):
            act()


def clock_times(world) -> dict[uuid.UUID, str]:
    with reading() as session:
        found = session.scalars(
            select(AgendaItem)
            .where(AgendaItem.meeting_id == world.meeting.id, AgendaItem.removed_at.is_(None))
            .order_by(AgendaItem.position)
        )
        return {one.id: f"{one.starts_at:%H.%M}" for one in found}


def test_the_clock_times_follow_a_move_and_only_the_invited_who_move_hear_of_it(chair, world):
    items.shift(chair, world.item.id, Direction.DOWN)
    assert clock_times(world) == {
        world.opening.id: "11.00", world.second_item.id: "11.10", world.item.id: "11.30",
    }  # fmt: skip
    assert sorted(queued()) == sorted([world.police.id, world.care.id])
    items.shift(chair, world.item.id, Direction.DOWN)
    assert list(clock_times(world)) == [world.opening.id, world.second_item.id, world.item.id]


def test_a_case_moves_to_a_place_among_the_cases(chair, world):
    items.place(chair, world.second_item.id, 1)
    assert list(clock_times(world)) == [world.opening.id, world.second_item.id, world.item.id]
    items.place(chair, world.second_item.id, 99)
    assert list(clock_times(world)) == [world.opening.id, world.item.id, world.second_item.id]


def test_a_longer_item_moves_only_those_after_it(chair, world):
    items.change_case_item(
        chair, world.second_item.id, minutes=45, discussion=DiscussionKind.FOLLOW_UP
    )
    assert clock_times(world)[world.second_item.id] == "11.40"
    assert queued() == [world.care.id]


def test_the_opening_stays_first_the_closing_last_and_a_break_keeps_its_clock_time(chair, world):
    pause = items.add_fixed(
        chair, world.meeting.id, items.FixedItem(kind=ItemKind.BREAK, minutes=10, at=time(14, 30))
    )
    closing = items.add_fixed(
        chair, world.meeting.id, items.FixedItem(kind=ItemKind.CLOSING, minutes=10)
    )
    extra = builders.case(world.table, world.host)
    added = items.add_case(
        chair,
        world.meeting.id,
        items.NewCaseItem(case_id=extra.id, minutes=20, discussion=DiscussionKind.NEW),
    )
    order = clock_times(world)
    assert next(iter(order)) == world.opening.id
    assert list(order)[-2:] == [added, closing]
    assert order[pause] == "12.30"
    assert row(Case, extra.id).state is CaseState.ON_AGENDA
    again = items.FixedItem(kind=ItemKind.CLOSING, minutes=10)
    reason = refusal_of(items.add_fixed, chair, world.meeting.id, again)
    assert reason == (Reason.FIXED_ITEM_EXISTS, "kind")
    outside = items.FixedItem(kind=ItemKind.BREAK, minutes=10, at=time(18))
    reason = refusal_of(items.add_fixed, chair, world.meeting.id, outside)
    assert reason == (Reason.OUTSIDE_MEETING, "at")


def test_a_case_is_on_an_agenda_once_and_only_of_its_own_table(chair, world):
    def add(case: Case, discussion=DiscussionKind.NEW):
        new = items.NewCaseItem(case_id=case.id, minutes=20, discussion=discussion)
        return items.add_case(chair, world.meeting.id, new)

    assert refusal_of(add, world.case) == (Reason.CASE_ALREADY_ON_AGENDA, "case")
    with pytest.raises(NotVisible):
        add(builders.case(world.other_table, world.host))
    waiting = builders.case(world.table, world.host, state=CaseState.IN_TRIAGE)
    assert refusal_of(add, waiting) == (Reason.STATE_NOT_ALLOWED, "case")


def test_removing_an_item_cancels_its_own_people_and_returns_the_case(chair, world):
    builders.case(world.table, world.host)
    with transaction() as session:
        session.execute(update(Case).values(state=CaseState.ON_AGENDA))
    items.remove_item(chair, world.second_item.id)
    assert queued() == [world.care.id]
    assert row(Case, world.second_case.id).state is CaseState.ACCEPTED
    assert row(Case, world.case.id).state is CaseState.ON_AGENDA
    assert world.second_item.id not in clock_times(world)


def test_moving_the_meeting_moves_every_slot_and_the_window(chair, world):
    items.add_fixed(
        chair, world.meeting.id, items.FixedItem(kind=ItemKind.BREAK, minutes=10, at=time(14, 30))
    )
    sending.publish(chair, world.meeting.id)
    before = row(Meeting, world.meeting.id)
    later = times(day=JUNE_15 + timedelta(days=7), start=time(13, 30))
    service.move_meeting(chair, world.meeting.id, later, version=before.version)
    after = row(Meeting, world.meeting.id)
    assert (after.opens_at, after.closes_at) == (
        before.opens_at + timedelta(days=7), before.closes_at + timedelta(days=7)
    )  # fmt: skip
    assert list(clock_times(world).values())[:3] == ["11.30", "11.40", "12.10"]
    assert list(clock_times(world).values())[3] == "12.30"
    assert set(queued()) == {world.police.id, world.care.id, *staff_of(world)}


def test_another_place_reaches_everybody_invited(chair, world):
    service.move_meeting(chair, world.meeting.id, times(place="Zaal 5"), version=1)
    assert set(queued()) == {world.police.id, world.care.id, *staff_of(world)}


def test_a_change_made_on_an_old_page_shows_what_stands_now(chair, world):
    service.move_meeting(chair, world.meeting.id, times(place="Zaal 5"), version=1)
    with pytest.raises(StaleEdit) as caught:
        service.move_meeting(chair, world.meeting.id, times(place="Zaal 7"), version=1)
    assert "Zaal 5" in caught.value.theirs
    assert row(Meeting, world.meeting.id).place == "Zaal 5"


def test_cancelling_tells_the_invited_and_frees_the_cases(chair, world):
    with transaction() as session:
        session.execute(update(Case).values(state=CaseState.ON_AGENDA))
        session.execute(update(Seat).where(Seat.id == world.police_seat.id).values(invited_at=None))
    service.cancel_meeting(chair, world.meeting.id)
    assert set(queued()) == {world.care.id, *staff_of(world)}
    assert row(Case, world.case.id).state is CaseState.ACCEPTED
    assert row(Meeting, world.meeting.id).cancelled_at == clock.now()
    for act in (
        lambda: service.cancel_meeting(chair, world.meeting.id),
        lambda: sending.publish(chair, world.meeting.id),
        lambda: items.shift(chair, world.item.id, Direction.DOWN),
    ):
        assert refusal_of(act)[0] is Reason.MEETING_CANCELLED


def test_a_case_on_another_agenda_stays_on_it(chair, world):
    with transaction() as session:
        session.execute(update(Case).values(state=CaseState.ON_AGENDA))
    later = builders.meeting(world.table, starts_at=builders.MEETING_START + timedelta(days=14))
    builders.item(later, world.case)
    service.cancel_meeting(chair, world.meeting.id)
    assert row(Case, world.case.id).state is CaseState.ON_AGENDA
    assert row(Case, world.second_case.id).state is CaseState.ACCEPTED


def test_inviting_reaches_who_was_not_invited_and_opens_nothing(chair, world):
    seat = builders.seat(world.second_item, world.police_organisation, world.police, invited=False)
    assert sending.invite(chair, world.meeting.id) == 1
    assert row(Seat, seat.id).invited_at == clock.now()
    assert queued() == [world.police.id]
    assert sending.invite(chair, world.meeting.id) == 0
    assert queued() == [world.police.id]
    assert row(Meeting, world.meeting.id).published_at is None


def test_an_empty_seat_cannot_be_invited_alone_and_a_foreign_one_does_not_exist(chair, world):
    empty = builders.seat(world.item, world.host)
    assert (
        refusal_of(sending.invite, chair, world.meeting.id, seat_id=empty.id)[0]
        is Reason.NO_OCCUPANT
    )
    with pytest.raises(NotVisible):
        sending.invite(chair, world.meeting.id, seat_id=uuid.uuid4())


def test_asking_input_stores_one_request_per_seat_until_a_deadline(chair, world):
    when = {"day": date(2026, 6, 10), "at": time(12)}
    assert sending.ask_input(chair, world.meeting.id, seat_id=world.police_seat.id, **when) == 1
    assert sending.ask_input(chair, world.meeting.id, **when) == 2
    assert sending.ask_input(chair, world.meeting.id, **when) == 0
    with reading() as session:
        asked = session.scalars(select(InputRequest)).all()
        assert {one.seat_id for one in asked} == {
            world.police_seat.id, world.care_seat.id, world.second_care_seat.id,
        }  # fmt: skip
        assert {one.deadline_at for one in asked} == {datetime(2026, 6, 10, 10, tzinfo=UTC)}
    assert queued() == []


@pytest.mark.parametrize(
    ("day", "at", "reason"),
    [
        (date(2026, 5, 30), time(12), Reason.DATE_IN_PAST),
        (date(2026, 6, 16), time(12), Reason.DEADLINE_AFTER_START),
    ],
)
def test_a_deadline_lies_ahead_and_before_the_meeting(chair, world, day, at, reason):
    assert refusal_of(sending.ask_input, chair, world.meeting.id, day=day, at=at)[0] is reason


def test_a_withdrawn_question_is_asked_anew(chair, world):
    asked = builders.input_request(world.police_seat, world.chair, withdrawn_at=clock.now())
    sending.ask_input(
        chair, world.meeting.id, day=date(2026, 6, 10), at=time(12), seat_id=world.police_seat.id
    )
    assert row(InputRequest, asked.id).withdrawn_at is None


def test_publishing_stores_the_window_in_dutch_working_days_and_happens_once(chair, world):
    sending.publish(chair, world.meeting.id)
    made = row(Meeting, world.meeting.id)
    assert made.published_at == clock.now()
    # Five working days before Monday 15 June is Monday 8 June; five after it ends Monday 22 June.
    assert made.opens_at == datetime(2026, 6, 7, 22, tzinfo=UTC)
    assert made.closes_at == datetime(2026, 6, 22, 22, tzinfo=UTC)
    assert refusal_of(sending.publish, chair, world.meeting.id)[0] is Reason.ALREADY_PUBLISHED
    assert queued() == []


def test_a_meeting_under_way_is_no_longer_planned(chair, world):
    with transaction() as session:
        session.execute(update(Meeting).values(started_at=clock.now()))
    assert (
        refusal_of(items.shift, chair, world.item.id, Direction.DOWN)[0] is Reason.ALREADY_STARTED
    )
    assert refusal_of(service.cancel_meeting, chair, world.meeting.id)[0] is Reason.ALREADY_STARTED


def test_excluded_staff_see_a_closed_block_with_its_times_and_nothing_else(chair, world):
    builders.exclusion(world.chair, world.case, world.coordinator)
    page = read_preparation(chair, world.meeting.id)
    closed = page.items[1]
    assert (closed.is_closed, closed.reference, closed.seats, closed.sections) == (True, "", (), 0)
    assert f"{closed.starts_at:%H.%M}" == "11.10"
    assert [item.reference for item in page.cases] == [world.second_case.reference]
    assert {seat.item_id for seat in page.seats} == {world.second_item.id}
    with pytest.raises(NotVisible):
        items.change_case_item(chair, world.item.id, minutes=5, discussion=DiscussionKind.NEW)
    with pytest.raises(NotVisible):
        items.shift(chair, world.item.id, Direction.DOWN)
    # Moving what is visible still moves the closed block, and its people hear of it.
    items.shift(chair, world.second_item.id, Direction.UP)
    assert clock_times(world)[world.item.id] == "11.30"
    assert world.police.id in queued()


def test_the_checklist_warns_of_what_is_missing(chair, world):
    silent = builders.case(world.table, world.host, question=None)
    last = builders.item(world.meeting, silent, after=world.second_item)
    builders.seat(last, world.police_organisation)
    builders.input_request(world.care_seat, world.chair)
    builders.save(TableQuorum(table_id=world.table.id, role=RequiredRole.POLICE))
    clash = builders.meeting(world.other_table, starts_at=world.meeting.starts_at)
    builders.seat(
        builders.item(clash, builders.case(world.other_table, world.host), minutes=60),
        world.police_organisation,
        world.police,
    )
    page = read_preparation(chair, world.meeting.id)
    check = page.checklist
    assert [item.reference for item in check.without_question] == [silent.reference]
    assert [seat.item_id for seat in check.without_occupant] == [last.id]
    assert {seat.item_id for seat in check.without_section} == {world.second_item.id, last.id}
    assert {item.id for item in check.roles_missing} == {world.second_item.id, last.id}
    assert [item.id for item in check.sections_unseen] == [world.item.id]
    assert [seat.id for seat in check.asked_blind] == [world.care_seat.id]
    # The chair does not serve the other table: that the occupant sits elsewhere is all there is.
    assert [(seat.id, [one.table_name for one in seat.busy]) for seat in check.conflicts] == [
        (world.police_seat.id, [""])
    ]
    assert check.done == 1


def test_acts_are_in_the_access_log(chair, world):
    sending.invite(chair, world.meeting.id)
    sending.publish(chair, world.meeting.id)
    items.shift(chair, world.item.id, Direction.DOWN)
    with reading() as session:
        logged = session.execute(
            select(AuditEvent.event, AuditEvent.object_kind).order_by(AuditEvent.id)
        ).all()
    assert [tuple(one) for one in logged] == [
        ("authorisation-change", "meeting"), ("change", "agenda_item"),
    ]  # fmt: skip
