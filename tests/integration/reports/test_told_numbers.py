"""Every number a report tells is the one a naive pass over the raw rows tells; a dash has a reason."""

from __future__ import annotations

from collections import Counter

import pytest

from app.access import load_actor
from app.access.oversight import reports
from app.domain.kinds import Measure
from app.domain.report import QUARTERS_A_YEAR, ReportScope, Span, Worked
from app.features.reports import closing
from app.infra import clock
from app.infra.db import reading, transaction
from tests.integration.reports import told_anew as anew
from tests.integration.reports.reasons import Place, without_reason
from tests.integration.reports.region import AFTERWARDS, QUARTERS, laid
from tests.integration.reports.stored import stored

YEARS = [Span(QUARTERS[0], 4), Span(QUARTERS[4], 4)]
LAST_FOUR = Span(QUARTERS[5], 4)
SPANS = [*YEARS, LAST_FOUR, Span(QUARTERS[3], 3)]
MORE_SPANS = [Span(QUARTERS[0], 8), *map(Span, QUARTERS)]
# Of fewer than so many nothing is worked out.
LEAST = {Worked.MEDIAN: 5, Worked.P90: 10, Worked.MEAN: 5, Worked.SHARE: 40}
# Of which discussions, told beside it.
CASES = {Worked.MEDIAN: "new", Worked.P90: "new", Worked.MEAN: "", Worked.SHARE: ""}


# The first one every time, more of them in the full run.
SEEDS = [11, *(pytest.param(one, marks=pytest.mark.deep) for one in (2, 3, 5, 7, 13, 19))]


@pytest.fixture(params=SEEDS)
def region(request, app, frozen_clock):
    made = laid(request.param)
    frozen_clock.moment = AFTERWARDS
    assert closing.close_due() == len(QUARTERS)
    return made


def every_report(region, spans):
    """Each table and the region over each span, and each organisation by itself."""
    tables = [None, *(one.id for one in region.tables)]
    with reading() as session:
        for span in spans:
            for table_id in tables:
                yield reports.of_region(session, ReportScope(span, table_id))
        for partner in region.partners:
            yield reports.of_region(session, ReportScope(YEARS[1], tables[1], partner.id))


def every_cell(region, spans):
    """Each number that is told or not: its measure, line, span, table, organisation, and itself."""
    names = {one.name: one.id for one in region.partners}
    for report in every_report(region, spans):
        for part in report.parts:
            for group in part.groups:
                of = names.get(group.name.nl) if group.name else None
                for line in group.lines:
                    for span, told in zip(part.columns, line.cells, strict=True):
                        table_id = report.scope.table_id
                        if part.measure is Measure.ANNUAL:
                            table_id = None  # of all tables of the kind
                        yield part.measure, line.code, span, table_id, of, told


def number_of(facts, one: Place) -> int:
    if one.what in (Measure.ANNUAL, Measure.OUTCOMES):
        return facts.annual(one.code, one.days, one.table_id)
    code = one.code or None
    return facts.count(one.what, one.days, one.table_id, one.organisation_id, code)


def test_every_number_is_the_one_told_anew_from_the_rows(region, deep):
    spans = [*SPANS, *MORE_SPANS] if deep else SPANS
    facts, seen, untold = anew.told_anew(), Counter(), {}
    assert stored() == facts.cells(QUARTERS)
    for measure, code, span, table_id, of, told in every_cell(region, spans):
        if code in LEAST:
            cases = Place("cases", CASES[code], span.quarter_days, table_id)
            assert_worked_out(facts, code, cases, told, is_untold=cases in untold)
        else:
            place = Place(measure.value, code, span.quarter_days, table_id, of)
            number = number_of(facts, place)
            if told.number is None:
                untold[place] = number
            else:
                assert (told.number, told.sign) == (number, ""), place
                assert number not in range(1, 5), place
        seen[measure, code, told.number is None] += 1
    missing = without_reason(untold, lambda one: number_of(facts, one), tables_of(region))
    assert not missing, [(one, untold[one]) for one in missing]
    assert_says_much(seen)


def tables_of(region):
    return [one.id for one in region.tables]


def assert_worked_out(facts, code, cases, told, *, is_untold):
    """What is worked out is right, and told where there is enough to work it out from."""
    days, table_id = cases.days, cases.table_id
    many = facts.count("cases", days, table_id, code=cases.code or None)
    if code is Worked.SHARE:
        many = len(facts.some("all-present", days, table_id))
    is_of_years = len(days) == QUARTERS_A_YEAR and days[0].month == 1
    is_enough = many >= LEAST[code] and (code is not Worked.SHARE or is_of_years)
    # The count it rests on has a reason for its own dash.
    assert (told.number is not None) == (is_enough and not is_untold), (code, cases)
    if told.number is None:
        return
    if code is Worked.SHARE:
        assert_share(told, facts.share_all_there(days, table_id))
    elif code is Worked.MEAN:
        assert told.sign == ""
        assert abs(told.number - facts.mean_minutes(days, table_id)) * 2 <= 1
    else:
        hundredths = {Worked.MEDIAN: 50, Worked.P90: 90}[code]
        assert told.text == str(facts.lead_time(hundredths, days, table_id))


def assert_share(told, share):
    """In steps of five; at either end no more than that it lies there."""
    if told.sign:
        assert told.sign.strip() in ("≥", "≤")
        assert told.number in (10, 90)
        assert share >= 90 if told.number == 90 else share <= 10
    else:
        assert 10 < share < 90
        assert told.number % 5 == 0
        assert abs(told.number - min(max(share, 15), 85)) * 2 <= 5


def assert_says_much(seen):
    """Of each measure something is told, and something is not."""
    told = {measure for measure, _, is_untold in seen if not is_untold}
    assert told == set(Measure), set(Measure) - told
    assert {code for _, code, is_untold in seen if not is_untold} >= {*LEAST}
    assert sum(many for one, many in seen.items() if one[2]) > 100


def test_each_reader_reads_nothing_but_that(region):
    """Staff of a table get of a scope what anybody gets of it, of organisations they met."""
    with transaction() as session:
        for table, chair in zip(region.tables[:3], region.chairs, strict=False):
            actor = load_actor(session, chair.id, now=clock.now())
            for scope in (None, ReportScope(YEARS[1], table.id), ReportScope(LAST_FOUR, table.id)):
                own = reports.report(session, actor, scope)
                whole = reports.of_region(session, own.scope)
                assert own.scope.span in (LAST_FOUR, YEARS[1])
                for mine, all_of_it in zip(own.parts, whole.parts, strict=True):
                    assert set(mine.groups) <= set(all_of_it.groups)
                    assert mine.columns == all_of_it.columns
