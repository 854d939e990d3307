"""Which table fits, what a draft misses, and when two rows are the same person."""

from datetime import date

import pytest

from app.domain.identity_marks import named_in, plain, same_person
from app.domain.kind_document import Criterion, KindDocument, LegalRegime, Words
from app.domain.kinds import ConcernedRole, TableKind, Urgency
from app.domain.referral_drafts import (
    Choice,
    Draft,
    Household,
    Lack,
    Matter,
    Member,
    Met,
    Step,
    dump,
    lacks,
    parse,
    required_met,
    version_of,
    with_part,
)
from app.domain.table_chooser import Sign, Signs, advise, is_answered

BORN = date(1990, 12, 3)
NO_WORDS = Words("", "")
KIND = KindDocument(
    code="mda",
    works_as=TableKind.MDA,
    name=NO_WORDS,
    advice=NO_WORDS,
    criteria=(Criterion("a", NO_WORDS, is_required=True), Criterion("b", NO_WORDS)),
    regime=LegalRegime(NO_WORDS, NO_WORDS),
    confidentiality=NO_WORDS,
)
WHOLE = Draft(
    matter=Matter("Wat nu?", "Dit speelt.", urgency=Urgency.SOON),
    met=Met("mda", 0, ("a",)),
    household=Household((Member(ConcernedRole.VICTIM, "moeder"),), informed=False, reason="Gevaar"),
)


@pytest.mark.parametrize(
    ("signs", "kinds"),
    [
        (Signs(acute=True), [TableKind.ACTION]),
        (Signs(stuck=True), [TableKind.MDA]),
        (Signs(chains=True), [TableKind.SAFETY_HOUSE]),
        (Signs(protection=True), [TableKind.YOUTH_PROTECTION]),
        (Signs(acute=True, stuck=True), [TableKind.ACTION, TableKind.MDA]),
        (Signs(acute=False, protection=False, stuck=False, chains=False), []),
    ],
)
def test_the_chooser_names_the_kind_each_answer_points_to_the_most_urgent_first(signs, kinds):
    assert [one.kind for one in advise(signs)] == kinds


def test_no_advice_after_every_question_is_not_the_same_as_a_question_left_open():
    assert is_answered(Signs(acute=False, protection=False, stuck=False, chains=False))
    assert not is_answered(Signs(acute=False))
    assert {one.value for one in Sign} == {"acute", "protection", "stuck", "chains"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Piet de Vries", "piet  DE VRIES"),
        ("Vries, Piet de", "Piet de Vries"),
        ("José Müller", "Jose Muller"),
        ("Anne-Marie van 't Hof", "anne marie Hof"),
        ("Łukasz Sørensen", "Lukasz Sorensen"),
        ("Zoë\u0308", "Zoë\u0308 "),
        ("René", "Rene\u0301"),
    ],
)
def test_a_name_is_the_same_however_it_is_typed(one, other):
    assert same_person(one, BORN) == same_person(other, BORN) != ""


def test_another_name_or_birth_date_is_another_person_and_half_of_it_is_nobody():
    assert same_person("Piet de Vries", BORN) != same_person("Piet de Vries", date(1990, 3, 12))
    assert same_person("Piet de Vries", BORN) != same_person("Jan de Vries", BORN)
    assert same_person("Piet de Vries", None) == same_person(" - ", BORN) == ""
    assert plain("Van den Ten") == "den ten van"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Piet de Vries\n03-12-1990", ("Piet de Vries", BORN)),
        ("Bsn: 1\nNaam: Vries, Piet de (roepnaam), geb. 3-12-1990", ("Vries, Piet de", BORN)),
        ("Piet de Vries, geboren 03/12/1990 te Ede", ("Piet de Vries", BORN)),
        ("Piet de Vries\n03-12-1990\nverhuisd op 01-01-2026", ("Piet de Vries", None)),
        ("Piet de Vries, 31-02-1990", ("Piet de Vries,", None)),
        ("Geboortejaar: 2016", ("", None)),
        (" ", ("", None)),
    ],
)
def test_of_an_identity_the_name_and_the_only_day_count(text, found):
    assert named_in(text) == found


def test_a_draft_comes_back_as_it_was_and_counts_its_changes_per_step():
    first = with_part(WHOLE, Step.TABLE, Choice(Signs(acute=True), "x"))
    assert parse(dump(first)) == first
    assert with_part(first, Step.TABLE, first.choice) is first
    second = with_part(first, Step.TABLE, Choice())
    assert [version_of(second, one) for one in (Step.TABLE, Step.MATTER)] == [2, 0]


def test_a_draft_says_what_it_misses_and_asks_the_criteria_of_another_version_again():
    assert lacks(WHOLE, KIND, 0) == ()
    assert lacks(WHOLE, KIND, 1) == (Lack.CRITERIA,)
    assert set(lacks(Draft(), None, 0)) == {
        Lack.TABLE, Lack.QUESTION, Lack.CAUSE, Lack.URGENCY, Lack.MEMBERS, Lack.INFORMED,
    }  # fmt: skip
    assert required_met(WHOLE.met, KIND) == (1, 1)
