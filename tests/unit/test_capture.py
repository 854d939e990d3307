"""The grammar of the capture line: signs, who is meant, dates, and what is asked instead."""

import uuid
from datetime import date

import pytest

from app.domain.capture import (
    Answers,
    Around,
    Candidate,
    LineKind,
    Question,
    keys_of,
    meant_by,
    read_line,
    sign_of,
)

TODAY = date(2026, 11, 26)  # a Thursday
NEXT = date(2026, 12, 10)


def seat(code: str, organisation: str, person: str = "") -> Candidate:
    return Candidate(uuid.uuid4(), code, organisation, person)


RECL = seat("RECL", "Reclassering", "S. Bakker")
POL = seat("POL", "Politie", "A. Yïlmaz")
VT = seat("VT", "Veilig Thuis Deltaland", "José de Vries")
GGZ = seat("GGZ", "GGZ Delta", "R. Smit")
GGZ_2 = seat("GGZ", "GGZ Delta")
SEATS = (GGZ, GGZ_2, POL, RECL, VT)


def read(line: str, answers: Answers | None = None, **changed):
    around = Around(**({"today": TODAY, "seats": SEATS, "next_meeting": NEXT} | changed))
    return read_line(line, around, answers or Answers())


def test_the_line_of_the_acceptance_list():
    found = read("/a Plan delen @rec >vr")
    assert (found.kind, found.text) == (LineKind.ACTION, "Plan delen")
    assert (found.owners, found.due_on) == ((RECL,), date(2026, 11, 27))
    assert not found.due_is_usual
    assert not found.questions


@pytest.mark.parametrize(
    ("line", "kind", "text"),
    [
        ("/b Regie bij gemeente", LineKind.DECISION, "Regie bij gemeente"),
        ("  /B  Regie", LineKind.DECISION, "Regie"),
        ("/n Let op", LineKind.NOTE, "Let op"),
        ("/a Bel @pol", LineKind.ACTION, "Bel"),
        ("Bel @pol", LineKind.ACTION, "Bel"),
        ("/m @pol", LineKind.ORAL_MARK, ""),
        ("/besluit van gisteren", LineKind.ACTION, "/besluit van gisteren"),
        ("en/of later", LineKind.ACTION, "en/of later"),
        ("\\/b is een teken", LineKind.ACTION, "/b is een teken"),
    ],
)
def test_what_it_is(line, kind, text):
    found = read(line)
    assert (found.kind, found.text) == (kind, text)


def test_the_usual_kind_is_the_chosen_button():
    assert read("Let op", usual_kind=LineKind.NOTE).kind is LineKind.NOTE
    assert read("/b Let op", usual_kind=LineKind.NOTE).kind is LineKind.DECISION


def test_an_unknown_sign_is_asked():
    assert Question.KIND_UNKNOWN in read("/x Bel @pol").questions
    assert read("/x Bel @pol").text == "/x Bel"


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("rec", RECL), ("RECL", RECL), ("reclassering", RECL), ("bakker", RECL), ("S.Bakker", RECL),
        ("yilmaz", POL), ("pol", POL), ("POLITIE", POL), ("vries", VT), ("jose", VT),
        ("Veilig-Thuis", VT), ("thuis", VT), ("smit", GGZ), ("ggz2", GGZ_2),
    ],
)  # fmt: skip
def test_who_is_meant(name, who):
    assert meant_by(name, SEATS) == (who,)
    assert read(f"/a Bel @{name}, en snel").owners == (who,)


def test_one_who_could_be_two_is_asked_with_both():
    found = read("/a Bel @ggz >vr")
    assert found.questions == (Question.OWNER_AMBIGUOUS,)
    assert found.candidates == (GGZ, GGZ_2)
    assert not found.owners
    assert (found.text, found.due_on) == ("Bel", date(2026, 11, 27))


def test_nobody_and_an_unknown_are_asked_with_everybody():
    assert read("/a Bel").questions == (Question.OWNER_MISSING,)
    unknown = read("/a Bel @school")
    assert (unknown.questions, unknown.candidates) == ((Question.OWNER_UNKNOWN,), SEATS)
    assert read("/b Bel @school").questions == (Question.OWNER_UNKNOWN,)


def test_an_action_has_one_owner_and_an_agreement_as_many_as_named():
    two = read("/a Bel @pol @rec")
    assert (two.questions, two.candidates) == ((Question.ONE_OWNER,), (POL, RECL))
    assert read("/a Bel @pol @politie").owners == (POL,)
    assert read("/b Samen bellen @pol @rec").owners == (POL, RECL)
    assert not read("/b Samen bellen").questions


