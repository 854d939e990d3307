"""The deadline for input after a meeting moved."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.deadlines import propose_deadline
from app.domain.local_time import AMSTERDAM, to_local

HOLIDAYS = frozenset({datetime(2026, 5, 14, tzinfo=UTC).date()})


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM).astimezone(UTC)


def proposed(deadline: str, old: str, new: str, now: str = "2026-03-01 10:00") -> str:
    moment = propose_deadline(
        at(deadline), old_start=at(old), new_start=at(new), now=at(now),
        is_holiday=HOLIDAYS.__contains__,
    )  # fmt: skip
    return f"{to_local(moment):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("deadline", "old", "new", "wanted"),
    [
        # As far ahead of the start as it was, on the clock.
        ("2026-03-10 12:00", "2026-03-12 13:00", "2026-03-19 13:00", "2026-03-17 12:00"),
        # Over the change of the clocks of 29 March.
        ("2026-03-24 12:00", "2026-03-26 13:00", "2026-03-31 13:00", "2026-03-27 17:00"),
        ("2026-03-25 12:00", "2026-03-26 13:00", "2026-04-01 13:00", "2026-03-31 12:00"),
        # A Sunday, an evening, a night and a holiday: the end of the working day before.
        ("2026-03-10 12:00", "2026-03-12 13:00", "2026-03-17 13:00", "2026-03-13 17:00"),
        ("2026-03-11 13:00", "2026-03-12 13:00", "2026-03-19 19:00", "2026-03-18 17:00"),
        ("2026-03-12 07:00", "2026-03-12 13:00", "2026-03-19 13:00", "2026-03-18 17:00"),
        ("2026-05-05 12:00", "2026-05-07 12:00", "2026-05-16 12:00", "2026-05-13 17:00"),
        # It stood after the start: not later than the start.
        ("2026-03-13 12:00", "2026-03-12 13:00", "2026-03-19 13:00", "2026-03-19 13:00"),
    ],
)
def test_the_distance_to_the_start_stays(deadline, old, new, wanted):
    assert proposed(deadline, old, new) == wanted


@pytest.mark.parametrize(
    ("now", "new", "wanted"),
    [
        ("2026-03-10 10:00", "2026-03-11 13:00", "2026-03-10 17:00"),
        ("2026-03-10 15:00", "2026-03-11 13:00", "2026-03-11 12:00"),
        ("2026-03-10 15:00", "2026-03-10 17:00", "2026-03-10 16:00"),
        ("2026-03-10 15:00", "2026-03-10 15:04", "2026-03-10 15:04"),
    ],
)
def test_what_would_be_past_is_soon(now, new, wanted):
    assert proposed("2026-03-10 12:00", "2026-03-20 13:00", new, now) == wanted


@given(
    st.integers(0, 60 * 24 * 40), st.integers(-60 * 24, 60 * 24 * 40), st.integers(1, 60 * 24 * 40)
)
def test_always_ahead_and_never_after_the_start(old, ahead, new):
    now = 1_790_000_000
    old_start, new_start = (datetime.fromtimestamp(now + 60 * n, UTC) for n in (old, new))
    moment = propose_deadline(
        datetime.fromtimestamp(now + 60 * (old - ahead), UTC), old_start=old_start,
        new_start=new_start, now=datetime.fromtimestamp(now, UTC), is_holiday=lambda _day: False,
    )  # fmt: skip
    assert now < moment.timestamp() <= new_start.timestamp()
