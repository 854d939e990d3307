"""A list of partners as coordinators have it, row by row, and every odd cell on its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import imports
from app.domain.imports import PartnerImport, PartnerRow, SheetRow
from app.domain.kinds import OrganisationKind, TableRoleName
from app.infra.sheets import read_sheet, write_xlsx

DATA = Path(__file__).parent.parent / "data"
TODAY = date(2026, 11, 22)
TABLES = ("MDA++", "ZSM", "ZVH", "Actie-overleg")


def partners(rows: tuple[SheetRow, ...] | None = None) -> PartnerImport:
    rows = rows if rows is not None else read_sheet((DATA / "partners.csv").read_bytes())
    return imports.read_partner_rows(rows, today=TODAY, known_tables=TABLES)


def told(findings: tuple[imports.Finding, ...]) -> list[tuple[str, str, dict[str, str]]]:
    return [(one.reason.value, one.column, dict(one.params)) for one in findings]


def test_each_bad_partner_row_is_named_with_its_number_and_every_reason() -> None:
    assert {row.number: (row.label, told(row.findings)) for row in partners().bad} == {
        4: ("Ça?la Vos", [("letters-lost", "Naam", {"value": "Ça?la Vos"})]),
        5: ("Esmée Bos", [("email-invalid", "E-mailadres", {"value": "e.bos(at)rn.example", "suggestion": "e.bos@rn.example"})]),
        11: ("Ça?la Vos", [("letters-lost", "Naam", {"value": "Ça?la Vos"}), ("duplicate-person", "E-mailadres", {"row": "4"})]),
        12: ("HÜLYA DE WIT", [("duplicate-person", "E-mailadres", {"row": "6"})]),
        13: (
            "Tom van Dam",
            [
                ("date-impossible", "Convenant vanaf", {"value": "31-02-2026"}),
                ("organisation-name-differs", "Organisatie", {"value": "Reclasering Meerland", "known": "Reclassering Meerland"}),
            ],
        ),
    }  # fmt: skip


def test_each_good_partner_row_comes_out_clean() -> None:
    def short(row: PartnerRow) -> tuple[object, ...]:
        return (row.organisation_code, row.organisation_name, row.person.name if row.person else "", row.tables, row.covenant_from, row.covenant_until)  # fmt: skip

    assert {row.number: short(row) for row in partners().good} == {
        2: ("VT", "Veilig Thuis Meerland", "Anne de Boer", ("ZSM",), date(2025, 3, 1), date(2027, 12, 31)),
        3: ("RN", "Reclassering Meerland", "José Smit", ("MDA++", "ZSM"), date(2025, 1, 1), None),
        6: ("GEM-ZM", "Gemeente Zuidmeer", "Hülya de Wit", ("ZVH",), date(2025, 9, 1), None),
        7: ("LT-ZM", "Lokaal team Zuidmeer", "Ilse Kuipers", ("MDA++", "Actie-overleg"), date(2025, 1, 1), None),
        8: ("CSG", "Centrum Seksueel Geweld", "Loïs van ’t Hof", ("Actie-overleg", "MDA++"), date(2025, 6, 1), date(2027, 12, 31)),
        9: ("SHN", "Slachtofferhulp Meerland", "Marijke El Amrani", ("MDA++", "ZSM"), date(2025, 3, 1), None),
        14: ("RN", "Reclassering Meerland", "Sjoerd Visser", ("ZSM",), date(2025, 1, 1), None),
        15: ("GEM-WM", "Gemeente Westmeer", "", ("MDA++",), date(2024, 1, 1), date(2024, 12, 31)),
    }  # fmt: skip


def test_what_is_doubted_in_a_good_partner_row_is_shown_beside_it() -> None:
    assert {row.number: told(row.warnings) for row in partners().good if row.warnings} == {
        9: [("formula-text", "Opmerking", {"value": "=SUM(A1:A9)"})],
        14: [("organisation-name-differs", "Organisatie", {"value": "Reclasering Meerland", "known": "Reclassering Meerland"})],
        15: [("person-missing", "Naam", {}), ("covenant-expired", "Convenant tot", {"date": "31-12-2024"})],
    }  # fmt: skip


def test_a_formula_stays_the_text_it_is() -> None:
    assert [row.note for row in partners().good if row.number == 9] == ["=SUM(A1:A9)"]


def test_functions_and_kinds_become_the_words_of_the_house() -> None:
    by_number = {row.number: row for row in partners().good}
    roles = {number: row.person.role for number, row in by_number.items() if row.person}
    assert roles == {
        2: TableRoleName.CHAIR, 3: None, 6: TableRoleName.REPRESENTATIVE,
        7: TableRoleName.REPRESENTATIVE, 8: TableRoleName.COORDINATOR,
        9: TableRoleName.REPRESENTATIVE, 14: TableRoleName.REPRESENTATIVE,
    }  # fmt: skip
    assert by_number[3].organisation_kind is OrganisationKind.PROBATION
    assert by_number[8].organisation_kind is OrganisationKind.SEXUAL_VIOLENCE_CENTRE


def test_the_same_list_as_a_workbook_reads_the_same() -> None:
    rows = read_sheet((DATA / "partners.csv").read_bytes())
    plain = [replace(row, cells=row.cells | {"Opmerking": ""}) for row in rows]
    data = write_xlsx(list(plain[0].cells), [list(row.cells.values()) for row in plain], "Lijst")
    read = partners(read_sheet(data))
    assert len(read.good) == len(partners().good)
    assert [row.label for row in read.bad] == [row.label for row in partners().bad]


PARTNER = {
    "Organisatie": "Veilig Thuis Meerland",
    "Afkorting": "VT",
    "Soort": "Veilig Thuis",
    "Naam": "Anne de Boer",
    "Functie": "voorzitter",
    "E-mailadres": "a.deboer@vt.example",
    "Telefoon": "06-12345600",
    "Tafels": "ZSM",
    "Convenant vanaf": "1-1-2025",
    "Convenant tot": "",
    "Opmerking": "",
}


def partner(**cells: str) -> PartnerImport:
    changed = {name.replace("_", " "): text for name, text in cells.items()}
    return partners((SheetRow(2, PARTNER | changed),))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1-11-2026", date(2026, 11, 1)),
        ("01-03-2025", date(2025, 3, 1)),
        ("2026-10-02", date(2026, 10, 2)),
        ("5 okt 2026", date(2026, 10, 5)),
        ("01/01/25", date(2025, 1, 1)),
        ("31-12-27", date(2027, 12, 31)),
        ("3.4.26", date(2026, 4, 3)),
        ("1 september 2025", date(2025, 9, 1)),
        ("1 MRT 2025", date(2025, 3, 1)),
        ("2026-10-02 00:00:00", date(2026, 10, 2)),
        ("29-2-2028", date(2028, 2, 29)),
    ],
)
def test_a_date_in_any_style_is_read_day_first(text: str, expected: date) -> None:
    (row,) = partner(Convenant_vanaf=text).good
    assert row.covenant_from == expected


@pytest.mark.parametrize(
    "text", ["", " ", "onbepaald", "ONBEPAALD", "onbepaalde tijd", "n.v.t.", "-"]
)
def test_an_open_end_is_no_date(text: str) -> None:
    (row,) = partner(Convenant_tot=text).good
    assert row.covenant_until is None
    assert row.warnings == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("31-02-2026", "date-impossible"),
        ("29-2-2027", "date-impossible"),
        ("2026-13-01", "date-impossible"),
        ("1-1-0025", "date-impossible"),
        ("gisteren", "date-unreadable"),
        ("10²¹", "date-unreadable"),
        ("1-1", "date-unreadable"),
    ],
)
def test_a_date_that_is_none_is_refused_as_it_was_typed(text: str, reason: str) -> None:
    (row,) = partner(Convenant_tot=text).bad
    assert told(row.findings) == [(reason, "Convenant tot", {"value": text})]


@pytest.mark.parametrize(
    ("cells", "finding"),
    [
        ({"Naam": "Gijs Y\ufffdlmaz"}, ("letters-lost", "Naam", {"value": "Gijs Y\ufffdlmaz"})),
        ({"Organisatie": "Ge?einte"}, ("letters-lost", "Organisatie", {"value": "Ge?einte"})),
        ({"E-mailadres": ""}, ("value-missing", "E-mailadres", {})),
        ({"E-mailadres": "anne"}, ("email-invalid", "E-mailadres", {"value": "anne", "suggestion": ""})),
        ({"E-mailadres": "a [AT] vt.example"}, ("email-invalid", "E-mailadres", {"value": "a [AT] vt.example", "suggestion": "a@vt.example"})),
        ({"E-mailadres": "a@vt.example, b@vt.example"}, ("email-invalid", "E-mailadres", {"value": "a@vt.example, b@vt.example", "suggestion": ""})),
        ({"Afkorting": ""}, ("value-missing", "Afkorting", {})),
        ({"Afkorting": "VEEL-TE-LANGE-CODE"}, ("text-too-long", "Afkorting", {"limit": "12"})),
        ({"Tafels": "ZSM, ZZZ"}, ("table-unknown", "Tafels", {"value": "ZZZ"})),
        ({"Convenant vanaf": "2-1-2025", "Convenant tot": "1-1-2025"}, ("period-reversed", "Convenant tot", {})),
    ],
    ids=str,
)  # fmt: skip
def test_a_partner_row_is_refused_for(cells: dict[str, str], finding: tuple[str, str, dict[str, str]]) -> None:  # fmt: skip
    (row,) = partner(**cells).bad
    assert told(row.findings) == [finding]


@pytest.mark.parametrize(
    ("cells", "finding"),
    [
        ({"Functie": "directeur"}, ("function-unknown", "Functie", {"value": "directeur"})),
        ({"Soort": "kapper"}, ("kind-unknown", "Soort", {"value": "kapper"})),
        ({"Telefoon": "bel de balie"}, ("phone-unusual", "Telefoon", {"value": "bel de balie"})),
        ({"Tafels": ""}, ("value-missing", "Tafels", {})),
        ({"Convenant vanaf": ""}, ("covenant-start-missing", "Convenant vanaf", {})),
        ({"Convenant tot": "21-11-2026"}, ("covenant-expired", "Convenant tot", {"date": "21-11-2026"})),
        ({"Opmerking": "ge?nformeerd"}, ("letters-lost", "Opmerking", {"value": "ge?nformeerd"})),
    ],
    ids=str,
)  # fmt: skip
def test_a_partner_row_is_loaded_with_a_warning_for(cells: dict[str, str], finding: tuple[str, str, dict[str, str]]) -> None:  # fmt: skip
    (row,) = partner(**cells).good
    assert told(row.warnings) == [finding]


def test_a_covenant_that_ends_today_has_not_expired() -> None:
    (row,) = partner(Convenant_tot="22-11-2026").good
    assert row.warnings == ()


def test_an_unknown_function_gives_no_role() -> None:
    (row,) = partner(Functie="directeur").good
    assert row.person is not None
    assert row.person.role is None


def test_another_name_under_a_known_code_is_another_organisation() -> None:
    rows = (SheetRow(2, PARTNER | {"Organisatie": "Bakkerij Zuid"}),)
    known = {"VT": "Veilig Thuis Meerland"}
    (row,) = imports.read_partner_rows(rows, today=TODAY, known_organisations=known).bad
    assert told(row.findings) == [
        ("organisation-name-differs", "Organisatie", {"value": "Bakkerij Zuid", "known": "Veilig Thuis Meerland"})
    ]  # fmt: skip


def test_a_known_name_under_another_code_is_refused() -> None:
    rows = (SheetRow(2, PARTNER | {"Afkorting": "VTM"}),)
    known = {"VT": "Veilig Thuis Meerland"}
    (row,) = imports.read_partner_rows(rows, today=TODAY, known_organisations=known).bad
    assert told(row.findings) == [
        ("organisation-code-differs", "Afkorting", {"value": "VTM", "known": "VT"})
    ]


def test_a_namesake_with_another_address_is_only_doubted() -> None:
    other = PARTNER | {"E-mailadres": "anne2@vt.example"}
    _, second = partners((SheetRow(2, PARTNER), SheetRow(3, other))).good
    assert told(second.warnings) == [("possible-duplicate", "Naam", {"row": "2"})]


def test_cells_beside_the_header_refuse_the_row() -> None:
    (row,) = partners((SheetRow(2, PARTNER, ("over",)),)).bad
    assert told(row.findings) == [("too-many-cells", "", {})]


def test_a_file_without_the_needed_columns_says_which() -> None:
    read = partners((SheetRow(2, {"Organisatie": "x", "EMAIL": "y"}),))
    assert read == PartnerImport((), (), ("Afkorting", "Naam"))


def test_a_file_of_empty_rows_is_nothing() -> None:
    empty = (SheetRow(2, dict.fromkeys(PARTNER, "")),)
    assert partners(empty) == PartnerImport((), ())


@given(st.fixed_dictionaries({name: st.text(max_size=30) for name in PARTNER}))
def test_any_cells_give_a_good_or_a_bad_row(cells: dict[str, str]) -> None:
    read = partners((SheetRow(2, cells | {"Naam": "x"}),))
    assert len(read.good) + len(read.bad) == 1