def test_an_answer_goes_before_what_the_line_says():
    chosen = read("/a Bel @ggz", Answers(seat_id=GGZ_2.seat_id))
    assert (chosen.owners, chosen.questions) == ((GGZ_2,), ())
    gone = read("/a Bel @ggz", Answers(seat_id=uuid.uuid4()))
    assert gone.questions == (Question.OWNER_UNKNOWN,)
    dated = read("/a Bel @pol >3-11", Answers(due_on=date(2027, 11, 3)))
    assert (dated.due_on, dated.questions) == (date(2027, 11, 3), ())
    late = read("/a Bel @pol", Answers(due_on=date(2026, 11, 25)))
    assert late.questions == (Question.DATE_PAST,)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("vr", "2026-11-27"), ("vrijdag", "2026-11-27"), ("vrij", "2026-11-27"),
        ("do", "2026-12-03"), ("donderdag", "2026-12-03"), ("wo", "2026-12-02"),
        ("fri", "2026-11-27"), ("thursday", "2026-12-03"), ("mon", "2026-11-30"),
        ("vandaag", "2026-11-26"), ("morgen", "2026-11-27"), ("overmorgen", "2026-11-28"),
        ("tomorrow", "2026-11-27"), ("volgende", "2026-12-10"), ("next", "2026-12-10"),
        ("+2w", "2026-12-10"), ("+10d", "2026-12-06"), ("+2weken", "2026-12-10"),
        ("3-12", "2026-12-03"), ("03-12-2026", "2026-12-03"), ("3/12", "2026-12-03"),
        ("3.12.2026", "2026-12-03"), ("2026-12-03", "2026-12-03"), ("3dec", "2026-12-03"),
        ("3-dec-2026", "2026-12-03"), ("26-11", "2026-11-26"), ("3-1", "2027-01-03"),
        ("31-12.", "2026-12-31"),
    ],
)  # fmt: skip
def test_dates(said, day):
    found = read(f"/a Bel >{said} @pol")
    assert not found.questions
    assert (found.due_on, found.due_is_usual) == (date.fromisoformat(day), False)
    assert found.text == "Bel"


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("3-11", Question.DATE_PAST), ("25-11-2026", Question.DATE_PAST),
        ("2025-12-03", Question.DATE_PAST), ("31-02", Question.DATE_IMPOSSIBLE),
        ("31-02-2027", Question.DATE_IMPOSSIBLE), ("3-13", Question.DATE_IMPOSSIBLE),
        ("0-1", Question.DATE_IMPOSSIBLE), ("3-12-26", Question.DATE_IMPOSSIBLE),
        ("3-12-20261", Question.DATE_IMPOSSIBLE), ("29-2", Question.DATE_IMPOSSIBLE),
        ("31feb", Question.DATE_IMPOSSIBLE), ("1-12-9999", Question.DATE_IMPOSSIBLE),
    ],
)  # fmt: skip
def test_what_is_past_or_does_not_exist_is_asked(said, asked):
    found = read(f"/a Bel @pol >{said}")
    assert (found.questions, found.due_on) == ((asked,), None)


def test_a_year_rolls_over_only_when_that_is_near():
    december = date(2027, 12, 20)
    assert read("/a Bel @pol >3-1", today=december).due_on == date(2028, 1, 3)
    assert read("/a Bel @pol >29-2", today=december).due_on == date(2028, 2, 29)
    assert read("/a Bel @pol >19-12", today=december).questions == (Question.DATE_PAST,)
    assert read("/a Bel @pol >20-6", today=december).due_on == date(2028, 6, 20)
    assert read("/a Bel @pol >21-6", today=december).questions == (Question.DATE_PAST,)


def test_without_a_date_it_is_a_week_and_says_so():
    found = read("/a Bel @pol")
    assert (found.due_on, found.due_is_usual) == (date(2026, 12, 3), True)
    assert read("/b Bel @pol").due_on is None


def test_two_dates_and_a_missing_next_meeting_are_asked():
    assert read("/a Bel @pol >vr >ma").questions == (Question.ONE_DATE,)
    assert read("/a Bel @pol >next", next_meeting=None).questions == (Question.NO_NEXT_MEETING,)


@pytest.mark.parametrize(
    "text",
    [
        "Mail naar a.b@politie.nl sturen", "Kind is > 3 jaar", "Meer dan >3 keer", "Los @ teken",
        "Korting >50%", "Pijl -> daar", ">> nadruk", "Prijs >3x", "@-teken", "a>b",
    ],
)  # fmt: skip
def test_what_is_no_sign_stays_text(text):
    found = read(f"/b {text}")
    assert (found.text, found.questions) == (text, ())


def test_a_backslash_keeps_a_sign_as_text():
    found = read("/a Zet \\@pol en \\>vr op de lijst \\ hier @rec")
    assert (found.text, found.owners) == ("Zet @pol en >vr op de lijst \\ hier", (RECL,))
    assert found.due_is_usual


def test_a_date_is_of_an_action_only():
    assert read("/b Regie tot >vr").text == "Regie tot >vr"


def test_what_was_explained_aloud_is_not_kept():
    found = read("/m hij zei iets @pol")
    assert (found.text, found.owners) == ("", (POL,))
    assert found.questions == (Question.ORAL_WITH_TEXT,)
    assert read("/m").questions == (Question.OWNER_MISSING,)
    assert read("/m @pol").questions == ()


@pytest.mark.parametrize("line", ["", "   ", "/a", "/b ", "/n >", "/a @pol >vr"])
def test_an_empty_line_is_asked(line):
    assert (Question.TEXT_MISSING in read(line).questions) is (line != "/n >")


def test_every_seat_has_a_word_that_means_it_alone():
    twins = (seat("GGZ", "GGZ", "A. Bos"), seat("GGZ", "GGZ", "A. Bos"), seat("GG", "Gemeente"))
    for seats in (SEATS, twins):
        for one in seats:
            sign = sign_of(one, seats)
            assert meant_by(sign, seats) == (one,), sign
            assert read(f"/a Bel @{sign}", seats=seats).owners == (one,)
        whole = seats[-1].code
        assert meant_by(whole, seats) == (seats[-1],), "called exactly so, not beginning so"
    assert sign_of(POL, SEATS) == "POL"
    assert sign_of(GGZ, SEATS) == "R.Smit"
    assert "yilmaz" in keys_of(SEATS)[POL.seat_id]
