"""Clocks of a case: calendar time runs on through weekends, working days skip what is free."""

from datetime import UTC, datetime, time

import pytest

from app.domain import presets
from app.domain.case_clocks import due
from app.domain.kind_document import ClockRule, Weekly, Words
from app.domain.kinds import ClockStart, ClockUnit, TableKind
from app.domain.local_time import AMSTERDAM
from app.infra.holidays_nl import is_holiday

ORDER = {one.code: one for one in presets.document_of(TableKind.EXCLUSION_ORDER).clocks}
MONDAY_NOON = Weekly(0, time(12, 0))


def at(year, month, day, hour=0, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=AMSTERDAM)


def rule(amount, unit, *, weekly=None):
    return ClockRule("any", Words("a", "a"), ClockStart.REFERRAL, amount, unit, weekly)


@pytest.mark.parametrize(("code", "day"), [
    ("day-3", 6), ("day-7", 10), ("day-8", 11), ("day-10", 13),
])  # fmt: skip
def test_the_days_of_an_exclusion_order_run_through_easter_and_are_never_rolled_on(code, day):
    """Served on Good Friday 2026: day 3 is Easter Monday, day 8 a Saturday."""
    found = due(ORDER[code], at(2026, 4, 3, 21, 40), is_holiday)
    assert found == at(2026, 4, day, 21, 40)


def test_day_28_ends_on_the_clock_on_the_wall_where_summer_begins_or_ends():
    assert due(ORDER["day-28"], at(2026, 3, 20, 2, 30), is_holiday) == at(2026, 4, 17, 2, 30)
    assert due(ORDER["day-28"], at(2026, 10, 10, 9, 0), is_holiday) == at(2026, 11, 7, 9, 0)
    # 29 March 2.30 does not exist and 25 October 2.30 exists twice: one moment all the same.
    assert due(ORDER["day-3"], at(2026, 3, 26, 2, 30), is_holiday) == datetime(
        2026, 3, 29, 1, 30, tzinfo=UTC
    )
    assert due(ORDER["day-3"], at(2026, 10, 22, 2, 30), is_holiday) == datetime(
        2026, 10, 25, 0, 30, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("since", "hours", "until"),
    [
        (at(2026, 3, 28, 14), 24, at(2026, 3, 29, 15)),
        (at(2026, 10, 24, 14), 24, at(2026, 10, 25, 13)),
        (at(2026, 6, 1, 9), 9, at(2026, 6, 1, 18)),
    ],
)
def test_hours_are_real_hours(since, hours, until):
    assert due(rule(hours, ClockUnit.HOURS), since, is_holiday) == until


@pytest.mark.parametrize(
    ("since", "days", "until"),
    [
        # A Friday afternoon: five working days end with the next Friday.
        (at(2026, 6, 5, 16, 59), 5, at(2026, 6, 13)),
        # Over Easter and over Christmas.
        (at(2026, 4, 2, 10), 2, at(2026, 4, 9)),
        (at(2026, 12, 24, 10), 2, at(2026, 12, 30)),
    ],
)
def test_working_days_skip_weekends_and_holidays_and_end_at_midnight(since, days, until):
    assert due(rule(days, ClockUnit.WORKING_DAYS), since, is_holiday) == until


@pytest.mark.parametrize(
    ("since", "until"),
    [
        (at(2026, 6, 1, 11, 59), at(2026, 6, 1, 12)),
        (at(2026, 6, 1, 12), at(2026, 6, 8, 12)),
        (at(2026, 6, 2, 8), at(2026, 6, 8, 12)),
        # Over the weekend in which summer time begins, and ends.
        (at(2026, 3, 27, 8), at(2026, 3, 30, 12)),
        (at(2026, 10, 23, 8), at(2026, 10, 26, 12)),
        # A holiday is no reason to close the list later.
        (at(2026, 4, 4, 8), at(2026, 4, 6, 12)),
    ],
)
def test_a_weekly_deadline_is_the_next_one_and_exactly_then_it_has_passed(since, until):
    assert due(rule(0, ClockUnit.DAYS, weekly=MONDAY_NOON), since, is_holiday) == until


def test_weeks_keep_the_time_on_the_wall():
    assert due(rule(2, ClockUnit.WEEKS), at(2026, 3, 20, 9), is_holiday) == at(2026, 4, 3, 9)
