from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.agenda import (
    AgendaEntry,
    Direction,
    PlanWarning,
    WarningKind,
    move,
    move_to,
    personal_numbers,
    plan,
)

START = datetime(2026, 12, 1, 12, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def test_items_follow_one_another_from_the_start():
    agenda = plan(START, [AgendaEntry("opening", 10), AgendaEntry("a", 40), AgendaEntry("b", 25)])
    assert [(item.key, item.starts_at, item.ends_at) for item in agenda.items] == [
        ("opening", START, at(10)),
        ("a", at(10), at(50)),
        ("b", at(50), at(75)),
    ]
    assert (agenda.total_minutes, agenda.ends_at, agenda.warnings) == (75, at(75), ())


def test_a_pinned_break_keeps_its_time_and_the_next_item_follows_it():
    agenda = plan(
        START, [AgendaEntry("a", 20), AgendaEntry("break", 15, at(60)), AgendaEntry("b", 30)]
    )
    assert [item.starts_at for item in agenda.items] == [START, at(60), at(75)]
    assert agenda.warnings == ()


def test_a_case_that_runs_into_a_pinned_break_is_named_with_the_minutes():
    agenda = plan(
        START, [AgendaEntry("a", 70), AgendaEntry("break", 15, at(60)), AgendaEntry("b", 30)]
    )
    assert agenda.warnings == (PlanWarning(WarningKind.RUNS_INTO_FIXED, "a", 10, "break"),)
    assert agenda.items[2].starts_at == at(75)


def test_an_item_that_runs_past_the_whole_break_pushes_the_next_one():
    agenda = plan(
        START, [AgendaEntry("a", 90), AgendaEntry("break", 15, at(60)), AgendaEntry("b", 30)]
    )
    assert agenda.items[2].starts_at == at(90)


def test_running_past_the_planned_end_is_told_per_item():
    agenda = plan(START, [AgendaEntry("a", 60), AgendaEntry("b", 40)], planned_end=at(90))
    assert agenda.warnings == (PlanWarning(WarningKind.RUNS_PAST_END, "b", 10),)


def test_ending_on_the_minute_is_in_time():
    agenda = plan(START, [AgendaEntry("a", 60), AgendaEntry("end", 5, at(60))], planned_end=at(65))
    assert agenda.warnings == ()


def test_a_block_pinned_before_the_meeting_is_told():
    agenda = plan(START, [AgendaEntry("opening", 10, at(-5))])
    assert agenda.warnings == (PlanWarning(WarningKind.STARTS_BEFORE_MEETING, "opening", 5),)


def test_an_empty_agenda_ends_where_it_starts():
    agenda = plan(START, [])
    assert (agenda.items, agenda.total_minutes, agenda.ends_at) == ((), 0, START)


@pytest.mark.parametrize("minutes", [-1, 0, 1441, 10**21])
def test_lengths_that_are_no_minutes_of_a_day_are_refused(minutes):
    with pytest.raises(ValueError, match="minutes"):
        AgendaEntry("a", minutes)


def test_naive_moments_are_refused():
    naive = START.replace(tzinfo=None)
    with pytest.raises(ValueError, match="zone"):
        plan(naive, [])
    with pytest.raises(ValueError, match="zone"):
        plan(START, [AgendaEntry("a", 5, naive)])


def test_moving_up_and_down_stops_at_the_edges():
    assert move("abc", "b", Direction.UP) == ("b", "a", "c")
    assert move("abc", "b", Direction.DOWN) == ("a", "c", "b")
    assert move("abc", "a", Direction.UP) == ("a", "b", "c")
    assert move("abc", "c", Direction.DOWN) == ("a", "b", "c")


@pytest.mark.parametrize(
    ("index", "expected"), [(0, "bac"), (1, "abc"), (2, "acb"), (99, "acb"), (-3, "bac")]
)
def test_moving_to_a_place_stays_within_the_list(index, expected):
    assert move_to("abc", "b", index) == tuple(expected)


def test_moving_what_is_not_there_is_refused():
    with pytest.raises(ValueError):
        move("abc", "x", Direction.UP)


def test_personal_numbers_leave_no_gap_where_others_have_items():
    assert personal_numbers(["a", "b", "c", "d"], {"b", "d"}) == {"b": 1, "d": 2}


entries = st.lists(
    st.tuples(st.integers(1, 180), st.one_of(st.none(), st.integers(-60, 600))), max_size=12
)


@given(entries)
def test_floating_items_never_overlap_what_stood_before_them(rows):
    items = [
        AgendaEntry(place, minutes, None if pinned is None else at(pinned))
        for place, (minutes, pinned) in enumerate(rows)
    ]
    agenda = plan(START, items)
    for place, (item, entry) in enumerate(zip(agenda.items, items, strict=True)):
        assert item.ends_at - item.starts_at == timedelta(minutes=entry.minutes)
        if entry.fixed_at is None:
            assert all(earlier.ends_at <= item.starts_at for earlier in agenda.items[:place])
    assert agenda.total_minutes == sum(minutes for minutes, _ in rows)


@given(st.permutations(range(6)), st.sampled_from(range(6)), st.integers(-10, 10))
def test_moving_keeps_every_item_and_the_order_of_the_others(order, item, index):
    moved = move_to(order, item, index)
    assert [one for one in moved if one != item] == [one for one in order if one != item]
    assert moved.index(item) == max(0, min(index, 5))
