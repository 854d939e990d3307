"""A table begins or stops to keep its partners' time: their calendars follow, nobody else's."""

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from app.access import load_actor
from app.access.meetings.series import FreeDays
from app.domain.kinds import TableRoleName
from app.domain.local_time import AMSTERDAM
from app.domain.rhythm import RhythmKind
from app.features.calendar.queries import own_slot_file
from app.features.series import service as series
from app.features.series.plans import TypedRhythm
from app.features.tables import covenants, service
from app.infra import clock, outbox
from app.infra.calendar_queue import queue_calendar
from app.infra.db import reading, transaction
from app.models import CaseTable, Covenant, Invitation, SeriesEntry
from tests import builders

WEEKLY = TypedRhythm(
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


def drain() -> None:
    while outbox.drain():
        pass


@pytest.fixture
def world(app, frozen_clock):
    """A table with a series; the police and GGZ are represented there."""
    frozen_clock.moment = datetime(2027, 2, 1, 9, 0, tzinfo=AMSTERDAM)
    made = builders.small_world()
    series.plan_series(actor(made.coordinator), made.table.id, WEEKLY)
    drain()
    return made


def actor(who):
    with reading() as session:
        return load_actor(session, who.id, now=clock.now())


def change(world, **changes) -> None:
    with reading() as session:
        table = session.get_one(CaseTable, world.table.id)
        fields = {name: getattr(table, name, ()) for name in service.TableData.__dataclass_fields__}
        fields["kind_code"] = table.kind_code or table.kind.value
        version = table.version
    data = service.TableData(**{**fields, **changes})
    service.change_table(actor(world.administrator), world.table.id, data, version=version)
    drain()


def reserved(world) -> set:
    """Whose calendar shows the series, besides the staff's."""
    staff = {world.chair.id, world.coordinator.id}
    with reading() as session:
        return (
            set(
                session.scalars(
                    select(SeriesEntry.person_id).where(SeriesEntry.cancelled_at.is_(None))
                )
            )
            - staff
        )


def test_representatives_get_and_lose_the_series_with_the_setting(world, mails):
    assert reserved(world) == set()
    change(world, has_standing_reservation=True, calendar_words="Werkoverleg")
    assert reserved(world) == {world.police.id, world.care.id}
    [letter] = mails(recipient=world.police.email)
    assert "SUMMARY:Werkoverleg" in letter.calendar
    clock._current.advance(timedelta(seconds=1))
    change(world, has_standing_reservation=False)
    assert reserved(world) == set()
    assert "CANCEL" in {one.calendar_method for one in mails(recipient=world.police.email)}


def test_another_setting_tells_nobody(world, mails):
    sent = len(mails())
    change(world, minutes_per_item=45, children_first=True)
    assert len(mails()) == sent


def test_a_covenant_carries_the_reservation_from_its_first_to_its_last_day(world, frozen_clock):
    change(world, has_standing_reservation=True)
    with reading() as session:
        old = session.scalars(
            select(Covenant).where(
                Covenant.organisation_id == world.care_organisation.id,
                Covenant.table_id == world.table.id,
            )
        ).one()
    boss = actor(world.administrator)
    last = date(2027, 2, 9)
    covenants.change_covenant(
        boss, world.table.id, old.id, from_on=date(2025, 1, 1), until_on=last, seen_until=last
    )
    drain()
    assert reserved(world) == {world.police.id, world.care.id}
    frozen_clock.moment = datetime(2027, 2, 10, 0, 0, tzinfo=AMSTERDAM)
    drain()
    assert reserved(world) == {world.police.id}

    school = builders.organisation("SCH", name="School")
    teacher = builders.person(school)
    data = covenants.CovenantData(
        organisation_id=school.id, from_on=date(2027, 2, 12), until_on=None
    )
    covenants.add_covenant(boss, world.table.id, data)
    # Who begins in between is there when the covenant begins.
    builders.role(teacher, world.table, TableRoleName.REPRESENTATIVE)
    drain()
    assert reserved(world) == {world.police.id}
    frozen_clock.moment = datetime(2027, 2, 12, 8, 0, tzinfo=AMSTERDAM)
    drain()
    assert reserved(world) == {world.police.id, teacher.id}


def test_the_own_words_stand_in_a_single_entry_and_in_its_file(world, mails):
    change(world, calendar_words="Werkoverleg")
    meeting = builders.meeting(world.table, starts_at=clock.now() + timedelta(days=7))
    builders.seat(builders.item(meeting, world.case), world.police_organisation, world.police)
    with transaction() as session:
        queue_calendar(session, meeting.id, [world.police.id])
    drain()
    [letter] = mails(recipient=world.police.email)
    assert "SUMMARY:Werkoverleg" in letter.calendar
    with reading() as session:
        entry = session.scalars(
            select(Invitation.id).where(Invitation.person_id == world.police.id)
        ).one()
    file = own_slot_file(actor(world.police), meeting.id, entry)
    assert b"SUMMARY:Werkoverleg" in file
