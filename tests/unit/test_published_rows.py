"""From all that any reader may read no number of 1 to 4 follows, of rows of whatever sort.

Three tables of two kinds, two organisations, a year and a quarter; every span, side by side.
"""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from app.domain.kinds import Measure
from app.domain.report import Span
from tests.unit.possible_rows import is_only_possibility
from tests.unit.published_rows import (
    ORGANISATIONS,
    QUARTERS,
    TABLES,
    Atom,
    Knowledge,
    Line,
    discussions,
    of_organisations,
    read,
    referrals,
)

SORTS = {
    "discussions": discussions(),
    "referrals": referrals(),
    "input": of_organisations(Measure.INPUT, ("in-time", "late", "silent")),
    "actions": of_organisations(Measure.ACTIONS, ("in-time", "late")),
}


# These find the most of the faults that were planted.
FIRST = (3, 5, 15)
STAFF_FIRST = (1, 4, 59)
YEAR = Span(QUARTERS[0], 4)
# An action of each sort, at one table in one quarter.
HERE = [
    frozenset({Atom(Measure.ACTIONS, QUARTERS[0], TABLES[0], ORGANISATIONS[0], one)})
    for one in ("late", "in-time")
]


def some_rows(sorts, seed, most=400):
    """Rows by chance: a few sorts are many, some are rare."""
    chance = Random(seed)
    if most < 40:
        return Counter(chance.choices(sorts[: 2 * most], k=most))
    often = chance.sample(sorts, k=min(len(sorts), chance.choice((6, 25, 60))))
    found = Counter(chance.choices(often, k=chance.choice((40, 120, 400))))
    found.update(chance.choices(sorts, k=chance.choice((0, 3, 12))))
    return found


def more(seeds):
    return [pytest.param(one, marks=pytest.mark.deep) for one in seeds]


@pytest.mark.parametrize("of", SORTS)
@pytest.mark.parametrize("seed", [*FIRST, *more(one for one in range(60) if one not in FIRST)])
def test_nothing_small_follows_from_all_that_is_told(of, seed):
    rows = some_rows(SORTS[of], seed)
    known = Knowledge(rows, SORTS[of], read(rows, TABLES))
    assert known.told
    assert not [number for number, _ in known.given_away()]


@pytest.mark.parametrize("of", SORTS)
@pytest.mark.parametrize(
    "seed", [*STAFF_FIRST, *more(one for one in range(60) if one not in STAFF_FIRST)]
)
def test_staff_who_know_their_own_table_work_out_nothing_small_of_the_others(of, seed):
    rows = some_rows(SORTS[of], seed)
    for table_id in TABLES:
        lines = read(rows, [table_id])
        known = Knowledge(rows, SORTS[of], lines, own=[table_id])
        assert not [number for number, _ in known.given_away()]


@pytest.mark.parametrize("of", ["input", "actions"])
@pytest.mark.parametrize("most", [6, 9, 400])
@pytest.mark.parametrize("seed", [1, 2, *more((3, 4, 5, 8))])
def test_of_every_small_number_the_rows_leave_more_than_one_possibility(of, seed, most):
    """Also for who knows of every dash that it stands for something."""
    rows = some_rows(SORTS[of], seed, most)
    known = Knowledge(rows, SORTS[of], read(rows, TABLES))
    small = [one for one in known.lines if 0 < known.number(one) < 5]
    assert small
    assert not [known.number(one) for one in small if is_only_possibility(known, one)]


def test_the_search_finds_what_has_one_possibility_only():
    """Of two that are hidden with a whole of two each is one; of three one of them may be two."""
    asked = Line(Measure.ACTIONS, "late", YEAR, TABLES[0])
    for number, is_only in ((2, True), (3, False)):
        rows = Counter(dict(zip(HERE, (1, number - 1), strict=True)))
        lines = {asked._replace(category=""): number, asked: None}
        lines[asked._replace(category="in-time")] = None
        known = Knowledge(rows, HERE, lines)
        [mask] = [one for one in known.lines if known.number(one) == 1 and HERE[0] in one]
        assert not known.follows(mask)
        assert is_only_possibility(known, mask) is is_only
    told = {asked._replace(category=""): 3, asked._replace(category="in-time"): 2, asked: None}
    given = Knowledge(rows, HERE, told).given_away()
    assert sorted(number for number, _ in given) == [1, 2, 3]
