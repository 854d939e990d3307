"""No published numbers of a region, however added up or subtracted, give a count of 1 to 4 away.

Asked by enumeration: cells are sets of atoms, and every set of atoms that counts 1 to 4 is held
against the rational span of what is published. Knows nothing of how the rule goes about it.
"""

from __future__ import annotations

import time
from fractions import Fraction
from itertools import combinations, product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.suppression import CannotHideError, Sum, more_to_hide, publishable

ALL = "all"


class Region:
    """Tables by periods by categories with every margin; ``cells`` says of which atoms each is."""

    def __init__(self, atoms, axes):
        self.atoms = dict(zip(product(*axes), atoms, strict=True))
        self.cells = {
            key: frozenset(
                atom
                for atom in self.atoms
                if all(b in (ALL, a) for a, b in zip(atom, key, strict=True))
            )
            for key in product(*((*axis, ALL) for axis in axes))
        }
        self.sums = [
            Sum(key, tuple((*key[:at], one, *key[at + 1 :]) for one in axis))
            for key in self.cells
            for at, axis in enumerate(axes)
            if key[at] == ALL
        ]

    def number(self, key):
        return sum(self.atoms[atom] for atom in self.cells[key])

    @property
    def numbers(self):
        return {key: self.number(key) for key in self.cells}

    def published(self, **how):
        return publishable(self.numbers, self.sums, **how)


def gives_away(region, shown):
    """Sets of atoms of 1 to 4 that follow from what is shown; a set of nobody says nothing.

    A region that is divided in two ways has the atoms of both: ``halves`` are the sets that count
    the same, and no set mixes them.
    """
    some = [atom for atom, number in region.atoms.items() if number]
    halves = getattr(region, "halves", [])
    rows = [[Fraction(atom in region.cells[key]) for atom in some] for key in shown]
    rows += [[Fraction((atom in one) - (atom in other)) for atom in some] for one, other in halves]
    basis = reduced(rows)
    seconds = {atom for _, other in halves for atom in other}
    small = [atom for atom in some if region.atoms[atom] < 5]
    for size in range(1, 5):
        for chosen in combinations(small, size):
            is_mixed = 0 < len(seconds.intersection(chosen)) < size
            if (
                not is_mixed
                and sum(region.atoms[atom] for atom in chosen) < 5
                and follows(basis, [Fraction(atom in chosen) for atom in some])
            ):
                yield chosen


def reduced(rows):
    basis = []
    for row in rows:
        rest = taken(basis, row)
        pivot = next((at for at, value in enumerate(rest) if value), None)
        if pivot is not None:
            basis.append((pivot, [value / rest[pivot] for value in rest]))
    return basis


def taken(basis, row):
    rest = list(row)
    for pivot, of in basis:
        if rest[pivot]:
            rest = [a - rest[pivot] * b for a, b in zip(rest, of, strict=True)]
    return rest


def follows(basis, row):
    return not any(taken(basis, row))


def subtracted(region, shown):
    """Every filter pair and period: one published number less another one within it."""
    for one, other in product(shown, repeat=2):
        if (
            region.cells[other] < region.cells[one]
            and 0 < region.number(one) - region.number(other) < 5
        ):
            yield one, other


def holds(region, shown):
    assert not [key for key in shown if 0 < region.number(key) < 5]
    assert not list(subtracted(region, shown))
    assert not list(gives_away(region, shown))


def test_every_small_region_is_safe_and_says_what_it_can(deep):
    numbers = range(8) if deep else (0, 1, 4, 5, 12)
    for atoms in product(numbers, repeat=4):
        region = Region(atoms, ("ab", "12"))
        shown = region.published()
        holds(region, shown)
        assert {key for key, number in region.numbers.items() if not number} <= shown
        if all(number >= 5 or not number for number in atoms):
            assert shown == set(region.cells)


SIDES = st.tuples(st.integers(2, 4), st.integers(2, 3), st.integers(1, 3))


@st.composite
def regions(draw):
    sides = draw(SIDES)
    number = st.sampled_from((0, 0, 1, 1, 2, 3, 4, 5, 6, 8, 11, 30))
    many = sides[0] * sides[1] * sides[2]
    atoms = draw(st.lists(number, min_size=many, max_size=many))
    return Region(atoms, tuple(tuple(range(side)) for side in sides))


@given(regions())
def test_random_regions_are_safe_in_three_directions(region):
    holds(region, region.published())


