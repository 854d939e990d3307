"""Reads a coordinator's list of cases row by row; it must never load, guess or make a number up."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.domain.import_cells import RowReader, missing_columns
from app.domain.import_reasons import BadRow, Finding, ImportReason, SheetRow
from app.domain.kinds import CaseState

NUMBER: Final = "Zaaknummer"
TABLE: Final = "Tafel"
REFERRED_BY: Final = "Aangemeld door"
REFERRED_ON: Final = "Datum aanmelding"
CHANNEL: Final = "Kanaal"
QUESTION: Final = "Vraag aan de tafel"
HOUSEHOLD: Final = "Huishouden"
CHILDREN: Final = "Kinderen"
INFORMED: Final = "Gezin geïnformeerd"
URGENT: Final = "Spoed"
STATE: Final = "Status"

CHANNELS: Final = ("andere tafel", "chat", "e-mail", "formulier", "politie", "telefoon")
QUESTION_LIMIT: Final = 2_000

_REQUIRED: Final = (NUMBER, TABLE, REFERRED_BY, REFERRED_ON, QUESTION)
_ALIASES: Final = {"casusnummer": NUMBER.casefold(), "vraagstelling": QUESTION.casefold()}
_STATES: Final = {
    "aangemeld": CaseState.REFERRED,
    "afgeschaald": CaseState.CLOSED,
    "afgesloten": CaseState.CLOSED,
    "afgewezen": CaseState.REFUSED,
    "besproken": CaseState.DISCUSSED,
    "geaccepteerd": CaseState.ACCEPTED,
    "geagendeerd": CaseState.ON_AGENDA,
    "in triage": CaseState.IN_TRIAGE,
    "in uitvoering": CaseState.IN_PROGRESS,
    "terug naar aanmelder": CaseState.RETURNED,
    "terug naar melder": CaseState.RETURNED,
}
_CHILDREN: Final = re.compile(r"(\d{1,2})(?:\s*\(b\.\s*(\d{4}(?:\s*,\s*\d{4})*)\))?", re.ASCII)
# A comma inside brackets, "zoon (12, uit huis)", does not part two members.
_BETWEEN_MEMBERS: Final = re.compile(r"\s*[,;]\s*(?![^()]*\))")


@dataclass(frozen=True, slots=True)
class Children:
    """How many children, and their years of birth where the list gives them."""

    count: int | None
    born: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """A row that may be loaded; ``number`` is the row, ``case_number`` what the source calls it.

    ``referred_by`` is the code of a known organisation; ``informed`` tells whether the family
    knows, with the reason when it does not.
    """

    number: int
    case_number: str
    table: str
    referred_by: str
    referred_on: date | None
    channel: str
    question: str
    household: tuple[str, ...]
    children: Children
    informed: bool | None
    not_informed_reason: str
    is_urgent: bool
    state: CaseState
    warnings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class CaseImport:
    """What a file of cases comes to; ``present`` are the rows whose number was loaded before."""

    good: tuple[CaseRow, ...]
    bad: tuple[BadRow, ...]
    present: tuple[int, ...] = ()
    missing_columns: tuple[str, ...] = ()


def read_case_rows(
    rows: Sequence[SheetRow],
    *,
    today: date,
    known_tables: Collection[str],
    known_organisations: Mapping[str, str],
    existing_numbers: Collection[str] = (),
) -> CaseImport:
    """Sort the rows into good, bad and already present; empty rows are passed over.

    :param known_organisations: code to name; a row may name either.
    """
    filled = [row for row in rows if any(row.cells.values()) or row.surplus]
    missing = missing_columns(filled[0], _REQUIRED, _ALIASES) if filled else ()
    if missing:
        return CaseImport((), (), (), missing)
    existing = {number.casefold() for number in existing_numbers}
    reading = _Reading(today, known_tables, known_organisations)
    good: list[CaseRow] = []
    bad: list[BadRow] = []
    present: list[int] = []
    for row in filled:
        reader = RowReader(row, _ALIASES)
        number = reader.name(NUMBER, limit=40, is_required=True)
        if number.casefold() in existing:
            present.append(row.number)
            continue
        result = reading.row(reader, number)
        if isinstance(result, BadRow):
            bad.append(result)
        else:
            good.append(result)
    return CaseImport(tuple(good), tuple(bad), tuple(present))


class _Reading:
    """One pass over a file; remembers which case stood where."""

    def __init__(
        self, today: date, tables: Collection[str], organisations: Mapping[str, str]
    ) -> None:
        self._today = today
        self._tables = {name.casefold(): name for name in tables}
        self._codes = {name.casefold(): code for code, name in organisations.items()}
        self._codes |= {code.casefold(): code for code in organisations}
        self._row_of_number: dict[str, int] = {}

    def row(self, reader: RowReader, number: str) -> CaseRow | BadRow:
        first = self._row_of_number.setdefault(number.casefold(), reader.number)
        if number and first != reader.number:
            reader.refuse(ImportReason.DUPLICATE_CASE, NUMBER, row=str(first))
        informed, reason = reader.yes_no(INFORMED)
        if informed is False and not reason:
            reader.doubt(ImportReason.REASON_MISSING, INFORMED)
        read = CaseRow(
            number=reader.number,
            case_number=number,
            table=_one_of(reader, TABLE, self._tables, ImportReason.TABLE_UNKNOWN),
            referred_by=_one_of(
                reader, REFERRED_BY, self._codes, ImportReason.ORGANISATION_UNKNOWN
            ),
            referred_on=self._referred_on(reader),
            channel=_channel(reader),
            question=reader.text(QUESTION, limit=QUESTION_LIMIT, is_required=True),
            household=_household(reader),
            children=_children(reader),
            informed=informed,
            not_informed_reason=reason,
            is_urgent=reader.yes_no(URGENT)[0] or False,
            state=_state(reader),
            warnings=tuple(reader.warnings),
        )
        return reader.bad(number) if reader.errors else read

    def _referred_on(self, reader: RowReader) -> date | None:
        errors = len(reader.errors)
        day = reader.date(REFERRED_ON)
        if day is None and len(reader.errors) == errors:
            reader.refuse(ImportReason.VALUE_MISSING, REFERRED_ON)
        if day is not None and day > self._today:
            reader.doubt(ImportReason.DATE_IN_FUTURE, REFERRED_ON, date=f"{day:%d-%m-%Y}")
        return day


def _one_of(reader: RowReader, column: str, known: Mapping[str, str], unknown: ImportReason) -> str:
    """Return the known spelling of a required cell, or refuse the row."""
    text = reader.line(column, limit=120, is_required=True)
    if text and text.casefold() not in known:
        reader.refuse(unknown, column, value=text)
    return known.get(text.casefold(), text)


def _channel(reader: RowReader) -> str:
    text = reader.line(CHANNEL, limit=30)
    if not text:
        reader.doubt(ImportReason.VALUE_MISSING, CHANNEL)
    elif text.casefold() not in CHANNELS:
        reader.refuse(ImportReason.CHANNEL_UNKNOWN, CHANNEL, value=text)
    return text.casefold()


def _household(reader: RowReader) -> tuple[str, ...]:
    text = reader.text(HOUSEHOLD, limit=500).replace("\n", ",")
    return tuple(member for member in _BETWEEN_MEMBERS.split(text) if member)


def _children(reader: RowReader) -> Children:
    text = reader.line(CHILDREN, limit=200)
    if not text:
        return Children(None)
    found = _CHILDREN.fullmatch(text)
    if found is None:
        reader.doubt(ImportReason.CHILDREN_UNREADABLE, CHILDREN, value=text)
        return Children(None)
    years = tuple(int(year) for year in (found[2] or "").split(",") if year)
    return Children(int(found[1]), years)


def _state(reader: RowReader) -> CaseState:
    text = reader.line(STATE, limit=40)
    if not text:
        reader.doubt(ImportReason.STATUS_MISSING, STATE)
    elif text.casefold() not in _STATES:
        reader.refuse(ImportReason.STATUS_UNKNOWN, STATE, value=text)
    return _STATES.get(text.casefold(), CaseState.REFERRED)
