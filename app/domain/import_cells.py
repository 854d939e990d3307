"""Reads one imported row cell by cell and gathers what is wrong with it; must never guess."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from app.domain.import_reasons import BadRow, Finding, ImportReason, SheetRow
from app.domain.local_time import DateFault, UnreadableDate, parse_date
from app.domain.text import clean_line, clean_text

_LOST: Final = "\ufffd"
_LOST_IN_TEXT: Final = re.compile(r"\ufffd|\w\?\w")
_SHORT_YEAR: Final = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{2})", re.ASCII)
_CLOCK: Final = re.compile(r"(\d{4}-\d{2}-\d{2})[ T]\d{2}:\d{2}(:\d{2})?", re.ASCII)
_OPEN_ENDED: Final = frozenset({"", "-", "geen", "n.v.t.", "nvt", "onbepaald", "onbepaalde tijd"})
_IMPOSSIBLE: Final = frozenset(
    {DateFault.NO_SUCH_DAY, DateFault.NO_SUCH_MONTH, DateFault.YEAR_OUT_OF_RANGE}
)
_YES_NO: Final = {"ja": True, "j": True, "x": True, "nee": False, "n": False}


def missing_columns(
    row: SheetRow, required: tuple[str, ...], aliases: Mapping[str, str]
) -> tuple[str, ...]:
    """Return the required headers that the file does not have, under any known name."""
    present = {_column(name, aliases) for name in row.cells}
    return tuple(name for name in required if name.casefold() not in present)


class RowReader:
    """One row under reading; ``errors`` refuse it, ``warnings`` are shown beside it."""

    def __init__(self, row: SheetRow, aliases: Mapping[str, str]) -> None:
        self.number = row.number
        self.errors: list[Finding] = []
        self.warnings: list[Finding] = []
        self._cells = {_column(name, aliases): text for name, text in row.cells.items()}
        if row.surplus:
            self.refuse(ImportReason.TOO_MANY_CELLS, "")
        for name, text in row.cells.items():
            if text.startswith(("=", "@")):
                self.doubt(ImportReason.FORMULA_TEXT, name, value=text)

    def refuse(self, reason: ImportReason, column: str, **params: str) -> None:
        """Note why the row cannot be loaded."""
        self.errors.append(Finding(reason, column, params))

    def doubt(self, reason: ImportReason, column: str, **params: str) -> None:
        """Note what a person should look at before loading."""
        self.warnings.append(Finding(reason, column, params))

    def bad(self, label: str) -> BadRow:
        """Return the row as refused."""
        return BadRow(self.number, label, (*self.errors, *self.warnings))

    def line(self, column: str, *, limit: int, is_required: bool = False) -> str:
        """Return a cell as one clean line of at most ``limit`` characters."""
        text = clean_line(self._raw(column))
        if is_required and not text:
            self.refuse(ImportReason.VALUE_MISSING, column)
        return self._bounded(column, text, limit)

    def name(self, column: str, *, limit: int, is_required: bool = False) -> str:
        """Return a name; a question mark in it is a letter lost in an earlier conversion."""
        text = self.line(column, limit=limit, is_required=is_required)
        if "?" in text or _LOST in text:
            self.refuse(ImportReason.LETTERS_LOST, column, value=text)
        return text

    def text(self, column: str, *, limit: int, is_required: bool = False) -> str:
        """Return a text of several lines; a question mark is suspect only inside a word."""
        text = clean_text(self._raw(column))
        if is_required and not text:
            self.refuse(ImportReason.VALUE_MISSING, column)
        if _LOST_IN_TEXT.search(text):
            self.doubt(ImportReason.LETTERS_LOST, column, value=text)
        return self._bounded(column, text, limit)

    def date(self, column: str) -> date | None:
        """Return the date in any of the styles seen, day before month; None when open-ended.

        Two digits of a year are of this century.
        """
        text = clean_line(self._raw(column))
        if text.casefold() in _OPEN_ENDED:
            return None
        try:
            return parse_date(_plain_date(text))
        except UnreadableDate as error:
            is_impossible = error.fault in _IMPOSSIBLE
            reason = ImportReason.DATE_IMPOSSIBLE if is_impossible else ImportReason.DATE_UNREADABLE
            self.refuse(reason, column, value=text)
            return None

    def yes_no(self, column: str) -> tuple[bool | None, str]:
        """Return yes, no or nothing, and the reason that may follow after a colon."""
        answer, _, reason = clean_line(self._raw(column)).partition(":")
        known = answer.strip().casefold()
        if known and known not in _YES_NO:
            self.refuse(ImportReason.YES_NO_UNKNOWN, column, value=answer)
        return _YES_NO.get(known), reason.strip()

    def _raw(self, column: str) -> str:
        return self._cells.get(column.casefold(), "")

    def _bounded(self, column: str, text: str, limit: int) -> str:
        if len(text) > limit:
            self.refuse(ImportReason.TEXT_TOO_LONG, column, limit=str(limit))
        return text


def _column(name: str, aliases: Mapping[str, str]) -> str:
    plain = clean_line(name).casefold()
    return aliases.get(plain, plain)


def _plain_date(text: str) -> str:
    """Take off the clock a workbook adds to a date and write the century out."""
    if short := _SHORT_YEAR.fullmatch(text):
        return f"{short[1]}-{short[2]}-20{short[3]}"
    with_clock = _CLOCK.fullmatch(text)
    return with_clock[1] if with_clock else text
