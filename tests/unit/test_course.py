"""When a running meeting is expected to end: half-open edges, pauses in the agenda, the clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.domain.course import Leg, Outlook, outlook
from app.domain.local_time import to_local

START = datetime(2026, 6, 15, 11, 0, tzinfo=UTC)
OPENING = Leg(minutes=10, is_case=False)
CLOSING = Leg(minutes=10, is_case=False)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def ahead(legs: list[Leg], now: datetime, planned: datetime) -> Outlook:
    return outlook(legs, started_at=START, planned_end=planned, now=now)


def test_before_the_first_case_the_whole_agenda_is_to_come():
    legs = [OPENING, Leg(minutes=30), Leg(minutes=20), CLOSING]
    assert ahead(legs, at(2), at(70)) == Outlook(at(70), 0)
    assert ahead(legs, at(13), at(70)) == Outlook(at(73), 3)


def test_the_item_on_the_table_ends_by_its_timer_and_past_it_just_now():
    legs = [OPENING, Leg(minutes=30, ends_at=at(40)), Leg(minutes=20), CLOSING]
    assert ahead(legs, at(25), at(70)) == Outlook(at(70), 0)
    assert ahead(legs, at(40), at(70)) == Outlook(at(70), 0)
    assert ahead(legs, at(45), at(70)) == Outlook(at(75), 5)


def test_less_than_a_minute_late_is_on_schedule():
    legs = [Leg(minutes=30, ends_at=at(30))]
    assert ahead(legs, at(31) - timedelta(seconds=1), at(30)).is_on_schedule
    assert ahead(legs, at(31), at(30)) == Outlook(at(31), 1)


def test_blocks_before_the_case_taken_up_last_are_over():
    legs = [OPENING, Leg(minutes=30, closed_at=at(20)), Leg(minutes=20, ends_at=at(40))]
    assert ahead(legs, at(25), at(60)) == Outlook(at(40), 0)


def test_a_break_with_a_time_of_its_own_is_waited_for_and_ends_while_it_goes_on():
    legs = [
        Leg(minutes=30, closed_at=at(30)),
        Leg(minutes=10, is_case=False, fixed_at=at(50)),
        Leg(minutes=20),
    ]
    assert ahead(legs, at(31), at(80)).ends_at == at(80)
    assert ahead(legs, at(55), at(80)).ends_at == at(80)
    assert ahead(legs, at(65), at(80)) == Outlook(at(85), 5)


def test_a_case_taken_up_out_of_order_comes_first():
    legs = [Leg(minutes=30), Leg(minutes=20, ends_at=at(25))]
    assert ahead(legs, at(10), at(60)).ends_at == at(55)


def test_when_all_is_closed_it_ends_now():
    assert ahead([Leg(minutes=30, closed_at=at(30))], at(33), at(30)) == Outlook(at(33), 3)
    assert ahead([], at(33), at(40)) == Outlook(at(33), 0)


@pytest.mark.parametrize("day", [datetime(2026, 10, 25), datetime(2026, 3, 29)])  # noqa: DTZ001
def test_minutes_are_minutes_when_the_clock_changes(day):
    midnight = day.replace(tzinfo=ZoneInfo("Europe/Amsterdam")).astimezone(UTC)
    found = outlook([Leg(minutes=240)], started_at=midnight, planned_end=midnight, now=midnight)
    assert found.ends_at - midnight == timedelta(hours=4)
    assert to_local(found.ends_at).hour == (3 if day.month == 10 else 5)


def test_moments_need_a_zone():
    with pytest.raises(ValueError, match="zone"):
        outlook([], started_at=datetime(2026, 6, 15), planned_end=START, now=START)  # noqa: DTZ001
