"""Messages wait half a minute: an act taken back in time is never heard of, two become one."""

import time as stopwatch
from datetime import date, time, timedelta

import pytest
from sqlalchemy import func, select, update

from app.access import load_actor
from app.access.meetings import pictures, steps
from app.access.meetings.pictures import Scope
from app.access.meetings.series import FreeDays
from app.domain.agenda import Direction
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import CaseState, InvitationAnswer, ItemKind, TaskKind
from app.domain.rhythm import RhythmKind
from app.features.agenda import previewing, seating
from app.features.meetings import deadlines, items, sending, service
from app.features.meetings.service import MeetingTimes
from app.features.seats import asked
from app.features.series import service as series
from app.features.series.plans import TypedRhythm
from app.features.tasks.queries import task_page
from app.infra import calendar_queue, clock, outbox
from app.infra.db import reading, transaction
from app.infra.outbox import OutboxRow
from app.models import (
    AgendaItem,
    Case,
    InputRequest,
    Invitation,
    Meeting,
    PlanningStep,
    Seat,
    SeatHold,
)
from tests import builders
from tests.statements import counted
from tests.tasks import accepted

DELAY = timedelta(seconds=30)


@pytest.fixture
def world(app, monkeypatch):
    monkeypatch.setattr(calendar_queue._Waiting, "delay", DELAY)
    return builders.small_world()


@pytest.fixture
def chair(world):
    return actor_of(world.chair)


def actor_of(person):
    with reading() as session:
        return load_actor(session, person.id, now=clock.now())


def deliver(after: timedelta = DELAY) -> None:
    clock._current.advance(after)
    while outbox.drain():
        pass


def told(world) -> None:
    """Everybody has their invitation: two partners, and the table's staff the whole meeting."""
    people = (world.police, world.care, world.chair, world.coordinator)
    with transaction() as session:
        calendar_queue.queue_calendar(session, world.meeting.id, [who.id for who in people])
    deliver()


def waiting(chair, world) -> steps.Waiting | None:
    with reading() as session:
        return steps.last_step(session, chair, world.meeting, now=clock.now())


def undo(chair, world) -> None:
    service.undo(chair, world.meeting.id, waiting(chair, world).step_id)


def stands(world) -> dict:
    """Every plain column of the meeting's rows."""
    with reading() as session:
        return pictures.rows_of(session, Scope(meetings=frozenset({world.meeting.id})))


def uninvite(world) -> None:
    with transaction() as session:
        session.execute(update(Seat).values(invited_at=None))


def times(world, day: date = date(2026, 6, 16), place: str = "Zaal 9") -> dict:
    new = MeetingTimes(day=day, start=time(9), end=time(12), place=place, link="")
    with reading() as session:
        return {"times": new, "version": session.get_one(Meeting, world.meeting.id).version}


ACTS = {
    "move": lambda chair, world: service.move_meeting(chair, world.meeting.id, **times(world)),
    "cancel": lambda chair, world: service.cancel_meeting(chair, world.meeting.id),
    "order": lambda chair, world: items.shift(chair, world.second_item.id, Direction.UP),
    "take off": lambda chair, world: items.remove_item(chair, world.item.id),
    "take a seat": lambda chair, world: seating.remove_seat(chair, world.police_seat.id),
}


@pytest.mark.parametrize("act", ACTS)
def test_an_act_taken_back_in_time_is_never_heard_of(world, chair, mails, act):
    told(world)
    with transaction() as session:
        session.execute(update(Case).values(state=CaseState.ON_AGENDA))
    before, sent = stands(world), len(mails())
    ACTS[act](chair, world)
    assert stands(world) != before
    assert waiting(chair, world).people >= 1
    deliver(timedelta(seconds=29))
    undo(chair, world)
    assert stands(world) == before
    assert waiting(chair, world) is None
    deliver()
    assert len(mails()) == sent


def test_input_asked_and_papers_opened_are_taken_back_unheard(world, chair, mails):
    told(world)
    before, sent = stands(world), len(mails())
    sending.ask_input(chair, world.meeting.id, day=date(2026, 6, 10), at=time(12))
    assert waiting(chair, world).people == 2
    asked = stands(world)
    clock._current.advance(timedelta(seconds=1))
    sending.publish(chair, world.meeting.id)
    assert waiting(chair, world).people == 0, "nobody is named yet"
    deliver(timedelta(seconds=20))
    undo(chair, world)
    assert stands(world) == asked
    undo(chair, world)
    assert stands(world) == before
    deliver()
    with transaction() as session:
        assert session.get_one(Meeting, world.meeting.id).opens_at is None
    clock._current.advance(timedelta(days=20))
    deliver()
    assert len(mails()) == sent


