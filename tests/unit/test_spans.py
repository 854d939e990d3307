"""Which stretches of a meeting are one person's, and which entry each new stretch continues."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.spans import Slot, Span, match_spans, spans

NINE = datetime(2027, 3, 9, 8, 0, tzinfo=UTC)


def key(number: int) -> UUID:
    return UUID(int=number)


def at(minute: int) -> datetime:
    return NINE + timedelta(minutes=minute)


def slot(number: int, start: int, end: int) -> Slot:
    return Slot(key(number), at(start), at(end))


def span(numbers: tuple[int, ...], start: int, end: int) -> Span:
    return Span(tuple(key(number) for number in numbers), at(start), at(end))


def test_items_that_follow_each_other_are_one_stretch() -> None:
    assert spans([slot(2, 20, 35), slot(1, 0, 20)]) == (span((1, 2), 0, 35),)


def test_somebody_elses_item_in_between_makes_two_stretches() -> None:
    assert spans([slot(1, 0, 20), slot(3, 35, 50)]) == (span((1,), 0, 20), span((3,), 35, 50))


def test_a_break_between_own_items_is_bridged() -> None:
    found = spans([slot(1, 0, 20), slot(3, 30, 45)], fixed=[slot(2, 20, 30)])
    assert found == (span((1, 3), 0, 45),)


def test_two_fixed_items_in_a_row_are_bridged_together() -> None:
    fixed = [slot(8, 25, 30), slot(7, 20, 25)]
    assert spans([slot(1, 0, 20), slot(3, 30, 45)], fixed=fixed) == (span((1, 3), 0, 45),)


def test_a_break_is_not_bridged_when_somebody_elses_item_follows_it() -> None:
    found = spans([slot(1, 0, 20), slot(4, 45, 60)], fixed=[slot(2, 20, 30)])
    assert found == (span((1,), 0, 20), span((4,), 45, 60))


def test_a_break_is_not_bridged_when_somebody_elses_item_precedes_it() -> None:
    found = spans([slot(1, 0, 20), slot(4, 45, 60)], fixed=[slot(2, 35, 45)])
    assert found == (span((1,), 0, 20), span((4,), 45, 60))


def test_opening_and_closing_never_lengthen_a_stretch() -> None:
    fixed = [slot(8, 0, 10), slot(9, 25, 30)]
    assert spans([slot(1, 10, 25)], fixed=fixed) == (span((1,), 10, 25),)


def test_nobody_has_no_stretches() -> None:
    assert spans([], fixed=[slot(1, 0, 10)]) == ()


@pytest.mark.parametrize(("start", "end"), [(10, 10), (10, 5)])
def test_a_slot_takes_time(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="ends after"):
        slot(1, start, end)


def test_a_slot_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="aware"):
        Slot(key(1), at(0).replace(tzinfo=None), at(5))


def test_a_reorder_that_leaves_the_time_alone_needs_no_mail() -> None:
    new = span((2, 1), 0, 35)
    changes = match_spans({key(100): span((1, 2), 0, 35)}, [new])
    assert changes.unchanged == ((key(100), new),)
    assert (changes.moved, changes.ended, changes.created) == ((), (), ())


def test_a_moved_item_updates_the_entry_it_was_in() -> None:
    new = span((1,), 40, 60)
    changes = match_spans({key(100): span((1,), 0, 20)}, [new])
    assert changes.moved == ((key(100), new),)


def test_an_entry_without_items_left_ends_and_a_stranger_is_created() -> None:
    new = span((9,), 0, 20)
    changes = match_spans({key(100): span((1,), 0, 20)}, [new])
    assert changes.ended == (key(100),)
    assert changes.created == (new,)


def test_a_split_stretch_continues_where_most_items_are() -> None:
    short, long = span((1,), 0, 10), span((2, 3), 30, 50)
    changes = match_spans({key(100): span((1, 2, 3), 0, 30)}, [short, long])
    assert changes.moved == ((key(100), long),)
    assert changes.created == (short,)


def test_two_joined_stretches_keep_the_larger_entry_and_end_the_other() -> None:
    joined = span((1, 2, 3), 0, 40)
    old = {key(100): span((1,), 0, 10), key(101): span((2, 3), 20, 40)}
    changes = match_spans(old, [joined])
    assert changes.moved == ((key(101), joined),)
    assert changes.ended == (key(100),)


def test_equal_shares_go_to_the_entry_at_the_same_time() -> None:
    first, second = span((1,), 0, 10), span((2,), 30, 40)
    changes = match_spans({key(100): span((1, 2), 30, 40)}, [first, second])
    assert changes.unchanged == ((key(100), second),)
    assert changes.created == (first,)


minutes = st.lists(st.integers(1, 30), min_size=1, max_size=12)


@given(minutes, st.data())
def test_stretches_cover_exactly_the_own_items_and_never_a_stranger(
    lengths: list[int], data: st.DataObject
) -> None:
    kinds = data.draw(st.lists(st.sampled_from("ofs"), min_size=len(lengths)))
    own, fixed, strange, start = [], [], [], 0
    for number, (length, kind) in enumerate(zip(lengths, kinds, strict=False)):
        made = slot(number, start, start + length)
        {"o": own, "f": fixed, "s": strange}[kind].append(made)
        start += length
    found = spans(own, fixed=fixed)
    assert [i for one in found for i in one.item_ids] == [one.item_id for one in own]
    for one in found:
        assert all(s.ends_at <= one.starts_at or s.starts_at >= one.ends_at for s in strange)


@given(st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=4), max_size=4), st.data())
def test_every_entry_and_every_stretch_gets_exactly_one_fate(
    before: list[list[int]], data: st.DataObject
) -> None:
    after = data.draw(st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=4), max_size=4))
    old = {key(100 + n): span(tuple(i), n * 60, n * 60 + 30) for n, i in enumerate(before)}
    new = [span(tuple(i), n * 60, n * 60 + 30) for n, i in enumerate(after)]
    changes = match_spans(old, new)
    continued = [*changes.unchanged, *changes.moved]
    assert sorted([k for k, _ in continued] + list(changes.ended)) == sorted(old)
    assert len(continued) + len(changes.created) == len(new)
    for name, one in continued:
        assert set(old[name].item_ids) & set(one.item_ids)
