"""A series that changes, goes on longer or ends: what its meetings and calendars show after it."""

from contextlib import suppress
from datetime import date, datetime, time, timedelta
from threading import Thread

import pytest
from sqlalchemy import select

from app.domain.errors import Reason, Refusal
from app.domain.kinds import DiscussionKind
from app.domain.local_time import AMSTERDAM
from app.features.meetings import items
from app.features.meetings import service as meetings
from app.features.series import service
from app.features.series.plans import stopping_on
from app.infra import clock
from app.infra.db import reading
from app.models import AgendaItem, Meeting, Series
from tests import builders
from tests.series import TUESDAY, WEEKLY, drain, later, meetings_of, planned, starts, typed


def stored(series_id) -> Series:
    with reading() as session:
        return session.get_one(Series, series_id)


def test_this_and_following_at_another_hour_ends_one_series_and_begins_another(
    world, coordinator, mailbox
):
    series_id = planned(coordinator, world)
    prepared = meetings_of(series_id)[5]
    builders.item(prepared, world.case)
    new_id = service.change_series(
        coordinator,
        series_id,
        typed(start=time(9, 30), end=time(11, 0), place="Kamer 7"),
        from_on=date(2027, 3, 23),
    )
    drain()
    assert new_id != series_id
    assert [one.day for one in starts(series_id)] == [2, 9, 16]
    found = starts(new_id)
    assert [(one.day, one.time()) for one in found] == [
        (day, time(9, 30)) for day in (23, 30, 6, 13, 20)
    ]
    assert prepared.id in {one.id for one in meetings_of(new_id)}
    assert mailbox.shows() == sorted([*starts(series_id), *found])
    assert stored(series_id).ended_at is not None


def test_a_fortnightly_series_keeps_its_weeks_when_it_changes(world, coordinator):
    series_id = planned(coordinator, world, interval=2)
    days = [one.date() for one in starts(series_id)]
    # 8 March is a Monday of a week without a meeting.
    new_id = service.change_series(
        coordinator,
        series_id,
        typed(interval=2, start=time(9, 0), end=time(10, 0)),
        from_on=date(2027, 3, 8),
    )
    assert [one.date() for one in [*starts(series_id), *starts(new_id)]] == days


def test_all_at_another_hour_keeps_the_series_when_it_has_not_met(world, coordinator, mailbox):
    series_id = planned(coordinator, world)
    mailbox.fresh()
    same = service.change_series(
        coordinator, series_id, typed(start=time(15, 0), end=time(16, 0)), from_on=None
    )
    drain()
    assert same == series_id
    [letter] = mailbox.fresh()
    assert letter.subject == "Gewijzigd: overlegreeks vanaf 02-03 15:00"
    assert mailbox.shows() == starts(series_id)


def test_other_days_keep_what_was_prepared_and_take_the_rest_away(world, coordinator, mailbox):
    series_id = planned(coordinator, world)
    prepared = meetings_of(series_id)[5]
    builders.item(prepared, world.case)
    new_id = service.change_series(
        coordinator, series_id, typed(weekdays=frozenset({3})), from_on=date(2027, 3, 15)
    )
    drain()
    assert [one.weekday() for one in starts(new_id)] == [3] * 7
    with reading() as session:
        kept = session.get_one(Meeting, prepared.id)
    assert (kept.series_id, kept.cancelled_at) == (None, None)
    single = kept.starts_at.astimezone(AMSTERDAM)
    assert mailbox.shows() == sorted([*starts(series_id), *starts(new_id), single])


def test_a_series_is_extended_and_ended(world, coordinator, mailbox):
    series_id = planned(coordinator, world)
    service.extend_series(coordinator, series_id, date(2027, 6, 30))
    drain()
    # 27 April is King's Day, 5 May no holiday by setting.
    assert [one.day for one in starts(series_id)][8:11] == [4, 11, 18]
    assert mailbox.shows() == starts(series_id)
    with pytest.raises(Refusal) as refused:
        service.extend_series(coordinator, series_id, date(2028, 6, 30))
    assert refused.value.reason is Reason.SERIES_TOO_LONG
    later(days=35)  # 8 March: one meeting was held
    taken = service.end_series(coordinator, series_id, from_on=None)
    drain()
    assert taken == 16
    assert mailbox.shows() == starts(series_id) == [datetime(2027, 3, 2, 13, 0, tzinfo=AMSTERDAM)]
    with pytest.raises(Refusal) as refused:
        service.end_series(coordinator, series_id, from_on=None)
    assert refused.value.reason is Reason.SERIES_ENDED


