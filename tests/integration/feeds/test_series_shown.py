"""A series in a subscription: its rule, its exceptions and its gaps, the same in both parsers."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from app.domain.kinds import TableRoleName
from app.features.calendar import feeds
from app.features.series import service as series
from app.infra import clock
from app.infra.db import reading, transaction
from app.models import (
    CaseTable,
    Covenant,
    Meeting,
    Series,
    TableRole,
)
from tests.calendar_readers import read_with_ical_js, read_with_vobject
from tests.feeds import ADDRESS, actor_of, change, drain, events, fetched, later, subscribe
from tests.series import typed


@pytest.fixture
def planned(world, frozen_clock):
    """A series over both clock changes of 2027, one day moved and one cancelled."""
    frozen_clock.moment = datetime(2027, 2, 1, 9, tzinfo=UTC)
    change(CaseTable, world.table, has_standing_reservation=True)
    made = series.plan_series(
        actor_of(world.coordinator),
        world.table.id,
        typed(last_on=datetime(2027, 11, 30, tzinfo=UTC).date()),
    )
    drain()
    with reading() as session:
        rows = session.scalars(
            select(Meeting).where(Meeting.series_id == made).order_by(Meeting.planned_at)
        ).all()
    moved, gone = rows[3], rows[5]
    change(
        Meeting, moved, starts_at=moved.starts_at + timedelta(days=1),
        ends_at=moved.ends_at + timedelta(days=1),
    )  # fmt: skip
    change(Meeting, gone, cancelled_at=clock.now())
    with transaction() as session:
        series._tell(session, session.get_one(Series, made), [world.coordinator.id, world.care.id])
    drain()
    left = [one for one in rows if one.id != gone.id]
    return (
        utc(gone.starts_at),
        sorted(utc(one.starts_at + timedelta(days=one.id == moved.id)) for one in left),
    )


def utc(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize("reader", [read_with_vobject, read_with_ical_js])
def test_a_series_with_exceptions_shows_the_same_days_in_both_parsers(world, planned, reader):
    gone, days = planned
    for who in (world.coordinator, world.care):
        read = reader(fetched(subscribe(who)))["events"]
        assert len({event["uid"] for event in read}) == len(read) == 3
        [cancelled] = [event for event in read if event["status"] == "CANCELLED"]
        assert cancelled["starts"] == [gone]
        going_on = [event for event in read if event is not cancelled]
        assert sorted(start for event in going_on for start in event["starts"]) == days


def test_a_cancelled_day_of_a_series_stays_some_weeks_and_then_is_a_gap(world, planned):
    gone, _ = planned
    token = subscribe(world.coordinator)
    later(weeks=4, seconds=-1)
    before = feeds.fetch(token, address=ADDRESS)
    assert gone in starts_of(feeds.render(before))
    later(seconds=1)
    after = feeds.fetch(token, address=ADDRESS)
    assert gone not in starts_of(feeds.render(after))
    assert after.state != before.state


def test_it_stays_as_cancelled_when_the_rule_is_told_anew(world, planned):
    gone, _ = planned
    with transaction() as session:
        row = session.scalars(select(Series)).one()
        row.place = "Zaal 9"
        session.flush()
        series._tell(session, row, [world.coordinator.id])
    drain()
    data = fetched(subscribe(world.coordinator))
    read = read_with_vobject(data)["events"]
    assert [one["starts"] for one in read if one["status"] == "CANCELLED"] == [[gone]]
    assert starts_of(data).count(gone) == 1


def starts_of(data: bytes) -> list[str]:
    return [start for event in read_with_vobject(data)["events"] for start in event["starts"]]


def test_a_series_goes_with_the_role_the_covenant_and_the_reservation(world, planned):
    staff, partner = subscribe(world.coordinator), subscribe(world.care)
    assert events(staff)
    assert events(partner)
    change(CaseTable, world.table, has_standing_reservation=False)
    assert (bool(events(staff)), bool(events(partner))) == (True, False)
    change(CaseTable, world.table, has_standing_reservation=True)
    with transaction() as session:
        session.execute(
            update(Covenant)
            .where(Covenant.organisation_id == world.care_organisation.id)
            .values(until_at=clock.now())
        )
    assert events(partner) == []
    with transaction() as session:
        session.execute(
            update(TableRole)
            .where(
                TableRole.person_id == world.coordinator.id,
                TableRole.role == TableRoleName.COORDINATOR,
            )
            .values(until_at=clock.now())
        )
    assert events(staff) == []
