import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import waiting
from app.domain.agenda import AgendaEntry
from app.domain.waiting import Discussed, propose, waiting_minutes

START = datetime(2027, 3, 2, 8, 0, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def case(key, partners, minutes=30, *, comes_first=False) -> Discussed:
    return Discussed(AgendaEntry(key, minutes), frozenset(partners), comes_first=comes_first)


def block(key, minutes=15, *, fixed_at=None) -> Discussed:
    return Discussed(AgendaEntry(key, minutes, fixed_at), is_block=True)


def ordered(agenda, proposal) -> list[Discussed]:
    found = {one.entry.key: one for one in agenda}
    return [found[key] for key in proposal.order]


def test_waiting_is_the_time_between_own_items():
    agenda = [case(1, "AB"), case(2, "B", 20), case(3, "A"), block("b"), case(4, "A")]
    # A waits for item 2 and the break; B for nothing.
    assert waiting_minutes(START, agenda) == 20 + 15


def test_partners_get_one_block_each():
    agenda = [case(1, "PA"), case(2, "PB"), case(3, "A"), case(4, "B")]
    proposal = propose(START, agenda)
    assert (proposal.minutes_before, proposal.minutes_after) == (60, 0)
    assert waiting_minutes(START, ordered(agenda, proposal)) == 0


def test_blocks_keep_the_number_of_cases_before_them():
    agenda = [block("open"), case(1, "A"), case(2, "B"), block("pause"), case(3, "A"), block("end")]
    proposal = propose(START, agenda)
    assert [proposal.order[n] for n in (0, 3, 5)] == ["open", "pause", "end"]
    assert proposal.order == ("open", 1, 3, "pause", 2, "end")
    assert (proposal.minutes_before, proposal.minutes_after) == (45, 0)


def test_what_comes_first_goes_to_the_front_even_when_that_costs_time():
    agenda = [case(1, "A"), case(2, "A"), case(3, "B", comes_first=True), case(4, "C")]
    assert propose(START, agenda).order == (3, 1, 2, 4)
    kept = [case(1, "A", comes_first=True), case(2, "B", comes_first=True), case(3, "A")]
    assert propose(START, kept).order == (2, 1, 3)


def test_nothing_is_proposed_when_nothing_is_gained():
    assert propose(START, [case(1, "A"), case(2, "AB"), case(3, "B")]) is None
    assert propose(START, []) is None
    assert propose(START, [block("open"), case(1, "A")]) is None


def test_a_case_is_not_pushed_into_a_block_with_a_clock_time():
    agenda = [
        case("short", "A", 20),
        block("pause", 15, fixed_at=at(30)),
        case("long", "AB", 50),
        case("other", "B", 20),
    ]
    # B first would be one block for both, but then the long one runs into the break.
    proposal = propose(START, agenda)
    assert proposal is None or "long" not in proposal.order[: proposal.order.index("pause")]


agendas = st.lists(
    st.tuples(st.frozensets(st.sampled_from("ABCD"), max_size=3), st.integers(5, 60)),
    min_size=2,
    max_size=6,
)


@given(agendas, st.integers(0, 6))
@settings(max_examples=60)
def test_no_order_waits_less_than_the_one_proposed(given_items, before_break):
    agenda = [case(n, who, minutes) for n, (who, minutes) in enumerate(given_items)]
    agenda.insert(min(before_break, len(agenda)), block("pause"))
    cases = [one for one in agenda if not one.is_block]
    best = min(
        waiting_minutes(START, [block("pause") if one.is_block else next(order) for one in agenda])
        for order in map(iter, itertools.permutations(cases))
    )
    proposal = propose(START, agenda)
    reached = proposal.minutes_after if proposal else waiting_minutes(START, agenda)
    assert reached == best
    if proposal:
        assert proposal.minutes_after < proposal.minutes_before
        assert sorted(map(str, proposal.order)) == sorted(str(one.entry.key) for one in agenda)


@pytest.mark.parametrize("count", [12, 20])
def test_a_full_day_is_ordered(count):
    agenda = [case(n, {n % 4, "chair"}, 30, comes_first=n == 7) for n in range(count)]
    proposal = propose(START, agenda)
    assert proposal.minutes_after < proposal.minutes_before
    assert proposal.order[0] == 7
    if count <= waiting.MOST_WEIGHED:
        assert proposal.minutes_after == 0
