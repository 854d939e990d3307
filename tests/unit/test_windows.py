from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.local_time import local_to_utc
from app.domain.windows import Window, closes_at, contains, opens_at

START = local_to_utc(date(2026, 12, 1), time(13))
END = local_to_utc(date(2026, 12, 1), time(16))
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def never(day: date) -> bool:
    return False


def opened(published_at: datetime) -> datetime:
    return opens_at(published_at=published_at, starts_at=START, days_before=5, is_holiday=never)


def test_it_opens_five_working_days_before_the_start_when_published_early():
    assert opened(START - timedelta(days=30)) == local_to_utc(date(2026, 11, 24), time(0))


def test_it_opens_at_publication_when_published_late():
    late = START - timedelta(hours=2)
    assert opened(late) == late


@pytest.mark.parametrize(
    ("closed_at", "last_day"),
    [(None, date(2026, 12, 8)), (local_to_utc(date(2026, 12, 3), time(11)), date(2026, 12, 10))],
)
def test_it_closes_at_the_end_of_the_fifth_working_day_after_closing_or_planned_end(
    closed_at, last_day
):
    closes = closes_at(planned_end=END, closed_at=closed_at, days_after=5, is_holiday=never)
    assert closes == local_to_utc(last_day + timedelta(days=1), time(0))


def test_a_window_holds_its_first_moment_and_not_its_last():
    window = Window(START, END)
    tick = timedelta(microseconds=1)
    inside = [contains(window, now) for now in (START - tick, START, END - tick, END)]
    assert inside == [False, True, True, False]


def test_a_window_published_after_it_would_have_closed_is_empty():
    window = Window(END, START)
    assert not any(contains(window, now) for now in (START, END, START - timedelta(1)))


def test_naive_moments_are_refused():
    with pytest.raises(ValueError, match="zone"):
        Window(datetime(2026, 1, 1), END)  # noqa: DTZ001


@given(moments, moments, moments)
def test_containing_is_the_half_open_comparison_and_nothing_else(opens, closes, now):
    assert contains(Window(opens, closes), now) == (opens <= now < closes)