def test_an_item_added_leaves_the_agenda_again(world, chair, mails):
    """A later opening moves every time; who was told them hears nothing once it is gone again."""
    with reading() as session:
        opening = select(AgendaItem.id).where(AgendaItem.kind == ItemKind.OPENING)
        opening_id = session.scalars(opening).one()
    items.remove_item(chair, opening_id)
    told(world)
    before, sent = stands(world), len(mails())
    new = items.FixedItem(kind=ItemKind.OPENING, minutes=10)
    added = items.add_fixed(chair, world.meeting.id, new)
    undo(chair, world)
    after = stands(world)
    assert after.pop(f"agenda_item:{added}")["removed_at"] is not None
    assert after == before
    deliver()
    assert len(mails()) == sent


def test_another_deadline_and_the_move_before_it_are_taken_back_one_by_one(world, chair, mails):
    told(world)
    request = builders.input_request(
        world.police_seat,
        world.coordinator,
        deadline_at=world.meeting.starts_at - timedelta(days=3),
    )
    before, sent = stands(world), len(mails())
    service.move_meeting(chair, world.meeting.id, **times(world))
    move = waiting(chair, world)
    deliver(timedelta(seconds=5))
    deadlines.change_deadlines(chair, world.meeting.id, date(2026, 6, 12), time(12))
    deliver(timedelta(seconds=5))
    with pytest.raises(Refusal) as refused:
        service.undo(chair, world.meeting.id, move.step_id)
    assert refused.value.reason is Reason.UNDO_OVERTAKEN
    deadline = waiting(chair, world)
    assert deadline.step_id != move.step_id
    assert service.undo(chair, world.meeting.id, deadline.step_id), "the move still waits"
    assert waiting(chair, world).step_id == move.step_id
    assert not service.undo(chair, world.meeting.id, move.step_id)
    assert stands(world) == before
    assert f"input_request:{request.id}" in before
    deliver(timedelta(seconds=31))
    assert len(mails()) == sent


def test_an_invitation_taken_back_reaches_nobody(world, chair, mails):
    uninvite(world)
    before = stands(world)
    assert sending.invite(chair, world.meeting.id) == 3
    assert waiting(chair, world).people == 2
    undo(chair, world)
    deliver()
    assert stands(world) == before
    assert mails() == ()
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Invitation)) == 0


def test_half_a_minute_later_the_message_leaves_and_it_is_too_late(world, chair, mails):
    told(world)
    service.cancel_meeting(chair, world.meeting.id)
    step = waiting(chair, world)
    sent = len(mails())
    deliver(timedelta(seconds=29))
    assert len(mails()) == sent
    deliver(timedelta(seconds=1))
    assert {one.calendar_method for one in mails()[: len(mails()) - sent]} == {"CANCEL"}
    assert len(mails()) == 2 * sent
    with pytest.raises(Refusal) as refused:
        service.undo(chair, world.meeting.id, step.step_id)
    assert refused.value.reason is Reason.UNDO_TOO_LATE


def test_several_changes_in_a_row_become_one_message(world, chair, mails):
    told(world)
    service.move_meeting(chair, world.meeting.id, **times(world))
    deliver(timedelta(seconds=20))
    service.move_meeting(chair, world.meeting.id, **times(world, place="Zaal 10"))
    deliver(timedelta(seconds=20))
    assert len(mails()) == 4, "the second change made the first wait too"
    deliver(timedelta(seconds=10))
    changed = [one for one in mails() if one.subject.startswith("Gewijzigd")]
    assert len(changed) == 4
    assert all("Zaal 10" in one.text for one in changed)


def test_back_and_forth_is_no_message_at_all(world, chair, mails):
    told(world)
    items.shift(chair, world.second_item.id, Direction.UP)
    items.shift(chair, world.second_item.id, Direction.DOWN)
    deliver()
    assert len(mails()) == 4


def test_what_changed_since_is_not_thrown_away(world, chair):
    uninvite(world)
    sending.invite(chair, world.meeting.id)
    step = waiting(chair, world)
    with transaction() as session:
        session.execute(
            update(SeatHold)
            .where(SeatHold.person_id == world.police.id)
            .values(answer=InvitationAnswer.YES, answered_at=clock.now())
        )
    with pytest.raises(Refusal) as refused:
        service.undo(chair, world.meeting.id, step.step_id)
    assert refused.value.reason is Reason.UNDO_OVERTAKEN


def test_what_opened_and_was_read_since_stays_opened(world, chair, mails):
    """Else a receipt, and the answer to who asks to see, would not name who read it."""
    sending.ask_input(chair, world.meeting.id, day=date(2026, 6, 10), at=time(12))
    builders.acceptance(world.care, world.meeting)
    care = actor_of(world.care)
    with reading() as session:
        wanted = select(InputRequest.id).where(InputRequest.seat_id == world.care_seat.id)
        request_id = session.scalars(wanted).one()
    clock._current.advance(timedelta(seconds=1))
    items.shift(chair, world.second_item.id, Direction.UP)
    assert asked.read_task(care, request_id, with_names=True).identities
    undo(chair, world)  # the order alone opened nothing
    refused_as_overtaken(chair, world)
    assert f"input_request:{request_id}" in stands(world)
    deliver(timedelta(days=8))
    task = accepted(world, "identity", kind=TaskKind.GUEST, item_id=world.item.id)
    sending.publish(chair, world.meeting.id)
    clock._current.advance(timedelta(seconds=1))
    previewing.read_preview(chair, world.police_seat.id)
    undo(chair, world)  # staff looked, as they may
    sending.publish(chair, world.meeting.id)
    assert task_page(actor_of(world.police_colleague), task.id, with_names=True).identities
    refused_as_overtaken(chair, world)


