"""No two published filters or periods of a region give a small count away, in any order of time.

Held against every set of discussions and of seats there is: which discussion it was and who was
there are two ways to divide the same ones. Knows nothing of sums and how they are hidden.
"""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import date
from fractions import Fraction
from itertools import product
from random import Random
from types import SimpleNamespace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.domain.kinds import Measure
from app.domain.publication import Publication, publication
from app.domain.related import MOST_FIGURES, Counted, Key
from app.domain.report import Span, later
from app.domain.reporting import Named
from tests.unit.reported import reported
from tests.unit.test_suppression import follows, gives_away, holds, reduced, subtracted

TABLES = [uuid.UUID(int=1), uuid.UUID(int=2)]
ORGANISATIONS = [uuid.UUID(int=3), uuid.UUID(int=4)]
QUARTERS = [later(date(2026, 1, 1), number) for number in range(4)]
KINDS = frozenset((one, "kind") for one in TABLES)
NUMBERS = st.sampled_from((0, 0, 0, 1, 2, 3, 7, 9, 20, 60))


def is_of(key, atom) -> bool:
    """Whether a number counts this atom: a discussion of a sort, or a seat of an organisation."""
    day, table_id, organisation_id, measure, category = atom
    return (
        day in key.span.quarter_days
        and key.table_id in (None, table_id)
        and key.organisation_id == organisation_id
        and key.measure is measure
        and key.category in ("", category)
    )


def counted(atoms):
    return frozenset(
        Counted(*atom, number) for atom, number in atoms.items() if number and atom[4] != "rest"
    )


def region(atoms, halves, told):
    cells = {key: frozenset(atom for atom in atoms if is_of(key, atom)) for key in told.numbers}
    return SimpleNamespace(
        atoms=atoms,
        halves=halves,
        cells=cells,
        number=lambda key: sum(atoms[atom] for atom in cells[key]),
    )


PLACES = [(day, table_id) for day in QUARTERS for table_id in TABLES]
PRESENCE = ("all", "not-all", "rest")
SEATS = [
    (*place, of, Measure.ATTENDANCE, what)
    for place in PLACES
    for of in ORGANISATIONS
    for what in ("present", "absent")
]


@st.composite
def discussions(draw):
    """At each table in each quarter divided in two ways, which count the same."""
    atoms, halves = {}, []
    for place in PLACES:
        numbers = draw(st.tuples(NUMBERS, NUMBERS))
        there = draw(st.integers(0, sum(numbers)))
        absent = draw(st.integers(0, min(2, sum(numbers) - there)))
        others = (there, absent, sum(numbers) - there - absent)
        one = {
            (*place, None, Measure.CASES, n): v
            for n, v in zip(("new", "repeat"), numbers, strict=True)
        }
        other = {
            (*place, None, Measure.ALL_PRESENT, n): v for n, v in zip(PRESENCE, others, strict=True)
        }
        atoms |= one | other
        halves.append((frozenset(one), frozenset(other)))
    return atoms, halves


@st.composite
def seats(draw):
    many = len(SEATS)
    numbers = draw(st.lists(NUMBERS, min_size=many, max_size=many))
    return dict(zip(SEATS, numbers, strict=True)), []