def test_past_its_year_a_series_goes_on_as_a_new_one_in_the_same_weeks(
    world, coordinator, mailbox, frozen_clock
):
    fortnightly = {"interval": 2, "first_on": date(2027, 2, 2), "last_on": date(2028, 2, 1)}
    series_id = planned(coordinator, world, **fortnightly)
    last = starts(series_id)[-1]
    frozen_clock.moment = datetime(2027, 12, 1, 9, 0, tzinfo=AMSTERDAM)
    goes_on = service.extend_series(coordinator, series_id, date(2028, 10, 31))
    drain()
    assert goes_on != series_id
    assert starts(goes_on)[0] - last == timedelta(days=14)
    assert {one.weekday() for one in starts(goes_on)} == {TUESDAY}
    coming = [one for one in starts(series_id) if one > clock.now()]
    assert set(mailbox.shows()) >= {*coming, *starts(goes_on)}


def test_a_series_without_a_meeting_for_years_goes_on_in_its_own_weeks(
    world, coordinator, frozen_clock
):
    series_id = planned(coordinator, world, interval=2)
    last = starts(series_id)[-1].date()
    frozen_clock.moment = datetime(2029, 5, 2, 9, 0, tzinfo=AMSTERDAM)
    goes_on = service.extend_series(coordinator, series_id, date(2029, 9, 30))
    first = starts(goes_on)[0].date()
    assert first >= date(2029, 5, 2)
    assert (first - last).days % 14 == 0


def test_what_ended_before_its_first_day_is_over(world, coordinator):
    series_id = planned(coordinator, world)
    service.end_series(coordinator, series_id, from_on=date(2027, 2, 20))
    for act in (
        lambda: service.change_series(coordinator, series_id, WEEKLY, from_on=None),
        lambda: service.end_series(coordinator, series_id, from_on=None),
    ):
        with pytest.raises(Refusal) as refused:
            act()
        assert refused.value.reason is Reason.SERIES_ENDED


def test_a_case_put_on_the_agenda_meanwhile_is_never_on_a_cancelled_meeting(
    app, world, coordinator, monkeypatch
):
    series_id = planned(coordinator, world)
    target = meetings_of(series_id)[3]
    late = []

    def put_on() -> None:
        with app.app_context(), suppress(Refusal):
            wanted = items.NewCaseItem(
                case_id=world.case.id, minutes=30, discussion=DiscussionKind.NEW
            )
            items.add_case(coordinator, target.id, wanted)

    def and_then_a_colleague(*args, **more):
        plan = stopping_on(*args, **more)
        late.append(Thread(target=put_on))
        late[0].start()
        late[0].join(1)
        return plan

    monkeypatch.setattr(service, "stopping_on", and_then_a_colleague)
    service.end_series(coordinator, series_id, from_on=None)
    late[0].join(20)
    with reading() as session:
        cancelled = session.get_one(Meeting, target.id).cancelled_at
        found = session.scalars(select(AgendaItem).where(AgendaItem.meeting_id == target.id)).all()
    assert cancelled is not None
    assert found == []


def test_a_cancelled_day_stays_cancelled_when_the_series_changes(world, coordinator, mailbox):
    series_id = planned(coordinator, world)
    gone = meetings_of(series_id)[2]
    meetings.cancel_meeting(coordinator, gone.id)
    drain()
    later(seconds=1)
    service.change_series(coordinator, series_id, typed(place="Kamer 7"), from_on=None)
    drain()
    day = gone.starts_at.astimezone(AMSTERDAM)
    assert day not in starts(series_id)
    assert mailbox.shows() == starts(series_id)


def test_a_fortnightly_series_keeps_its_weeks_when_its_first_day_shifts(world, coordinator):
    series_id = planned(coordinator, world, interval=2)
    days = [one.date() for one in starts(series_id)]
    for hour in (9, 10):
        # 8 March is a Monday of a week without a meeting.
        service.change_series(
            coordinator,
            series_id,
            typed(interval=2, first_on=date(2027, 3, 8), start=time(hour, 0), end=time(12, 0)),
            from_on=None,
        )
        assert [one.date() for one in starts(series_id)] == days[1:]


def test_an_earlier_first_day_plans_the_days_before(world, coordinator):
    series_id = planned(coordinator, world)
    service.change_series(coordinator, series_id, typed(first_on=date(2027, 2, 8)), from_on=None)
    assert starts(series_id)[0].date() == date(2027, 2, 9)