@settings(max_examples=settings.default.max_examples // 2)
@given(st.lists(st.integers(0, 5), min_size=4, max_size=4))
def test_bounds_leave_more_than_one_possibility(atoms):
    """Who knows that every hidden number is at least 1 finds two regions that look the same."""
    region = Region(atoms, ("ab", "12"))
    shown = region.published()
    hidden = [key for key, number in region.numbers.items() if 0 < number < 5]
    if not hidden:
        return
    known = {key: number for key, number in region.numbers.items() if key in shown}
    most = sum(atoms) + 3
    possible = {key: set() for key in hidden}
    for others in product(range(min(most, 7) + 1), repeat=4):
        other = dict(zip(region.atoms, others, strict=True))
        numbers = {key: sum(other[a] for a in of) for key, of in region.cells.items()}
        if all((numbers[key] == known[key]) if key in known else numbers[key] for key in numbers):
            for key in hidden:
                possible[key].add(numbers[key])
    assert all(len(found) > 1 for found in possible.values())


@given(regions())
def test_what_was_published_stays_and_a_later_quarter_gives_nothing_away(region):
    """Quarters come one by one, and the year with the last of them."""
    told = frozenset()
    periods = [key for key in dict.fromkeys(key[1] for key in region.cells) if key != ALL]
    for number in range(1, len(periods) + 1):
        known = {*periods[:number], *([ALL] if number == len(periods) else [])}
        cells = {key: one for key, one in region.numbers.items() if key[1] in known}
        sums = [one for one in region.sums if {one.whole, *one.parts} <= set(cells)]
        shown = publishable(cells, sums, told=told)
        assert told <= shown
        holds(region, shown)
        told = shown
    assert number == len(periods)


def test_two_ways_to_divide_the_same_whole_and_a_rest_nobody_sees():
    """New or not, and everybody there or not, of the same items; and cases among discussions."""
    numbers = {"whole": 30, "new": 20, "old": 10, "there": 28, "not": 2, "cases": 28, "rest": 2}
    sums = [
        Sum("whole", ("new", "old")),
        Sum("whole", ("there", "not")),
        Sum("whole", ("cases", "rest")),
    ]
    shown = publishable(numbers, sums, withheld={"rest"})
    assert not {"not", "there", "rest"} & shown
    assert {"new", "old"} <= shown
    assert not {"whole", "cases"} <= shown
    # Five that are hidden, so 1 at least, and together 5: their whole must not be told.
    ones = dict.fromkeys("abcde", 1)
    assert not publishable({**ones, "whole": 5}, [Sum("whole", tuple(ones))])
    assert publishable({**ones, "a": 2, "whole": 6}, [Sum("whole", tuple(ones))]) == {"whole"}
    with pytest.raises(CannotHideError):
        publishable({"a": 7, "b": 5, "c": 2}, [Sum("a", ("b", "c"))], told={"a", "b"})


def test_a_region_of_twelve_tables_and_sixty_organisations_takes_less_than_a_second():
    random = Random(7)
    number = lambda: int(random.expovariate(1 / 20))  # noqa: E731
    whole = Region([number() for _ in range(12 * 4)], (range(12), range(4)))
    years = Region([number() for _ in range(12 * 3)], (range(12), range(3)))
    parts = [Region([number() for _ in range(4 * 4)], (range(4), range(4))) for _ in range(60)]
    began = time.process_time()
    shown = [one.published() for one in (whole, years, *parts)]
    assert time.process_time() - began < 1
    assert len(shown[0]) > 12 * 4 / 2
    assert shown == [one.published() for one in (whole, years, *parts)]


def test_a_guarded_number_does_not_follow_whatever_its_size():
    numbers, sums = {"all": 30, "one": 12, "other": 18}, [Sum("all", ("one", "other"))]
    assert publishable(numbers, sums, withheld={"other"}) == {"all", "one"}
    assert len(publishable(numbers, sums, guarded={"other"})) == 1


def test_who_takes_an_own_part_off_is_left_nothing_small():
    sums = [Sum("all", ("one", "other"))]
    left = {"all": 9, "one": 7, "other": 2}
    assert more_to_hide(left, sums, hidden={"other"}, may_hide={"all", "one"})
    assert not more_to_hide(left, sums, hidden={"other", "one"}, may_hide={"all"})
    assert more_to_hide(left, sums, hidden={"other"}, may_hide={"one"}) == {"one"}
