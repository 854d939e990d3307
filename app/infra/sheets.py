"""Reads a CSV or XLSX file of strangers into rows of text, and writes cells no program runs.

Reading is bounded in size, rows, columns and unpacked size, evaluates nothing and must never raise
anything but `SheetError`.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Final, TypeAlias

from openpyxl import Workbook, load_workbook

from app.domain.import_reasons import SheetRow
from app.domain.text import clean_text

MAX_BYTES: Final = 5 * 1024 * 1024
MAX_ROWS: Final = 5_000
MAX_COLUMNS: Final = 50
MAX_CELL: Final = 10_000
MAX_UNPACKED: Final = 20 * 1024 * 1024

_MAX_MEMBERS: Final = 200
# A workbook is looked at this far for stray values; empty formatted cells beyond do no harm.
_SCANNED_ROWS: Final = 20_000
_SCANNED_COLUMNS: Final = 256

_ZIP: Final = b"PK\x03\x04"
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
_UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_XML_TRICKS: Final = (b"<!DOCTYPE", b"<!ENTITY")
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001
_NOT_IN_CELLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_NAMES: Final = re.compile(r"[\[\]:*?/\\]")
_LONGEST_NAME: Final = 31

CellValue: TypeAlias = str | int | date | None


class SheetReason(StrEnum):
    """Why a whole file cannot be read."""

    BROKEN_QUOTES = "broken-quotes"
    CELL_TOO_LONG = "cell-too-long"
    DOUBLE_HEADER = "double-header"
    EMPTY = "empty"
    OLD_EXCEL = "old-excel"
    TOO_LARGE = "too-large"
    TOO_MANY_COLUMNS = "too-many-columns"
    TOO_MANY_ROWS = "too-many-rows"
    UNREADABLE = "unreadable"


class SheetError(Exception):
    """The file is not a sheet that can be read; ``reason`` says why."""

    def __init__(self, reason: SheetReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


def read_sheet(data: bytes) -> tuple[SheetRow, ...]:
    """Return the rows below the header that are not empty, numbered as a spreadsheet does.

    What it is (CSV in UTF-8, UTF-16 or Windows-1252 with ``;``, ``,`` or tab, or XLSX) is read off
    the bytes, not off a name. Of a workbook the first visible sheet counts; formulas stay text.
    """
    if not data.strip():
        raise SheetError(SheetReason.EMPTY)
    if len(data) > MAX_BYTES:
        raise SheetError(SheetReason.TOO_LARGE)
    if data.startswith(_OLD_EXCEL):
        raise SheetError(SheetReason.OLD_EXCEL)
    lines = _workbook_lines(data) if data.startswith(_ZIP) else _csv_lines(data)
    filled = ((number, line) for number, line in enumerate(lines, start=1) if line)
    return tuple(_rows(filled))


def safe_cell(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula (OWASP ASVS 1.2.10)."""
    clean = _NOT_IN_CELLS.sub("", text)
    return f"'{clean}" if clean.startswith(_FORMULA_STARTS) else clean


def write_csv(header: Sequence[str], rows: Iterable[Sequence[CellValue]]) -> bytes:
    """Return a file that Dutch spreadsheets open at once: UTF-8 with mark, semicolons, CRLF."""
    return b"".join(stream_csv(header, rows))


def stream_csv(header: Sequence[str], rows: Iterable[Sequence[CellValue]]) -> Iterator[bytes]:
    """The same file line by line, for what is too long to hold."""
    encoding = "utf-8-sig"
    for row in itertools.chain((header,), rows):
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=";").writerow([_as_text(value) for value in row])
        yield out.getvalue().encode(encoding)
        encoding = "utf-8"


