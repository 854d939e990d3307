from datetime import date, datetime, timedelta

import pytest

from app.domain.local_time import AMSTERDAM
from app.domain.time_left import time_left

# Monday 1 June 2026, ten o'clock; Friday is a holiday here.
NOW = datetime(2026, 6, 1, 10, 0, tzinfo=AMSTERDAM)
FREE = frozenset({date(2026, 6, 5)}).__contains__


@pytest.mark.parametrize(
    ("due_at", "is_late", "days"),
    [
        (datetime(2026, 6, 2, 0, 0, tzinfo=AMSTERDAM), False, 0),
        (datetime(2026, 6, 1, 10, 1, tzinfo=AMSTERDAM), False, 0),
        (datetime(2026, 6, 3, 0, 0, tzinfo=AMSTERDAM), False, 1),
        (datetime(2026, 6, 9, 0, 0, tzinfo=AMSTERDAM), False, 4),
        (NOW, True, 0),
        (datetime(2026, 6, 1, 0, 0, tzinfo=AMSTERDAM), True, 1),
        (NOW - timedelta(days=10), True, 10),
    ],
)
def test_working_days_are_left_and_days_are_late(due_at, is_late, days):
    found = time_left(due_at, NOW, FREE)
    assert (found.is_late, found.days) == (is_late, days)