def refused_as_overtaken(chair, world) -> None:
    with pytest.raises(Refusal) as refused:
        undo(chair, world)
    assert refused.value.reason is Reason.UNDO_OVERTAKEN


def test_an_act_is_taken_back_once_and_by_its_doer(world, chair):
    told(world)
    service.cancel_meeting(chair, world.meeting.id)
    step = waiting(chair, world)
    for other in (world.coordinator, world.stranger):
        with pytest.raises(NotVisible):
            service.undo(actor_of(other), world.meeting.id, step.step_id)
    service.undo(chair, world.meeting.id, step.step_id)
    with pytest.raises(Refusal):
        service.undo(chair, world.meeting.id, step.step_id)


def test_a_closed_block_hides_how_many_will_hear(world, chair):
    told(world)
    builders.exclusion(world.chair, world.second_case, world.coordinator)
    service.cancel_meeting(chair, world.meeting.id)
    assert waiting(chair, world).people is None


def test_where_nobody_hears_there_is_nothing_to_take_back(world, chair):
    uninvite(world)
    items.shift(chair, world.second_item.id, Direction.UP)
    with reading() as session:
        assert session.scalars(select(PlanningStep)).all() == []


def test_a_removed_seat_waits_too(world, chair, mails):
    told(world)
    seating.remove_seat(chair, world.police_seat.id)
    deliver(timedelta(seconds=29))
    assert len(mails()) == 4
    deliver(timedelta(seconds=1))
    assert (mails()[0].to, mails()[0].calendar_method) == (world.police.email, "CANCEL")


def full_agenda(world) -> None:
    """Twelve items with ten seats each, held by people of ten organisations."""
    people = [
        builders.representative(builders.organisation(f"X{number}"), world.table)
        for number in range(10)
    ]
    rows, last = [], world.second_item
    for _ in range(12):
        last = builders.item(world.meeting, builders.case(world.table, world.host), after=last)
        for who in people:
            seat = Seat(
                id=builders.uuid.uuid4(), item_id=last.id, organisation_id=who.organisation_id
            )
            rows += [seat, SeatHold(seat_id=seat.id, person_id=who.id, from_at=clock.now())]
    builders.save_all(*rows)


def test_a_full_agenda_is_invited_within_a_second_and_few_statements(world, chair):
    sending.invite(chair, world.meeting.id)
    with counted() as few:
        sending.invite(chair, world.meeting.id)
    full_agenda(world)
    # The work itself: what else this machine is busy with does not count.
    started = stopwatch.process_time()
    with counted() as many:
        assert sending.invite(chair, world.meeting.id) == 120
    took = stopwatch.process_time() - started
    assert len(many) <= 30
    assert len(many) - len(few) <= 14, "not one statement per seat or person"
    assert took < 1
    with reading() as session:
        queued = select(func.count()).select_from(OutboxRow).where(OutboxRow.attempts == 0)
        assert session.scalar(queued) == 10
        assert session.scalar(select(func.count()).select_from(AgendaItem)) == 15


def test_one_meeting_of_a_series_goes_back_unheard_too(world, chair, mails):
    """Its staff hear through the entry of the series; two changes in a row are one message."""
    weekly = TypedRhythm(
        kind=RhythmKind.WEEKLY, first_on=date(2026, 9, 1), last_on=date(2026, 10, 30),
        start=time(13), end=time(15), interval=1, weekdays=frozenset({1}), nth=1,
        free=FreeDays(skips_holidays=True, good_friday=True, liberation_day=False),
        place="Kamer 1", link="",
    )  # fmt: skip
    series_id = series.plan_series(chair, world.table.id, weekly)
    deliver()
    sent = len(mails())
    assert sent == 2
    with reading() as session:
        days = select(Meeting).where(Meeting.series_id == series_id).order_by(Meeting.starts_at)
        second = session.scalars(days).all()[1]
    moved = MeetingTimes(day=date(2026, 9, 9), start=time(9), end=time(11), place="", link="")
    service.move_meeting(chair, second.id, moved, version=second.version)
    deliver(timedelta(seconds=20))
    service.cancel_meeting(chair, second.id)
    deliver(timedelta(seconds=20))
    assert len(mails()) == sent, "the second act made the first wait too"
    with reading() as session:
        step = steps.last_step(session, chair, second, now=clock.now())
    assert step.people == 2
    service.undo(chair, second.id, step.step_id)
    deliver()
    assert {one.calendar_method for one in mails()[:2]} == {"REQUEST"}, "moved, not cancelled"
    assert len(mails()) == sent + 2
