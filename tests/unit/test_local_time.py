from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.local_time import (
    DateFault,
    ImpossibleTime,
    ImpossibleTimeKind,
    TimeFault,
    UnreadableDate,
    UnreadableTime,
    local_date,
    local_to_utc,
    parse_date,
    parse_time,
    start_of_day,
    to_local,
)

SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


@pytest.mark.parametrize(
    ("day", "clock", "hour_utc"),
    [
        (date(2026, 1, 15), time(13, 10), 12),
        (date(2026, 7, 15), time(13, 10), 11),
        (SPRING, time(1, 59), 0),
        (SPRING, time(3, 0), 1),
        (AUTUMN, time(1, 59), 23),
        (AUTUMN, time(3, 0), 2),
    ],
)
def test_dutch_time_becomes_utc_on_both_sides_of_a_clock_change(day, clock, hour_utc):
    moment = local_to_utc(day, clock)
    assert moment.tzinfo is UTC
    assert (moment.hour, moment.minute) == (hour_utc, clock.minute)
    assert to_local(moment).replace(tzinfo=None) == datetime.combine(day, clock)


@pytest.mark.parametrize("clock", [time(2, 0), time(2, 30), time(2, 59, 59)])
@pytest.mark.parametrize(
    ("day", "kind"), [(SPRING, ImpossibleTimeKind.SKIPPED), (AUTUMN, ImpossibleTimeKind.DOUBLED)]
)
def test_the_hour_of_a_clock_change_is_refused_and_says_which(day, kind, clock):
    with pytest.raises(ImpossibleTime) as caught:
        local_to_utc(day, clock)
    assert (caught.value.kind, caught.value.day, caught.value.clock) == (kind, day, clock)


@pytest.mark.parametrize("fold", [0, 1])
def test_a_fold_does_not_smuggle_a_doubled_hour_in(fold):
    with pytest.raises(ImpossibleTime):
        local_to_utc(AUTUMN, time(2, 30, fold=fold))


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_moment_goes_to_dutch_time_and_back_or_lies_in_a_doubled_hour(moment):
    local = to_local(moment)
    if local.utcoffset() == local.replace(fold=1 - local.fold).utcoffset():
        assert local_to_utc(local.date(), local.time()) == moment
    else:
        with pytest.raises(ImpossibleTime, match="doubled"):
            local_to_utc(local.date(), local.time())


def test_a_naive_moment_is_refused():
    with pytest.raises(ValueError, match="zone"):
        to_local(datetime(2026, 1, 1))  # noqa: DTZ001


def test_a_dutch_day_begins_at_local_midnight_and_lasts_23_24_or_25_hours():
    lengths = [
        start_of_day(day + timedelta(days=1)) - start_of_day(day)
        for day in (SPRING, date(2026, 6, 1), AUTUMN)
    ]
    assert lengths == [timedelta(hours=23), timedelta(hours=24), timedelta(hours=25)]
    assert local_date(start_of_day(AUTUMN)) == AUTUMN
    assert local_date(start_of_day(AUTUMN) - timedelta(seconds=1)) == AUTUMN - timedelta(days=1)


@pytest.mark.parametrize(
    "typed",
    [
        "3-12-2026",
        "03-12-2026",
        " 3/12/2026 ",
        "3.12.2026",
        "3 12 2026",
        "3 december 2026",
        "3 dec 2026",
        "3 dec. 2026",
        "3-dec-2026",
        "03 DECEMBER 2026",
        "2026-12-03",
        "2026/12/3",
        "December 3, 2026",
        "3 Dec 2026",
    ],
)
def test_the_ways_people_write_a_date(typed):
    assert parse_date(typed) == date(2026, 12, 3)


