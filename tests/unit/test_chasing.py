"""The steps of a term: nights in which the clocks change, what may be set, what was before it."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import chasing
from app.domain.chasing import USUAL, Schedule, Term
from app.domain.errors import Refusal
from app.domain.local_time import to_local
from app.domain.working_days import is_working_day

LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)
EASTER = frozenset({date(2026, 4, 3), date(2026, 4, 6), date(2026, 4, 27)})
is_holiday = EASTER.__contains__
NIGHT_HOURS = (
    # Due at half past two when the clock jumps, and when that hour comes twice.
    (datetime(2026, 3, 28, 1, 30, tzinfo=UTC), date(2026, 3, 28), "29-03 03.30"),
    (datetime(2026, 10, 24, 0, 30, tzinfo=UTC), date(2026, 10, 24), "25-10 02.30"),
)


def local(moment: datetime) -> str:
    return to_local(moment).strftime("%d-%m %H.%M")


@pytest.mark.parametrize(("due_at", "due_on", "day_after"), NIGHT_HOURS)
def test_a_night_without_the_hour_or_with_two_of_it_has_one_step(due_at, due_on, day_after):
    term = Term(due_on=due_on, due_at=due_at, since=LONG_AGO)
    steps = chasing.steps_of(term, USUAL, is_holiday)
    assert [local(one.at) for one in steps if (one.step.value, one.days) == ("after", 1)] == [
        day_after
    ]
    assert [one.at for one in steps] == sorted(one.at for one in steps)


def test_what_lay_before_the_term_was_set_is_no_step():
    since = datetime(2026, 4, 7, 9, 0, tzinfo=UTC)
    steps = chasing.steps_of(Term(due_on=date(2026, 4, 7), since=since), USUAL, is_holiday)
    assert [(one.step.value, local(one.at)) for one in steps] == [
        ("after", "08-04 08.00"), ("deputy", "10-04 08.00"), ("after", "14-04 08.00"),
        ("contact", "16-04 08.00"), ("chair", "21-04 08.00"),
    ]  # fmt: skip


def test_48_hours_between_two_reminders_are_counted_in():
    wednesday = Term(due_on=date(2026, 4, 8), since=LONG_AGO)
    assert [
        local(one.at) for one in chasing.expected(wednesday, USUAL, is_holiday) if not one.is_rung
    ] == ["01-04 08.00", "08-04 08.00", "10-04 08.00", "15-04 08.00"]
    by_hand = datetime(2026, 4, 9, 13, 20, tzinfo=UTC)
    told = chasing.expected(wednesday, USUAL, is_holiday, last_told_at=by_hand)
    assert local(told[0].at) == "13-04 08.00", "two days later is a Saturday"


schedules = st.builds(
    Schedule,
    days_before=st.frozensets(st.integers(1, 60), max_size=5).map(lambda days: tuple(sorted(days))),
    on_the_day=st.booleans(),
    days_after=st.frozensets(st.integers(1, 60), max_size=5).map(lambda days: tuple(sorted(days))),
    quiet_from=st.integers(13 * 60, 24 * 60),
    quiet_until=st.integers(6 * 60, 12 * 60),
)


@given(schedules, st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_every_step_of_every_schedule_lies_where_people_may_be_told(schedule, due_on):
    chasing.refuse_odd(schedule)
    term = Term(due_on=due_on, since=LONG_AGO)
    steps = chasing.expected(term, schedule, is_holiday)
    for one in steps:
        assert chasing.may_tell(schedule, one.at, is_holiday)
        assert is_working_day(to_local(one.at).date(), is_holiday)
    reminders = [one.at for one in steps if not one.is_rung]
    gaps = [later - one for one, later in pairwise(reminders)]
    assert all(gap >= timedelta(hours=48) for gap in gaps)
    raw = {(one.step, one.days): one.at for one in chasing.steps_of(term, schedule, is_holiday)}
    assert all(one.at >= raw[one.step, one.days] for one in steps)


@pytest.mark.parametrize(
    "odd",
    [
        Schedule(days_before=(1, 2, 3, 4, 5, 6)),
        Schedule(days_after=(61,)),
        Schedule(deputy_after=7),
        Schedule(chair_after=0),
        Schedule(quiet_until=5 * 60),
        Schedule(quiet_from=12 * 60),
    ],
    ids=["many", "far", "order", "none", "night", "noon"],
)
def test_what_no_table_may_set(odd):
    with pytest.raises(Refusal):
        chasing.refuse_odd(odd)


def test_days_are_read_as_they_are_typed():
    assert chasing.read_days(" 5, 3;1 3 ") == (1, 3, 5)
    assert chasing.read_days(chasing.write_days((5, 1))) == (1, 5)
    for typed in ("0", "61", "drie", "-1", "1.5"):
        with pytest.raises(ValueError, match=typed.replace(".", r"\.")):
            chasing.read_days(typed)
