"""A list of cases as coordinators have it, row by row, and every odd cell on its own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import imports
from app.domain.imports import CaseImport, CaseRow, Children, SheetRow
from app.domain.kinds import CaseState
from app.infra.sheets import read_sheet

DATA = Path(__file__).parent.parent / "data"
TODAY = date(2026, 11, 22)
TABLES = ("MDA++", "ZSM", "ZVH", "Actie-overleg")
ORGANISATIONS = {
    "VT": "Veilig Thuis Meerland",
    "OM": "Openbaar Ministerie Meerland",
    "SHN": "Slachtofferhulp Meerland",
    "GEM-ZM": "Gemeente Zuidmeer",
}


def cases(rows: tuple[SheetRow, ...] | None = None, existing: tuple[str, ...] = ()) -> CaseImport:
    rows = rows if rows is not None else read_sheet((DATA / "cases.csv").read_bytes())
    return imports.read_case_rows(
        rows,
        today=TODAY,
        known_tables=TABLES,
        known_organisations=ORGANISATIONS,
        existing_numbers=existing,
    )


def told(findings: tuple[imports.Finding, ...]) -> list[tuple[str, str, dict[str, str]]]:
    return [(one.reason.value, one.column, dict(one.params)) for one in findings]


def test_each_bad_case_row_is_named_with_its_number_and_every_reason() -> None:
    assert {row.number: (row.label, told(row.findings)) for row in cases().bad} == {
        6: ("ACT-0120", [("duplicate-case", "Zaaknummer", {"row": "2"})]),
        7: (
            "MDA-0136",
            [
                ("date-impossible", "Datum aanmelding", {"value": "2026-13-01"}),
                ("channel-unknown", "Kanaal", {"value": "fax"}),
                ("value-missing", "Vraag aan de tafel", {}),
                ("status-missing", "Status", {}),
            ],
        ),
        8: ("ZSM-9999", [("table-unknown", "Tafel", {"value": "Onbekende tafel"})]),
    }


def test_each_good_case_row_comes_out_clean() -> None:
    first, second, third, fourth = cases().good
    assert first == CaseRow(
        number=2,
        case_number="ACT-0120",
        table="Actie-overleg",
        referred_by="SHN",
        referred_on=date(2026, 11, 1),
        channel="andere tafel",
        question='Let op: "spoed"; wie voert de regie?',
        household=("moeder", "stiefvader", "oma"),
        children=Children(1, (2021,)),
        informed=False,
        not_informed_reason="lopend strafrechtelijk onderzoek",
        is_urgent=False,
        state=CaseState.ACCEPTED,
        warnings=(),
    )
    assert told(second.warnings) == [("reason-missing", "Gezin geïnformeerd", {})]
    assert (second.referred_on, second.children) == (date(2026, 10, 2), Children(3))
    assert (third.referred_on, third.informed, third.children) == (
        date(2026, 10, 5),
        True,
        Children(None),
    )
    assert (fourth.household, fourth.is_urgent) == (("oudere (82)", "zoon"), True)
    assert (fourth.children, fourth.state) == (Children(2, (2016, 2019)), CaseState.CLOSED)


def test_a_second_import_finds_every_good_row_present() -> None:
    loaded = tuple(row.case_number.lower() for row in cases().good)
    again = cases(existing=loaded)
    assert again.good == ()
    assert again.present == (2, 3, 4, 5, 6)
    assert [row.number for row in again.bad] == [7, 8]


CASE = {
    "Zaaknummer": "MDA-0200",
    "Tafel": "mda++",
    "Aangemeld door": "Slachtofferhulp Meerland",
    "Datum aanmelding": "1-11-2026",
    "Kanaal": "Telefoon",
    "Vraag aan de tafel": "Wat nu?",
    "Huishouden": "moeder; zoon (12, uit huis)",
    "Kinderen": "",
    "Gezin geïnformeerd": "",
    "Spoed": "",
    "Status": "Aangemeld",
}


def test_known_words_are_found_whatever_their_capitals_and_an_organisation_by_name() -> None:
    (row,) = cases((SheetRow(2, CASE),)).good
    assert (row.table, row.referred_by, row.channel, row.state) == ("MDA++", "SHN", "telefoon", CaseState.REFERRED)  # fmt: skip
    assert row.household == ("moeder", "zoon (12, uit huis)")
    assert (row.informed, row.warnings) == (None, ())


@pytest.mark.parametrize(
    ("cells", "finding"),
    [
        ({"Zaaknummer": ""}, ("value-missing", "Zaaknummer", {})),
        ({"Aangemeld door": "XYZ"}, ("organisation-unknown", "Aangemeld door", {"value": "XYZ"})),
        ({"Datum aanmelding": ""}, ("value-missing", "Datum aanmelding", {})),
        ({"Status": "kwijt"}, ("status-unknown", "Status", {"value": "kwijt"})),
        ({"Spoed": "misschien"}, ("yes-no-unknown", "Spoed", {"value": "misschien"})),
        ({"Vraag aan de tafel": "x" * 2001}, ("text-too-long", "Vraag aan de tafel", {"limit": "2000"})),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_a_case_row_is_refused_for(cells: dict[str, str], finding: tuple[str, str, dict[str, str]]) -> None:  # fmt: skip
    (row,) = cases((SheetRow(2, CASE | cells),)).bad
    assert told(row.findings) == [finding]


@pytest.mark.parametrize(
    ("cells", "finding"),
    [
        ({"Datum aanmelding": "23-11-2026"}, ("date-in-future", "Datum aanmelding", {"date": "23-11-2026"})),
        ({"Kinderen": "twee"}, ("children-unreadable", "Kinderen", {"value": "twee"})),
        ({"Kanaal": ""}, ("value-missing", "Kanaal", {})),
        ({"Vraag aan de tafel": "@nu"}, ("formula-text", "Vraag aan de tafel", {"value": "@nu"})),
    ],
    ids=str,
)  # fmt: skip
def test_a_case_row_is_loaded_with_a_warning_for(cells: dict[str, str], finding: tuple[str, str, dict[str, str]]) -> None:  # fmt: skip
    (row,) = cases((SheetRow(2, CASE | cells),)).good
    assert told(row.warnings) == [finding]


def test_two_cases_without_a_number_are_not_each_others_double() -> None:
    rows = tuple(SheetRow(number, CASE | {"Zaaknummer": ""}) for number in (2, 3))
    assert [told(row.findings) for row in cases(rows).bad] == [
        [("value-missing", "Zaaknummer", {})]
    ] * 2


def test_a_file_without_the_needed_columns_says_which() -> None:
    assert cases((SheetRow(2, {"Tafel": "x"}),)).missing_columns == (
        "Zaaknummer", "Aangemeld door", "Datum aanmelding", "Vraag aan de tafel",
    )  # fmt: skip


def test_a_file_of_empty_rows_is_nothing() -> None:
    assert cases((SheetRow(2, dict.fromkeys(CASE, "")),)) == CaseImport((), ())


@given(st.fixed_dictionaries({name: st.text(max_size=30) for name in CASE}))
def test_any_cells_give_a_good_or_a_bad_row(cells: dict[str, str]) -> None:
    read = cases((SheetRow(2, cells | {"Zaaknummer": "x"}),))
    assert len(read.good) + len(read.bad) == 1
