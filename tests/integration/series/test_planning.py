"""A rhythm becomes meetings, each in the mailboxes of its staff and read back by an independent parser."""

from datetime import date, time
from time import process_time

import pytest
from sqlalchemy import select, update

from app.access import load_actor
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import SeriesAudience, TableRoleName
from app.domain.rhythm import RhythmKind
from app.features.meetings import service as meetings
from app.features.series import closures as closing
from app.features.series import service
from app.infra import clock
from app.infra.db import reading, transaction
from app.models import CaseTable, Series, SeriesEntry, TableRole
from tests import builders
from tests.series import WEEKLY, drain, later, meetings_of, planned, starts, typed
from tests.statements import counted


def test_a_rhythm_plans_its_meetings_and_tells_the_staff_once(world, coordinator, mailbox):
    series_id = planned(coordinator, world)
    found = starts(series_id)
    assert [one.day for one in found] == [2, 9, 16, 23, 30, 6, 13, 20]
    assert {one.time() for one in found} == {time(13, 0)}
    [letter] = mailbox.fresh()
    assert letter.subject == "Overlegreeks vanaf 02-03 13:00"
    assert "Kanarie" not in letter.calendar
    assert mailbox.shows() == found


def test_partners_get_a_standing_reservation_only_where_the_table_wants_one(
    world, coordinator, mails
):
    with transaction() as session:
        session.execute(
            update(CaseTable)
            .where(CaseTable.id == world.table.id)
            .values(has_standing_reservation=True)
        )
        builders_role = TableRole(
            person_id=world.police.id,
            table_id=world.table.id,
            role=TableRoleName.REPRESENTATIVE,
            from_at=clock.now(),
        )
        session.add(builders_role)
    series_id = planned(coordinator, world)
    [letter] = mails(recipient=world.police.email)
    assert letter.subject == "Vrij te houden: overleg vanaf 02-03 13:00"
    with reading() as session:
        audiences = set(session.scalars(select(SeriesEntry.audience)))
    assert audiences == set(SeriesAudience)
    # A later invitation for the own slot leaves it as it is.
    assert [one.place for one in meetings_of(series_id)] == ["Kamer 1"] * 8


def test_one_meeting_moves_and_one_is_cancelled_each_on_its_own(world, coordinator, mailbox):
    series_id = planned(coordinator, world)
    mailbox.fresh()
    third, fifth = meetings_of(series_id)[2], meetings_of(series_id)[4]
    times = meetings.MeetingTimes(
        day=date(2027, 3, 18), start=time(9), end=time(11), place="Kamer 2", link=""
    )
    meetings.move_meeting(coordinator, third.id, times, version=third.version)
    drain()
    [moved] = mailbox.fresh()
    assert "RECURRENCE-ID;TZID=Europe/Amsterdam:20270316T130000" in moved.calendar
    later(seconds=1)
    meetings.cancel_meeting(coordinator, fifth.id)
    drain()
    [cancelled] = mailbox.fresh()
    assert cancelled.calendar_method == "CANCEL"
    assert "RECURRENCE-ID;TZID=Europe/Amsterdam:20270330T130000" in cancelled.calendar
    assert mailbox.shows() == sorted(starts(series_id))
    drain()
    assert mailbox.fresh() == []


def test_an_own_closure_and_holidays_are_left_out(world, coordinator):
    closing.add_closure(
        coordinator,
        world.table.id,
        closing.Closure(name="Verbouwing", first_on=date(2027, 3, 8), last_on=date(2027, 3, 16)),
    )
    series_id = planned(coordinator, world, kind=RhythmKind.WORKING_DAYS)
    days = {one.date() for one in starts(series_id)}
    assert not days & {date(2027, 3, day) for day in (8, 9, 10, 11, 12, 15, 16)}
    assert date(2027, 3, 26) not in days, "Good Friday"
    assert date(2027, 3, 29) not in days, "Easter Monday"
    assert date(2027, 3, 17) in days


@pytest.mark.parametrize(
    ("changes", "reason", "field"),
    [
        ({"weekdays": frozenset()}, Reason.WEEKDAY_MISSING, "weekdays"),
        ({"end": time(12, 0)}, Reason.END_BEFORE_START, "end"),
        ({"last_on": date(2028, 3, 1)}, Reason.SERIES_TOO_LONG, "last_on"),
        ({"last_on": date(2027, 2, 1)}, Reason.END_BEFORE_START, "last_on"),
        (
            {"first_on": date(2027, 1, 1), "last_on": date(2027, 1, 20)},
            Reason.NO_DAY_LEFT,
            "last_on",
        ),
        (
            {"kind": RhythmKind.EVERY_DAY, "start": time(2, 30), "end": time(4, 0)},
            Reason.HOUR_DOES_NOT_EXIST,
            "start",
        ),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_saved(world, coordinator, changes, reason, field):
    with pytest.raises(Refusal) as refused:
        service.plan_series(coordinator, world.table.id, typed(**changes))
    assert (refused.value.reason, refused.value.field) == (reason, field)
    with reading() as session:
        assert session.scalars(select(Series)).all() == []


def test_another_tables_series_does_not_exist(world, coordinator):
    elsewhere = builders.table("ZSM Elders", "ZSM")
    with pytest.raises(NotVisible):
        service.plan_series(coordinator, elsewhere.id, WEEKLY)
    series_id = planned(coordinator, world)
    other = builders.coordinator(world.police_organisation, elsewhere)
    with reading() as session:
        stranger = load_actor(session, other.id, now=clock.now())
    for act in (
        lambda: service.change_series(stranger, series_id, WEEKLY, from_on=None),
        lambda: service.extend_series(stranger, series_id, date(2027, 6, 1)),
        lambda: service.end_series(stranger, series_id, from_on=None),
    ):
        with pytest.raises(NotVisible):
            act()


def test_a_year_of_working_days_is_planned_in_few_statements(world, coordinator):
    """Limit: about 253 meetings in at most 60 statements and 2 seconds."""
    # The work itself: what else this machine is busy with does not count.
    began = process_time()
    with counted() as statements:
        series_id = service.plan_series(
            coordinator,
            world.table.id,
            typed(
                kind=RhythmKind.WORKING_DAYS,
                first_on=date(2027, 3, 1),
                last_on=date(2028, 2, 29),
            ),
        )
    took = process_time() - began
    assert len(meetings_of(series_id)) == 257
    assert len(statements) <= 60
    assert took < 2
    assert_changes_and_ends_in_few_statements(world, coordinator, series_id)


def assert_changes_and_ends_in_few_statements(world, coordinator, series_id) -> None:
    """A prepared meeting costs statements of its own; the others of a year cost none."""
    for number in (10, 20):
        builders.item(meetings_of(series_id)[number], world.case)
    year = typed(
        kind=RhythmKind.WORKING_DAYS, last_on=date(2028, 2, 29), start=time(9), end=time(10)
    )
    with counted() as changing:
        same = service.change_series(coordinator, series_id, year, from_on=None)
    assert same == series_id
    with counted() as ending:
        assert service.end_series(coordinator, series_id, from_on=None) == 255
    assert len(changing) <= 60
    assert len(ending) <= 30
