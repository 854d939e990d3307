"""What an imported row is and why one is refused or doubted: codes only, never screen text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class ImportReason(StrEnum):
    """Why a row is refused or warned about; the params of each stand behind it."""

    CHANNEL_UNKNOWN = "channel-unknown"  # value
    CHILDREN_UNREADABLE = "children-unreadable"  # value
    COVENANT_EXPIRED = "covenant-expired"  # date
    COVENANT_START_MISSING = "covenant-start-missing"
    DATE_IMPOSSIBLE = "date-impossible"  # value
    DATE_IN_FUTURE = "date-in-future"  # date
    DATE_UNREADABLE = "date-unreadable"  # value
    DUPLICATE_CASE = "duplicate-case"  # row
    DUPLICATE_PERSON = "duplicate-person"  # row
    EMAIL_INVALID = "email-invalid"  # value, suggestion ("" when none)
    FORMULA_TEXT = "formula-text"  # value
    FUNCTION_UNKNOWN = "function-unknown"  # value
    KIND_UNKNOWN = "kind-unknown"  # value
    LETTERS_LOST = "letters-lost"  # value
    ORGANISATION_CODE_DIFFERS = "organisation-code-differs"  # value, known
    ORGANISATION_NAME_DIFFERS = "organisation-name-differs"  # value, known
    ORGANISATION_UNKNOWN = "organisation-unknown"  # value
    PERIOD_REVERSED = "period-reversed"
    PERSON_MISSING = "person-missing"
    PHONE_UNUSUAL = "phone-unusual"  # value
    POSSIBLE_DUPLICATE = "possible-duplicate"  # row
    REASON_MISSING = "reason-missing"
    STATUS_MISSING = "status-missing"
    STATUS_UNKNOWN = "status-unknown"  # value
    TABLE_UNKNOWN = "table-unknown"  # value
    TEXT_TOO_LONG = "text-too-long"  # limit (characters)
    TOO_MANY_CELLS = "too-many-cells"
    VALUE_MISSING = "value-missing"
    YES_NO_UNKNOWN = "yes-no-unknown"  # value


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason at one column; ``column`` is the header as it stands in the sample files."""

    reason: ImportReason
    column: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of a sheet; ``number`` is what a spreadsheet program shows beside it.

    ``cells`` is header to text, both without outer spaces; ``surplus`` is what stood to the right
    of the last header.
    """

    number: int
    cells: Mapping[str, str]
    surplus: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that is not loaded; what refuses it comes first, then what is merely doubted.

    ``label`` says in words which row it is.
    """

    number: int
    label: str
    findings: tuple[Finding, ...]