@settings(max_examples=settings.default.max_examples // 2)
@given(st.one_of(discussions(), seats()))
def test_nothing_small_follows_from_a_year_that_came_quarter_by_quarter(asked):
    atoms, halves = asked
    before = frozenset()
    for number in range(1, 5):
        closed = frozenset(QUARTERS[:number])
        rows = frozenset(one for one in counted(atoms) if one.quarter_on in closed)
        told = publication(rows, closed, KINDS)
        assert before <= told.shown
        before = told.shown
    whole = region(atoms, halves, told)
    assert {key: whole.number(key) for key in told.shown} == {
        key: told.numbers[key] for key in told.shown
    }
    if halves:
        holds(whole, told.shown)
    assert not list(subtracted(whole, told.shown))
    assert not list(worked_out(whole, told))


def worked_out(whole, told):
    """Small numbers of the publication itself that follow; a seat at a table in a quarter is none."""
    rows = [[Fraction(atom in whole.cells[key]) for atom in whole.atoms] for key in told.shown]
    rows += [
        [Fraction((atom in one) - (atom in other)) for atom in whole.atoms]
        for one, other in whole.halves
    ]
    basis = reduced(rows)
    for key, number in told.numbers.items():
        if 0 < number < 5 and key.category != "rest":
            row = [Fraction(atom in whole.cells[key]) for atom in whole.atoms]
            if whole.cells[key] and follows(basis, row):
                yield key


def test_periods_between_years_are_told_of_quarters_that_are():
    day = QUARTERS[0]
    rows = {
        Counted(later(day, quarter), TABLES[0], None, Measure.MEETINGS, "", number)
        for quarter, number in enumerate((10, 20, 30, 40, 5, 6, 2, 9))
    }
    closed = frozenset(later(day, quarter) for quarter in range(8))
    told = publication(frozenset(rows), closed, KINDS)

    def number(first, quarters):
        return told.number(Key(Measure.MEETINGS, Span(later(day, first), quarters)))

    assert [number(0, 4), number(0, 5), number(3, 2), number(4, 2)] == [100, 105, 45, 11]
    # Of the year with two meetings in a quarter neither that quarter nor the whole is told with it.
    assert [number(6, 1), number(5, 2), number(4, 4), number(0, 8)] == [None, None, None, None]
    assert number(4, 6) is None
    assert list(gives_away(SimpleNamespace(atoms={"a": 2}, cells={"x": frozenset("a")}), ["x"]))


def test_figures_of_a_kind_that_nearly_agree_are_not_both_told():
    counts = (("cases", 100), ("advices", 98), ("none", 40))
    rows = {
        Counted(QUARTERS[3], TABLES[0], None, Measure.ANNUAL, code, number)
        for code, number in counts
    }
    rows.add(Counted(QUARTERS[3], TABLES[0], None, Measure.CASES, "new", 103))
    told = publication(frozenset(rows), frozenset(QUARTERS), KINDS)
    year = Span(QUARTERS[0], 4)
    figures = {
        code: told.number(Key(Measure.ANNUAL, year, code, kind="kind")) for code, _ in counts
    }
    assert figures["none"] == 40
    assert None in (figures["cases"], figures["advices"])
    assert None in (figures["cases"], told.number(Key(Measure.CASES, year)))


def one_at_each_of_six_tables():
    """And thirty of another organisation at the first of them, all in the first quarter."""
    tables = [uuid.UUID(int=number) for number in range(10, 16)]
    first, second = ORGANISATIONS
    found = [Counted(QUARTERS[0], one, first, Measure.ACTIONS, "in-time", 1) for one in tables]
    found.append(Counted(QUARTERS[0], tables[0], second, Measure.ACTIONS, "in-time", 30))
    return tables, frozenset(found), frozenset((one, "kind") for one in tables)


def test_a_sum_that_leaves_each_table_one_is_not_told():
    """Who took part is told of a quarter: six at six tables are one at each."""
    _, found, kinds = one_at_each_of_six_tables()
    first, second = ORGANISATIONS
    told = publication(found, frozenset(QUARTERS), kinds)
    for span in (Span(QUARTERS[0]), Span(QUARTERS[0], 4)):
        assert told.number(Key(Measure.ACTIONS, span, organisation_id=first)) is None
        assert told.number(Key(Measure.ACTIONS, span, organisation_id=second)) == 30


def test_a_quarter_that_leaves_no_way_to_hide_closes_the_year_of_that_organisation_alone():
    tables, found, kinds = one_at_each_of_six_tables()
    first, second = ORGANISATIONS
    quarter = Key(Measure.ACTIONS, Span(QUARTERS[0]), organisation_id=first)
    before = Publication.of(frozenset(QUARTERS), {quarter: 6})
    told = publication(found, frozenset(QUARTERS), kinds, before)
    assert told.number(quarter) == 6
    for one in (*tables, None):
        of = Key(Measure.ACTIONS, Span(QUARTERS[0], 4), "in-time", one, first)
        assert told.told(of) is None
    of = Key(Measure.ACTIONS, Span(QUARTERS[0], 4), "in-time", tables[0], second)
    assert told.number(of) == 30


def test_numbers_of_the_same_discussions_that_nearly_agree_are_not_both_told():
    year, [first, second] = Span(QUARTERS[0], 4), ORGANISATIONS
    per_quarter = {
        (None, Measure.CASES, "new"): (10, 10, 10, 10),
        (None, Measure.CASES, "repeat"): (9, 9, 9, 9),
        (first, Measure.ATTENDANCE, "present"): (19, 19, 17, 19),
        (second, Measure.ATTENDANCE, "present"): (19, 19, 19, 19),
        # Discussed of an earlier year: two; of the forty three outcomes leave one of two.
        (None, Measure.ANNUAL, "discussed"): (10, 10, 10, 12),
        (None, Measure.ANNUAL, "all"): (10, 10, 10, 30),
        (None, Measure.ANNUAL, "plan"): (5, 5, 5, 8),
        (None, Measure.ANNUAL, "advice"): (10, 10, 10, 5),
        (None, Measure.ANNUAL, "none"): (2, 0, 0, 0),
    }
    rows = {
        Counted(day, TABLES[0], of, measure, category, number)
        for (of, measure, category), numbers in per_quarter.items()
        for day, number in zip(QUARTERS, numbers, strict=True)
    }
    told = publication(frozenset(rows), frozenset(QUARTERS), KINDS)

    def attended(of, span):
        return told.number(Key(Measure.ATTENDANCE, span, organisation_id=of))

    assert told.number(Key(Measure.CASES, year)) == 76
    assert [attended(first, Span(day)) for day in QUARTERS] == [19, 19, None, 19]
    assert (attended(first, year), attended(second, year)) == (None, 76)
    for place in ({"table_id": TABLES[0]}, {"kind": "kind"}):
        codes = ("all", "discussed", "plan", "advice", "none")
        figures = [told.number(Key(Measure.ANNUAL, year, code, **place)) for code in codes]
        assert figures == [60, None, None, 35, None]
    # No line of the publication is a nought: of seats at a table in a quarter nothing is told.
    for key in (
        Key(Measure.ATTENDANCE, Span(QUARTERS[0]), "", TABLES[0], second),
        Key(Measure.ALL_PRESENT, year, "all"),
        Key(Measure.ANNUAL, Span(QUARTERS[0]), "plan", TABLES[0]),
    ):
        assert told.number(key) is None


@pytest.mark.parametrize("whole", ["cases", None])
def test_outcomes_that_leave_few_without_one_are_not_all_told(whole):
    """Four of them leave three of the hundred, whether these are a figure or the discussions."""
    outcomes = {"plan": 55, "advice": 24, "referred": 12, "helped": 6}
    counts = [(Measure.CASES, "new", 100), *((Measure.ANNUAL, *one) for one in outcomes.items())]
    if whole:
        counts.append((Measure.ANNUAL, whole, 100))
    rows = frozenset(
        Counted(QUARTERS[0], TABLES[0], None, measure, category, number, "kind")
        for measure, category, number in counts
    )
    told = publication(rows, frozenset(QUARTERS), KINDS)
    year = Span(QUARTERS[0], 4)
    told_of = {one: told.number(Key(Measure.ANNUAL, year, one, kind="kind")) for one in outcomes}
    assert told_of == {**outcomes, "helped": None}


def test_of_very_many_figures_of_a_kind_the_largest_are_told():
    """So that every sum of them can be held against the others."""
    numbers = [10 * 3**place for place in range(MOST_FIGURES + 3)]
    rows = frozenset(
        Counted(QUARTERS[0], TABLES[0], None, Measure.ANNUAL, f"figure-{number}", number, "kind")
        for number in numbers
    )
    told = publication(rows, frozenset(QUARTERS), KINDS)
    year = Span(QUARTERS[0], 4)
    found = [
        told.number(Key(Measure.ANNUAL, year, f"figure-{one}", kind="kind")) for one in numbers
    ]
    assert found == [None] * 3 + numbers[3:]


def test_a_table_that_gets_another_kind_later_moves_nothing_that_was_told():
    year = Span(QUARTERS[0], 4)
    numbers = ((TABLES[0], 40), (TABLES[1], 7))
    rows = frozenset(
        Counted(QUARTERS[0], table_id, None, Measure.ANNUAL, "cases", number, "kind")
        for table_id, number in numbers
    )
    for kinds in (KINDS, frozenset({(TABLES[0], "kind"), (TABLES[1], "other")})):
        told = publication(rows, frozenset(QUARTERS), kinds)
        assert told.number(Key(Measure.ANNUAL, year, "cases", kind="kind")) == 47


def test_who_works_at_one_table_learns_no_small_number_of_the_others():
    quarter, of = Span(QUARTERS[0]), ORGANISATIONS[0]

    def whole(cases, other, actions):
        rows = [
            (TABLES[0], None, Measure.CASES, "new", cases),
            (TABLES[1], None, Measure.CASES, "new", other),
            (TABLES[0], of, Measure.ACTIONS, "in-time", 20),
            (TABLES[1], of, Measure.ACTIONS, "in-time", actions),
        ]
        told = publication(
            frozenset(Counted(QUARTERS[0], *one) for one in rows), frozenset(QUARTERS[:1]), KINDS
        )
        in_region = told.number(Key(Measure.CASES, quarter))
        return in_region, told.number(Key(Measure.ACTIONS, quarter, organisation_id=of))

    assert whole(30, 2, 3) == (None, None)
    assert whole(30, 5, 0) == (35, 20)


def test_of_who_was_there_a_coarse_share_of_a_year_alone_is_told():
    def share(everybody, not_all, quarters=4):
        rows = frozenset(
            Counted(QUARTERS[0], TABLES[0], None, measure, category, number)
            for measure, category, number in (
                (Measure.CASES, "new", everybody + not_all),
                (Measure.ALL_PRESENT, "all", everybody),
                (Measure.ALL_PRESENT, "not-all", not_all),
            )
        )
        told = publication(rows, frozenset(QUARTERS), KINDS)
        span = Span(QUARTERS[0], quarters)
        parts = reported(told, rows, span, None, Named((), ())).parts()
        [part] = [one for one in parts if one.measure is Measure.ALL_PRESENT]
        return part.groups[0].lines[0].cells[-1].text

    assert [share(40, 0), share(36, 4), share(98, 2)] == ["≥ 90"] * 3
    assert [share(3, 37), share(34, 6), share(30, 9)] == ["≤ 10", "85", "–"]
    assert share(34, 6, quarters=1) == "–"
    # That it lies at an end is said only where it does.
    assert [share(35, 5), share(5, 35), share(4, 36)] == ["85", "15", "≤ 10"]


WHICH, THERE, ENDED = ("new", "repeat"), ("", "present", "absent"), ("plan", "advice", "")
# Every sort of discussion there is: when, at which table, which one of its case, who was there
# (nothing: not invited) and what came of it. Knows nothing of sums.
SORTS = list(product(QUARTERS, TABLES[:1], WHICH, THERE, THERE, ENDED))


def rows_of(found):
    """What is stored of discussions."""
    stored = Counter()
    for (day, table_id, which, *there, ended), number in found.items():
        stored[day, table_id, None, Measure.CASES, which] += number
        for of, what in zip(ORGANISATIONS, there, strict=True):
            if what:
                stored[day, table_id, of, Measure.ATTENDANCE, what] += number
        if which == "new":
            stored[day, table_id, None, Measure.ANNUAL, "discussed"] += number
            if ended:
                stored[day, table_id, None, Measure.ANNUAL, ended] += number
    return frozenset(Counted(*at, number) for at, number in stored.items() if number)


def counts(key, sort):
    """Whether a published number counts a discussion of this sort."""
    day, table_id, which, *there, ended = sort
    if day not in key.span.quarter_days or key.table_id not in (None, table_id):
        return False
    if key.measure is Measure.CASES:
        return key.category in ("", which)
    if key.measure is Measure.ANNUAL:
        return which == "new" and key.category in ("discussed", ended)
    what = there[ORGANISATIONS.index(key.organisation_id)]
    return bool(what) and key.category in ("", what)


@settings(max_examples=12)
@given(st.integers(0, 10**9))
@example(13)  # what is discussed are the new ones, of which a quarter has four
def test_no_number_of_the_rows_themselves_follows_whatever_was_counted_of_them(seed):
    chance = Random(seed)  # a region, no secret
    often = chance.choices(SORTS, k=chance.choice((40, 80, 200)))
    if chance.random() < 0.7:  # mostly everybody is there
        often = [
            (*one[:3], *("present",) * 2, one[5]) if chance.random() < 0.9 else one for one in often
        ]
    found = Counter(often)
    told = publication(rows_of(found), frozenset(QUARTERS), KINDS)
    masks = {}
    for key in told.numbers:
        if not key.category.startswith("rest") and key.measure in (
            Measure.CASES,
            Measure.ANNUAL,
            Measure.ATTENDANCE,
        ):
            masks[key] = frozenset(at for at, one in enumerate(SORTS) if counts(key, one))
    true = {key: sum(found[SORTS[at]] for at in mask) for key, mask in masks.items()}
    shown = [key for key in masks if key in told.shown]
    assert {key: true[key] for key in shown} == {key: told.numbers[key] for key in shown}
    basis = reduced([[Fraction(at in masks[key]) for at in range(len(SORTS))] for key in shown])
    natural = {masks[key] for key in masks}
    natural |= {one - other for one in natural for other in natural if other < one}
    for mask in natural:
        if 0 < sum(found[SORTS[at]] for at in mask) < 5:
            assert not follows(basis, [Fraction(at in mask) for at in range(len(SORTS))])
