"""Files of strangers: every encoding and shape a spreadsheet writes, and every way to be broken."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.formula import ArrayFormula

from app.domain.import_reasons import SheetRow
from app.infra import sheets
from app.infra.sheets import SheetError, SheetReason, read_sheet, safe_cell, write_csv, write_xlsx

TABLE = "Naam;Tafels\r\nZoë d’Arc;MDA++, ZSM\r\n"
ROWS = (SheetRow(2, {"Naam": "Zoë d’Arc", "Tafels": "MDA++, ZSM"}),)


def workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def reason_of(data: bytes) -> SheetReason:
    with pytest.raises(SheetError) as caught:
        read_sheet(data)
    return caught.value.reason


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_every_encoding_a_spreadsheet_writes_is_read(encoding: str) -> None:
    assert read_sheet(TABLE.encode(encoding)) == ROWS


@pytest.mark.parametrize("delimiter", [";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiter_and_line_ends_are_found_out(delimiter: str, end: str) -> None:
    data = TABLE.replace(";", delimiter).replace("\r\n", end).encode()
    assert read_sheet(data) == ROWS


def test_commas_separate_when_nothing_else_does() -> None:
    data = 'Naam,Tafels\nZoë d’Arc,"MDA++, ZSM"\n'.encode()
    assert read_sheet(data) == ROWS


def test_signs_inside_a_quoted_header_do_not_count() -> None:
    (row,) = read_sheet(b'"Naam, voluit, zo";Tafel\na;b\n')
    assert row.cells == {"Naam, voluit, zo": "a", "Tafel": "b"}


def test_the_hint_line_of_excel_is_taken() -> None:
    assert read_sheet(b"sep=,\r\nA,B;C\r\n1,2\r\n") == (SheetRow(2, {"A": "1", "B;C": "2"}),)


def test_quotes_hold_quotes_delimiters_and_lines_and_the_numbers_stay_right() -> None:
    first, second = read_sheet(b'A;B\n"Let op: ""spoed""; nu";"een\ntwee"\n\n;;\nx;y\n')
    assert first == SheetRow(2, {"A": 'Let op: "spoed"; nu', "B": "een\ntwee"})
    assert second.number == 5


def test_stray_spaces_and_control_characters_go() -> None:
    (row,) = read_sheet("A ;B\n \xa0x\x07 ;\ty z \n".encode())
    assert row.cells == {"A": "x", "B": "y z"}


def test_cells_without_a_header_are_kept_apart() -> None:
    assert read_sheet(b"A;;B\n1;2;3;4\n")[0] == SheetRow(2, {"A": "1", "B": "3"}, ("2", "4"))


def test_a_short_row_has_empty_cells() -> None:
    assert read_sheet(b"A;B\n1\n")[0].cells == {"A": "1", "B": ""}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", SheetReason.EMPTY),
        (b" \r\n", SheetReason.EMPTY),
        (b";;;\n;;\n", SheetReason.EMPTY),
        (b"A;B\n1;\x002\n", SheetReason.UNREADABLE),
        (b"A;a\n1;2\n", SheetReason.DOUBLE_HEADER),
        (b'A;B\n1;"2\n3;4\n', SheetReason.BROKEN_QUOTES),
        (b"A\n" + b"x" * (sheets.MAX_CELL + 1), SheetReason.CELL_TOO_LONG),
        (b"A\n" + b'"' + b"x" * 200_000 + b'"', SheetReason.BROKEN_QUOTES),
        (b"A\n" + b"1;" * sheets.MAX_COLUMNS + b"1", SheetReason.TOO_MANY_COLUMNS),
        (b"A\n" + b"1\n" * (sheets.MAX_ROWS + 1), SheetReason.TOO_MANY_ROWS),
        (b"A" * (sheets.MAX_BYTES + 1), SheetReason.TOO_LARGE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), SheetReason.OLD_EXCEL),
        (b"PK\x03\x04 and no more", SheetReason.UNREADABLE),
    ],
)
def test_a_file_that_cannot_be_read_says_why(data: bytes, reason: SheetReason) -> None:
    assert reason_of(data) is reason


def test_the_bounds_themselves_are_allowed() -> None:
    assert len(read_sheet(b"A\n" + b"1\n" * sheets.MAX_ROWS)) == sheets.MAX_ROWS


def test_a_workbook_reads_like_its_text() -> None:
    data = workbook(
        ["Naam", "Vanaf", "Om", "Aantal", "Deel", "Ja", "Leeg", "Som"],
        [
            " Zoë ",
            datetime.fromisoformat("2026-10-02"),
            datetime.fromisoformat("2026-10-02T13:05"),
            3,
            1.5,
            True,
            None,
            "=A1+1",
        ],
        [],
        ["Noor", date(2026, 1, 31), "5 okt 2026", 3.0, "06-12", False, "", "x"],
    )
    first, second = read_sheet(data)
    assert first.number == 2
    assert list(first.cells.values()) == [
        "Zoë",
        "2026-10-02",
        "2026-10-02 13:05",
        "3",
        "1.5",
        "ja",
        "",
        "=A1+1",
    ]
    assert second.number == 4
    assert list(second.cells.values()) == [
        "Noor",
        "2026-01-31",
        "5 okt 2026",
        "3",
        "06-12",
        "nee",
        "",
        "x",
    ]


def test_an_array_formula_stays_text() -> None:
    assert read_sheet(workbook(["A"], [ArrayFormula("A2", "=SUM(B1:B2)")]))[0].cells == {
        "A": "=SUM(B1:B2)"
    }


def test_the_first_visible_sheet_counts() -> None:
    book = Workbook()
    book.active.append(["Verborgen"])
    book.active.sheet_state = "hidden"
    book.create_sheet().append(["Naam"])
    book.worksheets[1].append(["Noor"])
    out = io.BytesIO()
    book.save(out)
    assert read_sheet(out.getvalue()) == (SheetRow(2, {"Naam": "Noor"}),)


def test_a_workbook_has_the_same_bounds() -> None:
    assert (
        reason_of(workbook(["A"], ["1"] * (sheets.MAX_COLUMNS + 1))) is SheetReason.TOO_MANY_COLUMNS
    )
    assert reason_of(workbook(["A"], *[[1]] * (sheets.MAX_ROWS + 1))) is SheetReason.TOO_MANY_ROWS
    assert reason_of(workbook(["A"], ["x" * (sheets.MAX_CELL + 1)])) is SheetReason.CELL_TOO_LONG
    assert reason_of(workbook([])) is SheetReason.EMPTY


def repacked(data: bytes, member: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, content if name == member else old.read(name))
        if member not in old.namelist():
            new.writestr(member, content)
    return out.getvalue()


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = repacked(workbook(["A"], ["1"]), "xl/sharedStrings.xml", bytes(sheets.MAX_UNPACKED + 1))
    assert len(bomb) < 100_000
    assert reason_of(bomb) is SheetReason.TOO_LARGE


def test_a_swarm_of_members_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(300):
            archive.writestr(f"{number}", b"")
    assert reason_of(out.getvalue()) is SheetReason.TOO_LARGE


@pytest.mark.parametrize(
    "trick", [b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>', b"<!ENTITY x 'y'>"]
)
def test_xml_entities_are_refused(trick: bytes) -> None:
    assert (
        reason_of(repacked(workbook(["A"], ["1"]), "xl/workbook.xml", trick))
        is SheetReason.UNREADABLE
    )


@pytest.mark.parametrize("row", [pytest.param(b"1048576", marks=pytest.mark.deep), b"19999"])
def test_a_row_far_down_does_not_stall(row: bytes) -> None:
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>A</t></is></c></row><row r="%s"><c r="A%s"><v>1</v></c></row></sheetData></worksheet>'
        % (row, row)
    )
    rows = read_sheet(repacked(workbook(["A"]), "xl/worksheets/sheet1.xml", sheet))
    assert [one.number for one in rows] == ([19999] if row == b"19999" else [])


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=600))
def test_any_bytes_give_rows_or_a_sheet_error(data: bytes) -> None:
    for file in (data, b"PK\x03\x04" + data, b"\xff\xfe" + data):
        with suppress(SheetError):
            read_sheet(file)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 4000), st.binary(min_size=1, max_size=40))
def test_a_damaged_workbook_gives_rows_or_a_sheet_error(place: int, damage: bytes) -> None:
    data = bytearray(workbook(["Naam", "Tafel"], ["Noor", "ZSM"]))
    data[place : place + len(damage)] = damage
    with suppress(SheetError):
        read_sheet(bytes(data))


@pytest.mark.parametrize(
    "text", ["=1+1", "+31 6", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1", "\x00=1"]
)
def test_a_text_that_could_run_is_quoted(text: str) -> None:
    assert safe_cell(text).startswith("'")


@pytest.mark.parametrize("text", ["", "gewoon", "a=b", "06-12", "3"])
def test_an_ordinary_text_stays(text: str) -> None:
    assert safe_cell(text) == text


@given(st.text(max_size=60))
def test_no_cell_ever_starts_a_formula(text: str) -> None:
    assert not safe_cell(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_a_written_csv_opens_in_dutch_spreadsheets_and_reads_back() -> None:
    data = write_csv(
        ["Naam", "Dag", "Aantal"], [["Zoë; x", date(2027, 3, 28), -3], ["=1", None, 0]]
    )
    assert data.startswith(b"\xef\xbb\xbfNaam;Dag;Aantal\r\n")
    assert [row.cells for row in read_sheet(data)] == [
        {"Naam": "Zoë; x", "Dag": "28-03-2027", "Aantal": "-3"},
        {"Naam": "'=1", "Dag": "", "Aantal": "0"},
    ]


def test_a_written_workbook_holds_no_formula_and_reads_back() -> None:
    data = write_xlsx(
        ["Naam", "Dag", "Aantal"],
        [["=1+1", date(2027, 3, 28), 3], ["a\x00b", None, 0]],
        "2026-Q1-2026-Q4 MDA++ [proef]: oost/west",
    )
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet.title == "2026-Q1-2026-Q4 MDA++ proef oos"
    cells = [cell for row in sheet for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    assert [list(row.cells.values()) for row in read_sheet(data)] == [
        ["'=1+1", "2027-03-28", "3"],
        ["ab", "", "0"],
    ]
