from datetime import UTC, date, datetime, time, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from app.domain.local_time import ImpossibleTime, to_local
from app.domain.rhythm import (
    LAST,
    ImpossibleRhythm,
    Rhythm,
    RhythmFault,
    RhythmKind,
    days_of,
    last_allowed,
    occurrences,
    rrule,
)

TUESDAY, THURSDAY = 1, 3


def rhythm(**changes) -> Rhythm:
    given = {
        "kind": RhythmKind.WEEKLY,
        "first_on": date(2027, 1, 4),
        "last_on": date(2027, 12, 31),
        "start": time(13, 10),
        "minutes": 120,
        "weekdays": frozenset({TUESDAY}),
    }
    return Rhythm(**{**given, **changes})


def days(**changes) -> list[date]:
    return list(days_of(rhythm(**changes)))


def test_every_week_on_given_days():
    found = days(weekdays=frozenset({TUESDAY, THURSDAY}), last_on=date(2027, 1, 15))
    assert found == [date(2027, 1, 5), date(2027, 1, 7), date(2027, 1, 12), date(2027, 1, 14)]


def test_every_other_week_counts_from_the_week_of_the_first_day():
    # The first day is a Wednesday: its own Tuesday is past, the next one is two weeks on.
    found = days(first_on=date(2027, 1, 6), interval=2, last_on=date(2027, 2, 16))
    assert found == [date(2027, 1, 19), date(2027, 2, 2), date(2027, 2, 16)]


def test_the_second_and_the_last_thursday_of_a_month():
    monthly = {"kind": RhythmKind.MONTHLY, "weekdays": frozenset({THURSDAY})}
    assert days(**monthly, nth=2, last_on=date(2027, 3, 31)) == [
        date(2027, 1, 14),
        date(2027, 2, 11),
        date(2027, 3, 11),
    ]
    last = days(**monthly, nth=LAST, interval=2, last_on=date(2027, 5, 31))
    assert last == [date(2027, 1, 28), date(2027, 3, 25), date(2027, 5, 27)]


def test_every_working_day_and_every_day():
    week = {"first_on": date(2027, 1, 8), "last_on": date(2027, 1, 12)}
    assert [day.day for day in days(kind=RhythmKind.WORKING_DAYS, **week)] == [8, 11, 12]
    assert [day.day for day in days(kind=RhythmKind.EVERY_DAY, **week)] == [8, 9, 10, 11, 12]


def test_a_year_of_working_days_is_about_253():
    free = {date(2027, 4, 27): "Koningsdag", date(2027, 3, 29): "Tweede paasdag"}
    found = occurrences(rhythm(kind=RhythmKind.WORKING_DAYS, first_on=date(2027, 1, 1)), free)
    assert len(found) == 261
    assert [(one.day, one.skipped) for one in found if one.skipped] == [
        (date(2027, 3, 29), "Tweede paasdag"),
        (date(2027, 4, 27), "Koningsdag"),
    ]


def test_the_hour_on_the_wall_stays_over_both_clock_changes():
    found = occurrences(rhythm(), {})
    assert {to_local(one.starts_at).time() for one in found} == {time(13, 10)}
    assert {one.starts_at.time() for one in found} == {time(12, 10), time(11, 10)}


@pytest.mark.parametrize("start", [time(2, 0), time(2, 30), time(1, 30)])
def test_a_meeting_in_the_hour_of_a_clock_change_is_refused(start):
    night = {"kind": RhythmKind.EVERY_DAY, "start": start, "minutes": 60}
    for changing in (date(2027, 3, 28), date(2027, 10, 31)):
        with pytest.raises(ImpossibleTime):
            occurrences(rhythm(first_on=changing, last_on=changing, **night), {})
    quiet = date(2027, 3, 27)
    assert occurrences(rhythm(first_on=quiet, last_on=quiet, **night), {})


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"last_on": date(2027, 1, 3)}, RhythmFault.LAST_BEFORE_FIRST),
        ({"last_on": date(2028, 1, 4)}, RhythmFault.TOO_LONG),
        ({"minutes": 0}, RhythmFault.LENGTH_OUT_OF_RANGE),
        ({"start": time(23, 0), "minutes": 60}, RhythmFault.LENGTH_OUT_OF_RANGE),
        ({"interval": 0}, RhythmFault.INTERVAL_OUT_OF_RANGE),
        ({"interval": 13}, RhythmFault.INTERVAL_OUT_OF_RANGE),
        ({"weekdays": frozenset()}, RhythmFault.NO_WEEKDAY),
        ({"weekdays": frozenset({7})}, RhythmFault.NO_WEEKDAY),
        ({"kind": RhythmKind.MONTHLY, "nth": 5}, RhythmFault.NTH_OUT_OF_RANGE),
        (
            {"kind": RhythmKind.MONTHLY, "weekdays": frozenset({1, 2})},
            RhythmFault.ONE_WEEKDAY,
        ),
    ],
)
def test_what_nobody_can_keep_is_refused(changes, fault):
    with pytest.raises(ImpossibleRhythm) as refused:
        rhythm(**changes)
    assert refused.value.fault is fault


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2027, 1, 4), date(2028, 1, 3)),
        (date(2028, 2, 29), date(2029, 2, 27)),
        (date(2027, 3, 1), date(2028, 2, 29)),
    ],
)
def test_a_series_lasts_a_year_at_most(first, last):
    assert last_allowed(first) == last


@st.composite
def rhythms(draw):
    kind = draw(st.sampled_from(RhythmKind))
    first = draw(st.dates(date(2026, 1, 1), date(2030, 12, 31)))
    weekday = st.integers(0, 6)
    monthly = kind is RhythmKind.MONTHLY
    return rhythm(
        kind=kind,
        first_on=first,
        last_on=first + timedelta(days=draw(st.integers(0, 364))),
        interval=draw(st.integers(1, 5)),
        weekdays=draw(st.frozensets(weekday, min_size=1, max_size=1 if monthly else 7)),
        nth=draw(st.sampled_from([1, 2, 3, 4, LAST])),
    )


@given(rhythms())
def test_the_rule_that_travels_names_the_same_days(made):
    """Dateutil is the second opinion: what clients make of the RRULE are the days planned here."""
    planned = list(days_of(made))
    if not planned:
        return
    rule = ";".join(
        f"{key.upper()}={','.join(value) if isinstance(value, list) else value}"
        for key, value in rrule(made).items()
    )
    start = datetime.combine(planned[0], made.start)
    until = datetime.combine(made.last_on, time.max)
    read = rrulestr(f"RRULE:{rule}", dtstart=start).between(start, until, inc=True)
    assert [moment.date() for moment in read] == planned


def test_moments_are_aware_and_in_order():
    found = occurrences(rhythm(), {})
    assert all(one.starts_at.tzinfo is UTC and one.starts_at < one.ends_at for one in found)
    assert [one.starts_at for one in found] == sorted(one.starts_at for one in found)
