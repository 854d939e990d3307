"""The kinds of table that ship: whole, in both languages, and nothing in them points at nothing."""

import re
from collections import Counter
from dataclasses import fields, is_dataclass

import pytest

from app.domain import presets
from app.domain.kind_document import KindDocument, Words, dump, parse
from app.domain.kinds import DecisionKind, FigureSource, RetentionClass, TableKind, TermSubject
from app.domain.presets.sections import LIFE
from app.domain.terms import DEFAULTS, Term, faulty

FORBIDDEN = re.compile(r"\b(dader|zaak|zaken|melding|offender|perpetrator)", re.IGNORECASE)
ALL = list(presets.SHIPPED.values())


def words_in(tree):
    if isinstance(tree, Words):
        yield tree
    elif is_dataclass(tree):
        for one in fields(tree):
            yield from words_in(getattr(tree, one.name))
    elif isinstance(tree, tuple):
        for one in tree:
            yield from words_in(one)


def test_every_way_of_working_has_a_kind_of_its_name_and_the_themes_have_their_own():
    for kind in TableKind:
        assert presets.document_of(kind).works_as is kind
    own = {one.code for one in ALL} - set(TableKind)
    assert own == {
        "sexual-violence", "human-trafficking", "stalking", "elder-abuse", "complex-divorce",
    }  # fmt: skip
    assert all(presets.SHIPPED[code].works_as is TableKind.THEMATIC for code in own)
    not_for_partners = {one.code for one in ALL if not one.takes_referrals}
    assert not_for_partners == {TableKind.ON_THE_SPOT, TableKind.SCREENING}


@pytest.mark.parametrize("document", ALL, ids=lambda one: one.code)
def test_a_kind_is_whole(document: KindDocument):
    assert parse(dump(document)) == document
    scheme = [one.code for one in document.sections]
    assert {presets.IDENTITY, "cause", presets.TRIED, "safety", presets.INPUT} <= set(scheme)
    for codes in (
        scheme,
        [one.code for one in document.criteria],
        [one.code for one in document.clocks],
        [one.code for one in document.outcomes],
        [one.kind for one in document.partners],
        [(one.organisation_kind, one.section_code) for one in document.disclosures],
    ):
        assert max(Counter(codes).values()) == 1
    assert {one.section_code for one in document.disclosures} <= set(scheme)
    assert {one.organisation_kind for one in document.disclosures} <= {
        one.kind for one in document.partners
    }
    for one in document.disclosures:
        assert len(one.ground) <= 200
        assert len(one.purpose) <= 200
        assert 0 < len(one.necessity) <= 400
    for one in document.sections:
        assert (one.retention is RetentionClass.IDENTITY) == one.is_identity
        assert len(one.code) <= 30
        assert len(one.label_nl) <= 80
    assert document.decision_kinds[0] is DecisionKind.AGREEMENT
    assert document.regime.keep_months is not None
    kept = {subject: Term(months) for subject, months in document.regime.keep_months.items()}
    assert faulty({**DEFAULTS, **kept}) is None
    assert TermSubject.KEEP_SUMMARY in kept


@pytest.mark.parametrize("document", ALL, ids=lambda one: one.code)
def test_every_word_of_a_kind_stands_in_both_languages_and_none_is_a_wrong_one(document):
    found = list(words_in(document))
    assert len(found) > 10
    for one in found:
        assert one.nl.strip(), one
        assert one.en.strip(), one
        assert not FORBIDDEN.search(one.nl + one.en), one
    for section in document.sections:
        assert section.label_nl
        assert section.label_en
        assert not FORBIDDEN.search(section.label_nl + section.label_en)


def test_each_kind_has_what_it_is_for():
    by_kind = {kind: presets.document_of(kind) for kind in TableKind}
    plans = {one.code for one in by_kind[TableKind.SAFETY_HOUSE].sections if one.is_plan}
    assert set(LIFE) <= plans
    assert len(LIFE) == 12
    scheme = {one.code: one for one in by_kind[TableKind.MDA].sections}
    assert presets.WEIGHING in scheme
    assert scheme[presets.EXIT].is_plan
    assert presets.AGREEMENTS in {one.code for one in by_kind[TableKind.ON_THE_SPOT].sections}
    order = {one.code: one for one in by_kind[TableKind.EXCLUSION_ORDER].clocks}
    assert {"day-3", "day-7", "day-8", "day-10", "day-28"} <= set(order)
    assert [code for code, one in order.items() if one.plans_meeting] == ["day-3"]
    with_family = {kind for kind, one in by_kind.items() if one.has_family_part}
    assert with_family == {TableKind.MDA, TableKind.YOUTH_PROTECTION}
    assert [kind for kind, one in by_kind.items() if one.has_standing_seats] == [
        TableKind.SAFETY_HOUSE
    ]
    by_mayor = {
        kind for kind, one in by_kind.items() if DecisionKind.BY_MAYOR in one.decision_kinds
    }
    assert by_mayor == {TableKind.EXCLUSION_ORDER, TableKind.SAFETY_HOUSE}
    assert {one for document in ALL for one in document.decision_kinds} == set(DecisionKind)


def test_what_counts_counts_in_a_figure_of_its_own_kind():
    for document in ALL:
        outcomes = {one.code for one in document.figures if one.source is FigureSource.OUTCOMES}
        assert {one.counts_as for one in document.outcomes if one.counts_as} == outcomes
    codes = [one.code for document in ALL for one in document.figures]
    assert len(codes) == len(set(codes))
    assert {
        "zsm-cases", "zsm-advices", "screening-cases", "chats", "safety-house-submissions",
        "safety-house-pga", "mda-cases",
    } <= set(codes)  # fmt: skip
