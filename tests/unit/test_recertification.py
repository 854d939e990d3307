"""When organisations are asked who still works there: twice a year, on a weekday at eight."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.local_time import to_local
from app.domain.recertification import Steps, began_at, steps

OPENED = datetime(2026, 9, 1, 6, tzinfo=UTC)
SPAN = (datetime(2020, 1, 1), datetime(2060, 1, 1))  # noqa: DTZ001 - Hypothesis adds the zone


@pytest.mark.parametrize(
    ("now", "began"),
    [
        # 1 March 2026 is a Sunday; the first of September a Tuesday, an hour earlier in UTC.
        ((2026, 3, 2, 6, 59), (2025, 9, 1, 6)),
        ((2026, 3, 2, 7), (2026, 3, 2, 7)),
        ((2026, 9, 1, 5, 59), (2026, 3, 2, 7)),
        ((2026, 9, 1, 6), (2026, 9, 1, 6)),
        ((2027, 1, 1, 0), (2026, 9, 1, 6)),
    ],
)
def test_a_round_begins_on_the_first_weekday_of_march_and_september(now, began):
    assert began_at(datetime(*now, tzinfo=UTC)) == datetime(*began, tzinfo=UTC)


@given(st.datetimes(*SPAN, timezones=st.just(UTC)))
def test_it_is_the_last_one_and_at_eight_on_a_weekday(now):
    began = began_at(now)
    local = to_local(began)
    assert began <= now < began + timedelta(days=187)
    assert (local.hour, local.weekday() < 5, local.month in {3, 9}) == (8, True, True)


@pytest.mark.parametrize(
    ("days", "due"),
    [(13, (0, 0, 0)), (14, (1, 0, 0)), (28, (1, 1, 0)), (41, (1, 1, 0)), (42, (1, 1, 1))],
)
def test_what_is_due_after_so_many_days(days, due):
    found = steps(OPENED, now=OPENED + timedelta(days=days))
    assert found == Steps(*map(bool, due))
