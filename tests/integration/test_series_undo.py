"""An act on a whole series taken back in time leaves no trace, and nobody hears of it."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import delete, func, select

from app.access import load_actor
from app.access.held import hold_row
from app.access.meetings import pictures, steps
from app.access.meetings.pictures import Scope
from app.access.meetings.series import FreeDays
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.local_time import AMSTERDAM
from app.domain.rhythm import RhythmKind
from app.features.meetings import service as meetings
from app.features.series import service
from app.features.series.plans import TypedRhythm
from app.infra import calendar_queue, clock, outbox
from app.infra.db import reading, transaction
from app.models import AuditEvent, InputRequest, Meeting, PlanningStep, Room, Series
from tests import builders

TUESDAYS = TypedRhythm(
    kind=RhythmKind.WEEKLY,
    first_on=date(2027, 3, 1),
    last_on=date(2027, 4, 30),
    start=time(13, 0),
    end=time(15, 0),
    interval=1,
    weekdays=frozenset({1}),
    nth=1,
    free=FreeDays(skips_holidays=True, good_friday=True, liberation_day=False),
    place="Kamer 1",
    link="",
)
LATER = replace(TUESDAYS, start=time(15, 0), end=time(17, 0))


@pytest.fixture
def world(app, frozen_clock, monkeypatch):
    frozen_clock.moment = datetime(2027, 2, 1, 9, 0, tzinfo=AMSTERDAM)
    made = builders.small_world()
    monkeypatch.setattr(calendar_queue._Waiting, "delay", timedelta(seconds=30))
    deliver()
    return made


@pytest.fixture
def coordinator(world):
    return actor_of(world.coordinator)


def actor_of(person):
    with reading() as session:
        return load_actor(session, person.id, now=clock.now())


def deliver(after: timedelta = timedelta(seconds=31)) -> None:
    clock._current.advance(after)
    while outbox.drain():
        pass


def everything() -> dict:
    """Every plain column of every meeting and series there is."""
    with reading() as session:
        scope = Scope(
            frozenset(session.scalars(select(Meeting.id))),
            frozenset(session.scalars(select(Series.id))),
        )
        return pictures.rows_of(session, scope)


def waiting(actor, series_id):
    with reading() as session:
        return steps.last_step(session, actor, session.get_one(Series, series_id), now=clock.now())


def undo(actor, series_id) -> service.Undone:
    return service.undo(actor, series_id, waiting(actor, series_id).step_id)


def prepared(series_id, world, number: int = 2) -> Meeting:
    """One meeting of the series with a case, a seat that was invited, and a question."""
    with reading() as session:
        days = select(Meeting).where(Meeting.series_id == series_id).order_by(Meeting.starts_at)
        meeting = session.scalars(days).all()[number]
    item = builders.item(meeting, world.case)
    seat = builders.seat(item, world.police_organisation, world.police)
    due = meeting.starts_at - timedelta(days=4)
    builders.input_request(seat, world.coordinator, deadline_at=due)
    return meeting


def test_acts_on_a_series_taken_back_in_time_are_never_heard_of(world, coordinator, mails):
    unplanned, sent = everything(), len(mails())
    series_id = service.plan_series(coordinator, world.table.id, TUESDAYS)
    assert waiting(coordinator, series_id).people == 2, "the staff of the table"
    assert undo(coordinator, series_id) == service.Undone(None, is_more_waiting=False)
    assert everything() == unplanned
    deliver()
    assert len(mails()) == sent

    series_id = service.plan_series(coordinator, world.table.id, TUESDAYS)
    meeting = prepared(series_id, world)
    with pytest.raises(Refusal) as refused:
        undo(coordinator, series_id)
    assert refused.value.reason is Reason.UNDO_OVERTAKEN
    with transaction() as session:
        calendar_queue.queue_calendar(session, meeting.id, [world.police.id])
    deliver()
    planned, sent = everything(), len(mails())
    other_days = replace(TUESDAYS, weekdays=frozenset({3}))
    for act in (
        lambda: service.change_series(coordinator, series_id, LATER, from_on=None,
                                      with_deadlines=True),
        lambda: service.change_series(coordinator, series_id, LATER, from_on=date(2027, 3, 10),
                                      with_deadlines=True),
        lambda: service.change_series(coordinator, series_id, other_days, from_on=None),
        lambda: service.extend_series(coordinator, series_id, date(2027, 6, 30)),
        lambda: service.extend_series(coordinator, series_id, date(2028, 1, 31)),
        lambda: service.end_series(coordinator, series_id, from_on=date(2027, 3, 10)),
    ):  # fmt: skip
        made = act()
        assert everything() != planned
        deliver(timedelta(seconds=5))
        shown = made if made in series_ids() else series_id
        assert undo(coordinator, shown) == service.Undone(series_id, is_more_waiting=False)
        assert everything() == planned
        deliver()
        assert len(mails()) == sent


def test_who_was_about_to_use_a_meeting_that_is_taken_back_finds_none(world, coordinator):
    series_id = service.plan_series(coordinator, world.table.id, TUESDAYS)
    with transaction() as session:
        series = session.get_one(Series, series_id)
        days = select(Meeting).where(Meeting.series_id == series_id)
        meeting = session.scalars(days).first()
        session.connection().execute(delete(Meeting.__table__))
        session.connection().execute(delete(PlanningStep.__table__))
        session.connection().execute(delete(Series.__table__))
        for row in (series, meeting):
            with pytest.raises(NotVisible):
                hold_row(session, row)
        session.rollback()


def series_ids() -> set:
    with reading() as session:
        return set(session.scalars(select(Series.id)))


def test_a_series_is_taken_back_in_time_by_its_doer_and_only_while_its_room_is_free(
    world, coordinator
):
    room = builders.save(Room(name="Zaal 2", address="Stadhuis"))
    roomy = replace(TUESDAYS, room_id=room.id)
    series_id = service.plan_series(coordinator, world.table.id, roomy)
    step = waiting(coordinator, series_id)
    with pytest.raises(NotVisible):
        service.undo(actor_of(world.chair), series_id, step.step_id)
    deliver()
    with pytest.raises(Refusal) as refused:
        service.undo(coordinator, series_id, step.step_id)
    assert refused.value.reason is Reason.UNDO_TOO_LATE
    service.end_series(coordinator, series_id, from_on=None)
    start = datetime(2027, 3, 9, 14, 0, tzinfo=AMSTERDAM)
    builders.meeting(world.other_table, starts_at=start, minutes=30, room_id=room.id)
    with pytest.raises(Refusal) as refused:
        undo(coordinator, series_id)
    assert refused.value.reason is Reason.ROOM_TAKEN_ON


def test_a_meeting_moved_after_the_change_is_taken_back_first(world, coordinator, mails):
    series_id = service.plan_series(coordinator, world.table.id, TUESDAYS)
    deliver()
    planned, sent = everything(), len(mails())
    service.change_series(coordinator, series_id, LATER, from_on=None)
    deliver(timedelta(seconds=5))
    with reading() as session:
        one = session.scalars(select(Meeting).where(Meeting.series_id == series_id)).first()
    times = meetings.MeetingTimes(
        day=date(2027, 3, 19), start=time(9), end=time(11), place="", link=""
    )
    meetings.move_meeting(coordinator, one.id, times, version=one.version)
    with pytest.raises(Refusal) as refused:
        undo(coordinator, series_id)
    assert refused.value.reason is Reason.UNDO_OVERTAKEN
    with reading() as session:
        step = steps.last_step(session, coordinator, session.get_one(Meeting, one.id),
                               now=clock.now())  # fmt: skip
    meetings.undo(coordinator, one.id, step.step_id)
    undo(coordinator, series_id)
    assert everything() == planned
    deliver()
    assert len(mails()) == sent


def test_a_change_of_all_gives_the_open_questions_their_new_deadline_and_tells_it(
    world, coordinator, mails
):
    series_id = service.plan_series(coordinator, world.table.id, TUESDAYS)
    meeting = prepared(series_id, world)
    deliver()
    earlier = replace(TUESDAYS, start=time(11, 0), end=time(12, 0))
    service.change_series(coordinator, series_id, earlier, from_on=None, with_deadlines=True)
    with reading() as session:
        request = session.scalars(select(InputRequest)).one()
        lines = select(func.count()).where(AuditEvent.object_kind == "meeting",
                                           AuditEvent.object_id == meeting.id)  # fmt: skip
        assert session.scalar(lines) == 1, "the log says of every meeting that it moved"
    assert request.deadline_at == datetime(2027, 3, 12, 11, 0, tzinfo=AMSTERDAM)
    deliver()
    [told] = [one for one in mails() if one.subject.startswith("Andere termijn")]
    assert told.to == world.police.email