@pytest.mark.parametrize(
    ("typed", "month"),
    [
        ("5 mrt 2026", 3),
        ("5 maart 2026", 3),
        ("5 March 2026", 3),
        ("5 okt 2026", 10),
        ("5 oct 2026", 10),
        ("5 mei 2026", 5),
        ("5 may 2026", 5),
        ("5 sept 2026", 9),
        ("5 augustus 2026", 8),
        ("5 august 2026", 8),
    ],
)
def test_months_are_read_in_dutch_and_english(typed, month):
    assert parse_date(typed) == date(2026, month, 5)


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", DateFault.EMPTY),
        ("   ", DateFault.EMPTY),
        ("morgen", DateFault.UNREADABLE),
        ("3-12", DateFault.UNREADABLE),
        ("3-12-2026-4", DateFault.UNREADABLE),
        ("3 decembre 2026", DateFault.UNREADABLE),
        ("003-12-2026", DateFault.UNREADABLE),
        ("-3-12-x", DateFault.UNREADABLE),
        ("\u0663-\u0661\u0662-2026", DateFault.UNREADABLE),
        ("3\x00-12-2026", DateFault.UNREADABLE),
        ("3-12-26", DateFault.YEAR_NOT_FOUR_DIGITS),
        ("3-12-20261", DateFault.YEAR_NOT_FOUR_DIGITS),
        ("3-12-0026", DateFault.YEAR_OUT_OF_RANGE),
        ("3-12-9999", DateFault.YEAR_OUT_OF_RANGE),
        ("2026-13-01", DateFault.NO_SUCH_MONTH),
        ("1-0-2026", DateFault.NO_SUCH_MONTH),
        ("31-11-2026", DateFault.NO_SUCH_DAY),
        ("29-2-2026", DateFault.NO_SUCH_DAY),
        ("0-2-2026", DateFault.NO_SUCH_DAY),
    ],
)
def test_a_wrong_date_says_exactly_what_is_wrong(typed, fault):
    with pytest.raises(UnreadableDate) as caught:
        parse_date(typed)
    assert caught.value.fault is fault


def test_a_day_that_does_not_exist_comes_with_the_last_one_that_does():
    with pytest.raises(UnreadableDate) as caught:
        parse_date("30 februari 2028")
    assert (caught.value.year, caught.value.month, caught.value.last_day) == (2028, 2, 29)


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_every_date_is_read_back_in_dutch_and_iso_form(day):
    assert parse_date(day.isoformat()) == day
    assert parse_date(f"{day.day}-{day.month}-{day.year}") == day


@given(st.text(max_size=60))
def test_any_text_is_a_date_or_a_named_fault(text):
    with suppress(UnreadableDate):
        assert isinstance(parse_date(text), date)


@pytest.mark.parametrize(
    "typed", ["13.10", "13:10", "1310", "13u10", " 13h10 ", "13.10 uur", "13:10:00"]
)
def test_the_ways_people_write_a_time(typed):
    assert parse_time(typed) == time(13, 10)


@pytest.mark.parametrize(
    ("typed", "clock"),
    [
        ("9u30", time(9, 30)),
        ("930", time(9, 30)),
        ("9", time(9)),
        ("9u", time(9)),
        ("0.05", time(0, 5)),
        ("9 uur", time(9)),
    ],
)
def test_short_times(typed, clock):
    assert parse_time(typed) == clock


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", TimeFault.EMPTY),
        (" ", TimeFault.EMPTY),
        ("half tien", TimeFault.UNREADABLE),
        ("13.1", TimeFault.UNREADABLE),
        ("13:10:30", TimeFault.UNREADABLE),
        ("13101", TimeFault.UNREADABLE),
        ("-1:00", TimeFault.UNREADABLE),
        ("24:00", TimeFault.NO_SUCH_TIME),
        ("12.60", TimeFault.NO_SUCH_TIME),
        ("99", TimeFault.NO_SUCH_TIME),
    ],
)
def test_a_wrong_time_says_exactly_what_is_wrong(typed, fault):
    with pytest.raises(UnreadableTime) as caught:
        parse_time(typed)
    assert caught.value.fault is fault


@given(st.text(max_size=60))
def test_any_text_is_a_time_or_a_named_fault(text):
    with suppress(UnreadableTime):
        assert isinstance(parse_time(text), time)


def test_a_huge_text_costs_nothing():
    for text in ("1" * 1_000_000, "-" * 1_000_000, "a" * 1_000_000):
        with pytest.raises(UnreadableDate):
            parse_date(text)
        with pytest.raises(UnreadableTime):
            parse_time(text)
