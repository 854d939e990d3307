"""Reads a coordinator's list of partners and people row by row; it must never load or guess."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Final

from app.domain.import_cells import RowReader, missing_columns
from app.domain.import_reasons import BadRow, Finding, ImportReason, SheetRow
from app.domain.kinds import OrganisationKind, TableRoleName

ORGANISATION: Final = "Organisatie"
CODE: Final = "Afkorting"
KIND: Final = "Soort"
NAME: Final = "Naam"
FUNCTION: Final = "Functie"
EMAIL: Final = "E-mailadres"
PHONE: Final = "Telefoon"
TABLES: Final = "Tafels"
FROM: Final = "Convenant vanaf"
UNTIL: Final = "Convenant tot"
NOTE: Final = "Opmerking"

_REQUIRED: Final = (ORGANISATION, CODE, NAME, EMAIL)
_ALIASES: Final = {
    "e-mail": EMAIL.casefold(),
    "email": EMAIL.casefold(),
    "mail": EMAIL.casefold(),
    "tafel": TABLES.casefold(),
}
_KINDS: Final = {
    "centrum seksueel geweld": OrganisationKind.SEXUAL_VIOLENCE_CENTRE,
    "csg": OrganisationKind.SEXUAL_VIOLENCE_CENTRE,
    "gecertificeerde instelling": OrganisationKind.YOUTH_PROTECTION,
    "gemeente": OrganisationKind.MUNICIPALITY,
    "ggz": OrganisationKind.MENTAL_HEALTH,
    "gi": OrganisationKind.YOUTH_PROTECTION,
    "lokaal team": OrganisationKind.LOCAL_TEAM,
    "om": OrganisationKind.PROSECUTION,
    "onderwijs": OrganisationKind.EDUCATION_HEALTH,
    "openbaar ministerie": OrganisationKind.PROSECUTION,
    "opvang": OrganisationKind.SHELTER,
    "overig": OrganisationKind.OTHER,
    "politie": OrganisationKind.POLICE,
    "raad voor de kinderbescherming": OrganisationKind.CHILD_PROTECTION,
    "reclassering": OrganisationKind.PROBATION,
    "rvdk": OrganisationKind.CHILD_PROTECTION,
    "slachtofferhulp": OrganisationKind.VICTIM_SUPPORT,
    "veilig thuis": OrganisationKind.VEILIG_THUIS,
    "verslavingszorg": OrganisationKind.ADDICTION_CARE,
    "vrouwenopvang": OrganisationKind.SHELTER,
    "wijkteam": OrganisationKind.LOCAL_TEAM,
    "zorg- en veiligheidshuis": OrganisationKind.SAFETY_HOUSE,
}
# A deputy for once and a contact person hold no role at a table of their own.
_ROLES: Final[Mapping[str, TableRoleName | None]] = {
    "contactpersoon": None,
    "procesregisseur": TableRoleName.COORDINATOR,
    "vaste vervanger": TableRoleName.DEPUTY,
    "vertegenwoordiger": TableRoleName.REPRESENTATIVE,
    "vervanger": None,
    "voorzitter": TableRoleName.CHAIR,
}
_EMAIL: Final = re.compile(r"[a-z0-9.!#$%&'*+/=?_`{|}~-]{1,64}@([a-z0-9-]+\.)+[a-z0-9-]{2,63}")
_SPELT_AT: Final = re.compile(r"\s*[(\[]\s*at\s*[)\]]\s*|\s+at\s+", re.IGNORECASE)
_PHONE: Final = re.compile(r"\+?[\d\s().-]{6,40}")
_BETWEEN_TABLES: Final = re.compile(r"\s*[,;/|\n]\s*|\s+[+&]\s+")
_SIMILAR: Final = 0.85


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerPerson:
    """One person to invite; ``role`` is None where the function gives none at a table."""

    name: str
    email: str
    phone: str
    function: str
    role: TableRoleName | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerRow:
    """A row that may be loaded. ``covenant_until`` is the last day, None when open-ended."""

    number: int
    organisation_name: str
    organisation_code: str
    organisation_kind: OrganisationKind
    person: PartnerPerson | None
    tables: tuple[str, ...]
    covenant_from: date | None
    covenant_until: date | None
    note: str
    warnings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class PartnerImport:
    """What a file of partners comes to; with missing columns nothing else was read."""

    good: tuple[PartnerRow, ...]
    bad: tuple[BadRow, ...]
    missing_columns: tuple[str, ...] = ()


def read_partner_rows(
    rows: Sequence[SheetRow],
    *,
    today: date,
    known_organisations: Mapping[str, str] | None = None,
    known_tables: Collection[str] | None = None,
) -> PartnerImport:
    """Sort the rows into good and bad; empty rows are passed over.

    :param known_organisations: code to name of those that exist; a file's own majority otherwise.
    :param known_tables: names of the tables that exist; without it names are taken as written.
    """
    filled = [row for row in rows if any(row.cells.values()) or row.surplus]
    missing = missing_columns(filled[0], _REQUIRED, _ALIASES) if filled else ()
    if missing:
        return PartnerImport((), (), missing)
    reading = _Reading(filled, today, known_organisations or {}, known_tables)
    results = [reading.row(row) for row in filled]
    return PartnerImport(
        tuple(result for result in results if isinstance(result, PartnerRow)),
        tuple(result for result in results if isinstance(result, BadRow)),
    )


class _Reading:
    """One pass over a file; remembers whom it met and what each organisation is called."""

    def __init__(
        self,
        rows: Sequence[SheetRow],
        today: date,
        known: Mapping[str, str],
        tables: Collection[str] | None,
    ) -> None:
        self._today = today
        self._codes, self._names = _organisations(rows, known)
        self._tables = None if tables is None else {name.casefold(): name for name in tables}
        self._row_of_email: dict[str, int] = {}
        self._row_of_name: dict[tuple[str, str], int] = {}

    def row(self, row: SheetRow) -> PartnerRow | BadRow:
        reader = RowReader(row, _ALIASES)
        code, name = self._organisation(reader)
        person = self._person(reader, code)
        covenant_from, covenant_until = self._covenant(reader)
        read = PartnerRow(
            number=row.number,
            organisation_name=name,
            organisation_code=code,
            organisation_kind=_kind(reader),
            person=person,
            tables=self._table_names(reader),
            covenant_from=covenant_from,
            covenant_until=covenant_until,
            note=reader.text(NOTE, limit=500),
            warnings=tuple(reader.warnings),
        )
        return reader.bad(person.name if person else name) if reader.errors else read

    def _organisation(self, reader: RowReader) -> tuple[str, str]:
        name = reader.name(ORGANISATION, limit=120, is_required=True)
        code = reader.name(CODE, limit=12, is_required=True)
        known = self._names.get(code.casefold(), name)
        owner = self._codes.get(name.casefold(), code)
        if owner.casefold() != code.casefold():
            reader.refuse(ImportReason.ORGANISATION_CODE_DIFFERS, CODE, value=code, known=owner)
        elif name.casefold() != known.casefold():
            # A slip of the pen is mended and shown; another name is another organisation.
            note = reader.doubt if _is_similar(name, known) else reader.refuse
            note(ImportReason.ORGANISATION_NAME_DIFFERS, ORGANISATION, value=name, known=known)
        return self._codes.get(known.casefold(), code), known

    def _person(self, reader: RowReader, code: str) -> PartnerPerson | None:
        name = reader.name(NAME, limit=120)
        function = reader.line(FUNCTION, limit=120)
        phone = reader.line(PHONE, limit=40)
        if not name:
            reader.doubt(ImportReason.PERSON_MISSING, NAME)
            return None
        email = self._email(reader)
        self._notice_duplicate(reader, email, (code.casefold(), name.casefold()))
        if function.casefold() not in _ROLES:
            reader.doubt(ImportReason.FUNCTION_UNKNOWN, FUNCTION, value=function)
        if phone and not _PHONE.fullmatch(phone):
            reader.doubt(ImportReason.PHONE_UNUSUAL, PHONE, value=phone)
        return PartnerPerson(
            name=name,
            email=email,
            phone=phone,
            function=function,
            role=_ROLES.get(function.casefold()),
        )

    def _email(self, reader: RowReader) -> str:
        """Return the address in lower case, or what it was probably meant to be."""
        text = reader.line(EMAIL, limit=254, is_required=True)
        meant = _SPELT_AT.sub("@", text).lower()
        is_address = _EMAIL.fullmatch(meant) is not None
        if text and (not is_address or meant != text.lower()):
            suggestion = meant if is_address else ""
            reader.refuse(ImportReason.EMAIL_INVALID, EMAIL, value=text, suggestion=suggestion)
        return meant if is_address else ""

    def _notice_duplicate(self, reader: RowReader, email: str, name: tuple[str, str]) -> None:
        first = self._row_of_email.setdefault(email, reader.number) if email else reader.number
        namesake = self._row_of_name.setdefault(name, reader.number)
        if first != reader.number:
            reader.refuse(ImportReason.DUPLICATE_PERSON, EMAIL, row=str(first))
        elif namesake != reader.number:
            reader.doubt(ImportReason.POSSIBLE_DUPLICATE, NAME, row=str(namesake))

    def _table_names(self, reader: RowReader) -> tuple[str, ...]:
        text = reader.line(TABLES, limit=300)
        if not text:
            reader.doubt(ImportReason.VALUE_MISSING, TABLES)
        found: dict[str, str] = {}
        for name in filter(None, _BETWEEN_TABLES.split(text)):
            if self._tables is not None and name.casefold() not in self._tables:
                reader.refuse(ImportReason.TABLE_UNKNOWN, TABLES, value=name)
            known = self._tables or {}
            found.setdefault(name.casefold(), known.get(name.casefold(), name))
        return tuple(found.values())

    def _covenant(self, reader: RowReader) -> tuple[date | None, date | None]:
        errors = len(reader.errors)
        start, end = reader.date(FROM), reader.date(UNTIL)
        if start is None and len(reader.errors) == errors:
            reader.doubt(ImportReason.COVENANT_START_MISSING, FROM)
        if start is not None and end is not None and end < start:
            reader.refuse(ImportReason.PERIOD_REVERSED, UNTIL)
        elif end is not None and end < self._today:
            reader.doubt(ImportReason.COVENANT_EXPIRED, UNTIL, date=f"{end:%d-%m-%Y}")
        return start, end


def _organisations(
    rows: Sequence[SheetRow], known: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return name to code and code to name (keys case-folded) of the known, else the majority."""
    votes: Counter[tuple[str, str]] = Counter()
    for row in rows:
        reader = RowReader(row, _ALIASES)
        votes[reader.line(CODE, limit=12), reader.line(ORGANISATION, limit=120)] += 1
    codes = {name.casefold(): code for code, name in known.items()}
    names = {code.casefold(): name for code, name in known.items()}
    for (code, name), _ in votes.most_common():
        if code and name and code.casefold() not in names and name.casefold() not in codes:
            codes[name.casefold()] = code
            names[code.casefold()] = name
    return codes, names


def _is_similar(name: str, known: str) -> bool:
    return SequenceMatcher(None, name.casefold(), known.casefold()).ratio() >= _SIMILAR


def _kind(reader: RowReader) -> OrganisationKind:
    text = reader.line(KIND, limit=120)
    kind = _KINDS.get(text.casefold())
    if kind is None:
        reader.doubt(ImportReason.KIND_UNKNOWN, KIND, value=text)
    return kind or OrganisationKind.OTHER
