"""A room is never in two meetings at once, whoever plans, alone, in a series or at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, time, timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from app.access import load_actor
from app.domain.errors import Reason, Refusal
from app.features.meetings import service
from app.features.meetings.service import MeetingTimes
from app.features.rooms import service as rooms
from app.features.rooms.service import RoomData
from app.features.series import service as series
from app.infra import calendar_queue, clock
from app.infra.db import db, reading, transaction
from app.models import Meeting, PlanningStep, Room
from app.web.errors import sentence_of
from tests import builders
from tests.series import typed
from tests.statements import counted

DAY = date(2026, 9, 1)


@pytest.fixture
def world(app):
    return builders.small_world()


@pytest.fixture
def room(world) -> Room:
    return builders.save(Room(name="Zaal 2", address="Stadhuis, Markt 1"))


@pytest.fixture
def here(world):
    return actor_of(world.coordinator)


@pytest.fixture
def there(world):
    """Staff of the other table, who must not learn who else meets."""
    return actor_of(world.stranger)


def actor_of(who):
    with reading() as session:
        return load_actor(session, who.id, now=clock.now())


def at(start: str, end: str, room=None, **more) -> MeetingTimes:
    values = {"day": DAY, "place": "", "link": "", **more}
    return MeetingTimes(
        start=time.fromisoformat(start), end=time.fromisoformat(end),
        room_id=room.id if room else None, **values,
    )  # fmt: skip


def stored(meeting_id) -> Meeting:
    with reading() as session:
        return session.get_one(Meeting, meeting_id)


def refused(act, *args, **more) -> Refusal:
    with pytest.raises(Refusal) as caught:
        act(*args, **more)
    return caught.value


def test_a_room_becomes_the_place_and_is_not_given_twice(world, room, here, there):
    first = service.plan_meeting(here, world.table.id, at("13:00", "15:20", room))
    assert (stored(first).room_id, stored(first).place) == (room.id, "Zaal 2, Stadhuis, Markt 1")
    for start, end in (
        ("12:00", "13:01"),
        ("15:19", "16:00"),
        ("13:30", "14:00"),
        ("08:00", "20:00"),
    ):
        refusal = refused(service.plan_meeting, there, world.other_table.id, at(start, end, room))
        assert (refusal.reason, refusal.field) == (Reason.ROOM_TAKEN, "room")
    assert sentence_of(refusal) == "Deze ruimte is dan al bezet van 13.00 tot 15.20 uur."
    # Half-open: one ends when the other begins.
    service.plan_meeting(there, world.other_table.id, at("12:00", "13:00", room))
    service.plan_meeting(there, world.other_table.id, at("15:20", "16:00", room))
    service.plan_meeting(there, world.other_table.id, at("13:00", "15:20", place="Elders"))


def test_moving_into_a_taken_room_is_refused_and_nothing_changed(world, room, here, there):
    service.plan_meeting(here, world.table.id, at("13:00", "15:00", room))
    mine = service.plan_meeting(there, world.other_table.id, at("15:00", "16:00", room))
    before = stored(mine)
    taken = at("14:00", "16:00", room)
    refusal = refused(service.move_meeting, there, mine, taken, version=before.version)
    assert refusal.reason is Reason.ROOM_TAKEN
    assert (stored(mine).starts_at, stored(mine).version) == (before.starts_at, before.version)
    # Its own booking is not in its way.
    service.move_meeting(there, mine, at("15:30", "16:30", room), version=before.version)
    away = at("14:00", "16:00", place="Elders")
    service.move_meeting(there, mine, away, version=stored(mine).version)
    assert (stored(mine).room_id, stored(mine).place) == (None, "Elders")


def test_a_cancelled_meeting_frees_its_room_and_taking_that_back_asks_for_it_again(
    world, room, here, there, monkeypatch
):
    monkeypatch.setattr(calendar_queue._Waiting, "delay", timedelta(seconds=30))
    first = service.plan_meeting(here, world.table.id, at("13:00", "15:00", room))
    with transaction() as session:
        calendar_queue.queue_calendar(session, first, [world.coordinator.id])
    service.cancel_meeting(here, first)
    service.plan_meeting(there, world.other_table.id, at("14:00", "16:00", room))
    with reading() as session:
        step = session.scalars(select(PlanningStep)).one()
    assert refused(service.undo, here, first, step.id).reason is Reason.ROOM_TAKEN
    assert stored(first).cancelled_at is not None


def test_a_room_that_ended_takes_no_new_meeting_and_keeps_its_own(world, room, here):
    mine = service.plan_meeting(here, world.table.id, at("13:00", "15:00", room))
    rooms.set_in_use(actor_of(world.administrator), room.id, in_use=False)
    refusal = refused(service.plan_meeting, here, world.table.id, at("08:00", "09:00", room))
    assert refusal.reason is Reason.VALUE_UNKNOWN
    later = at("13:30", "15:30", room)
    service.move_meeting(here, mine, later, version=stored(mine).version)
    assert stored(mine).room_id == room.id


def test_a_series_claims_its_room_for_all_its_days_in_two_statements(world, room, here, there):
    rhythm = typed(first_on=date(2026, 9, 1), last_on=date(2027, 8, 31), place="", room_id=room.id)
    taken = replace_day(at("14:00", "14:30", room), date(2026, 12, 8))
    service.plan_meeting(there, world.other_table.id, taken)
    refusal = refused(series.plan_series, here, world.table.id, rhythm)
    assert sentence_of(refusal) == "Deze ruimte is op 08-12-2026 al bezet van 14.00 tot 14.30 uur."
    with reading() as session:
        assert (
            session.scalar(select(func.count(Meeting.id)).where(Meeting.series_id.is_not(None)))
            == 0
        )
    other = builders.save(Room(name="Zaal 3"))
    with counted() as seen:
        made = series.plan_series(here, world.table.id, replace(rhythm, room_id=other.id))
    assert len([one for one in seen if "room" in one and one.startswith("SELECT room")]) == 2
    with reading() as session:
        places = session.execute(
            select(Meeting.place, Meeting.room_id).where(Meeting.series_id == made).distinct()
        ).all()
    assert places == [("Zaal 3", other.id)]
    day = replace_day(at("14:00", "16:00", other), date(2026, 9, 15))
    assert (
        refused(service.plan_meeting, there, world.other_table.id, day).reason is Reason.ROOM_TAKEN
    )


def test_a_series_changes_its_hour_in_its_own_room(world, room, here, there):
    rhythm = typed(first_on=date(2026, 9, 1), last_on=date(2026, 10, 31), room_id=room.id)
    made = series.plan_series(here, world.table.id, rhythm)
    later = replace(rhythm, start=time(14), end=time(16))
    assert series.change_series(here, made, later, from_on=None) == made
    blocked = replace_day(at("16:00", "17:00", room), date(2026, 9, 8))
    service.plan_meeting(there, world.other_table.id, blocked)
    longer = replace(rhythm, start=time(14), end=time(17))
    refusal = refused(series.change_series, here, made, longer, from_on=None)
    assert refusal.reason is Reason.ROOM_TAKEN_ON


def replace_day(times: MeetingTimes, day: date) -> MeetingTimes:
    return replace(times, day=day)


def test_of_two_planners_at_once_exactly_one_gets_the_room(app, world, room, here, there):
    times = at("13:00", "15:00", room)
    plans = [(here, world.table.id), (there, world.other_table.id)] * 3
    gate = Barrier(len(plans), timeout=60)
    db.session.remove()

    def plan(who) -> bool:
        with app.app_context():
            gate.wait()
            try:
                service.plan_meeting(*who, times)
            except Refusal:
                return False
            finally:
                db.session.remove()
            return True

    with ThreadPoolExecutor(len(plans)) as pool:
        assert sum(pool.map(plan, plans)) == 1


def test_an_administrator_adds_changes_and_ends_rooms_and_no_name_comes_twice(world, room):
    boss = actor_of(world.administrator)
    assert (
        refused(rooms.add_room, boss, RoomData(name="zaal 2", address="")).reason
        is Reason.NAME_TAKEN
    )
    made = rooms.add_room(boss, RoomData(name="Zaal 4", address=""))
    rooms.change_room(boss, made, RoomData(name="Zaal 5", address="Kade 3"), version=1)
    with reading() as session:
        assert session.get_one(Room, made).place == "Zaal 5, Kade 3"
