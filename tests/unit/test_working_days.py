from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.local_time import local_to_utc, to_local
from app.domain.working_days import (
    add_working_days,
    is_working_day,
    midnight_after,
    midnight_before,
    subtract_working_days,
)

CHRISTMAS = frozenset({date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1)})
is_holiday = CHRISTMAS.__contains__
days = st.dates(date(2000, 1, 1), date(2100, 1, 1))
holidays = st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=25)


def never(day: date) -> bool:
    return False


def always(day: date) -> bool:
    return True


def test_weekends_and_holidays_are_no_working_days():
    assert is_working_day(date(2026, 12, 24), is_holiday)
    assert not is_working_day(date(2026, 12, 25), is_holiday)
    assert not is_working_day(date(2026, 12, 27), is_holiday)


@pytest.mark.parametrize(
    ("day", "count", "after", "before"),
    [
        (date(2026, 12, 23), 0, date(2026, 12, 23), date(2026, 12, 23)),
        (date(2026, 12, 23), 1, date(2026, 12, 24), date(2026, 12, 22)),
        (date(2026, 12, 24), 1, date(2026, 12, 28), date(2026, 12, 23)),
        (date(2026, 12, 26), 1, date(2026, 12, 28), date(2026, 12, 24)),
        (date(2026, 12, 24), 5, date(2027, 1, 4), date(2026, 12, 17)),
    ],
)
def test_working_days_are_counted_over_weekends_and_holidays(day, count, after, before):
    assert add_working_days(day, count, is_holiday) == after
    assert subtract_working_days(day, count, is_holiday) == before


def test_a_negative_count_and_endless_holidays_are_refused():
    with pytest.raises(ValueError, match="from 0"):
        add_working_days(date(2026, 1, 1), -1, never)
    with pytest.raises(ValueError, match="no working day"):
        subtract_working_days(date(2026, 1, 1), 1, always)


def test_boundaries_are_dutch_midnights_also_across_a_clock_change():
    friday = local_to_utc(date(2026, 10, 23), datetime.min.time().replace(hour=13))
    monday = local_to_utc(date(2026, 10, 26), datetime.min.time().replace(hour=9))
    assert midnight_before(monday, 1, never) == datetime(2026, 10, 22, 22, tzinfo=UTC)
    assert midnight_after(friday, 1, never) == datetime(2026, 10, 26, 23, tzinfo=UTC)


def test_zero_days_reach_to_the_edges_of_the_day_itself():
    noon = local_to_utc(date(2026, 6, 3), datetime.min.time().replace(hour=12))
    assert to_local(midnight_before(noon, 0, never)).isoformat() == "2026-06-03T00:00:00+02:00"
    assert to_local(midnight_after(noon, 0, never)).isoformat() == "2026-06-04T00:00:00+02:00"


@given(days, st.integers(1, 30), holidays)
def test_the_answer_is_a_working_day_with_exactly_that_many_counted(day, count, closed):
    result = add_working_days(day, count, closed.__contains__)
    assert is_working_day(result, closed.__contains__)
    between = (day + timedelta(days=n) for n in range(1, (result - day).days + 1))
    assert sum(is_working_day(one, closed.__contains__) for one in between) == count


@given(days, st.integers(1, 30), holidays)
def test_from_a_working_day_there_and_back_is_where_one_was(day, count, closed):
    if is_working_day(day, closed.__contains__):
        there = add_working_days(day, count, closed.__contains__)
        assert subtract_working_days(there, count, closed.__contains__) == day