def write_xlsx(header: Sequence[str], rows: Iterable[Sequence[CellValue]], name: str) -> bytes:
    """Return a workbook of one sheet of that name; whole numbers and dates keep their type."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(_sheet_name(name))
    for row in (header, *rows):
        sheet.append([safe_cell(value) if isinstance(value, str) else value for value in row])
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _sheet_name(name: str) -> str:
    """The name as far as a spreadsheet takes it: 31 characters, some signs not."""
    words = _NOT_IN_NAMES.sub(" ", _NOT_IN_CELLS.sub("", name)).split()
    return " ".join(words)[:_LONGEST_NAME].strip(" '")


def _rows(lines: Iterator[tuple[int, list[str]]]) -> Iterator[SheetRow]:
    _, header = next(lines, (0, []))
    if not header:
        raise SheetError(SheetReason.EMPTY)
    named = [name.casefold() for name in header if name]
    if len(named) != len(set(named)):
        raise SheetError(SheetReason.DOUBLE_HEADER)
    for count, (number, line) in enumerate(lines, start=1):
        if count > MAX_ROWS:
            raise SheetError(SheetReason.TOO_MANY_ROWS)
        padded = line + [""] * (len(header) - len(line))
        cells = {name: text for name, text in zip(header, padded, strict=False) if name}
        nameless = [text for name, text in zip(header, padded, strict=False) if text and not name]
        surplus = [text for text in padded[len(header) :] if text]
        yield SheetRow(number, cells, (*nameless, *surplus))


def _line(values: Iterable[str]) -> list[str]:
    """Clean one line: control characters and outer spaces out, empty cells at the end off."""
    line = [clean_text(value) for value in values]
    while line and not line[-1]:
        line.pop()
    if len(line) > MAX_COLUMNS:
        raise SheetError(SheetReason.TOO_MANY_COLUMNS)
    if any(len(text) > MAX_CELL for text in line):
        raise SheetError(SheetReason.CELL_TOO_LONG)
    return line


def _as_text(value: CellValue) -> str:
    if isinstance(value, str):
        return safe_cell(value)
    if isinstance(value, date):
        return f"{value:%d-%m-%Y}"
    return "" if value is None else str(value)


# --- CSV ---


def _csv_lines(data: bytes) -> Iterator[list[str]]:
    text = _decoded(data)
    if "\x00" in text:
        raise SheetError(SheetReason.UNREADABLE)
    # Excel's own hint line is not shown by Excel, so it has no row number.
    hint = re.match(r"sep=(.)\r?\n", text)
    delimiter = hint[1] if hint else _delimiter(text)
    body = io.StringIO(text[hint.end() :] if hint else text, newline="")
    try:
        for values in csv.reader(body, delimiter=delimiter, strict=True):
            yield _line(values)
    except csv.Error:
        raise SheetError(SheetReason.BROKEN_QUOTES) from None


def _decoded(data: bytes) -> str:
    encodings = ("utf-16",) if data.startswith(_UTF16_MARKS) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("cp1252", errors="replace")


def _delimiter(text: str) -> str:
    """Return the sign that stands most often in the first line, outside quotes."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", first)
    return max(";,\t", key=bare.count)


# --- XLSX ---


def _workbook_lines(data: bytes) -> Iterator[list[str]]:
    try:
        _refuse_bomb(data)
        book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        sheet = next(one for one in book.worksheets if one.sheet_state == "visible")
        # What a stranger's file says of its own size is not believed.
        sheet.reset_dimensions()
        bounds = {"max_row": _SCANNED_ROWS, "max_col": _SCANNED_COLUMNS}
        for values in sheet.iter_rows(values_only=True, **bounds):
            yield _line(map(_cell_text, values))
    except SheetError:
        raise
    except Exception as error:  # the library raises whatever a broken file makes it meet
        raise SheetError(SheetReason.UNREADABLE) from error


def _refuse_bomb(data: bytes) -> None:
    """Look inside before the library does: few members, little when unpacked, no XML entities."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        unpacked = sum(member.file_size for member in members)
        if len(members) > _MAX_MEMBERS or unpacked > MAX_UNPACKED:
            raise SheetError(SheetReason.TOO_LARGE)
        for member in members:
            # zipfile never reads more than the size a member declares.
            content = archive.read(member)
            if any(trick in content for trick in _XML_TRICKS):
                raise SheetError(SheetReason.UNREADABLE)


def _cell_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        is_day = (value.hour, value.minute, value.second) == (0, 0, 0)
        return f"{value:%Y-%m-%d}" if is_day else f"{value:%Y-%m-%d %H:%M}"
    # An array formula is an object that carries its text.
    return str(getattr(value, "text", value))
