"""The door to reading lists of partners and cases; holds no rule of its own."""

from __future__ import annotations

from app.domain.import_cases import CaseImport, CaseRow, Children, read_case_rows
from app.domain.import_partners import (
    PartnerImport,
    PartnerPerson,
    PartnerRow,
    read_partner_rows,
)
from app.domain.import_reasons import BadRow, Finding, ImportReason, SheetRow

__all__ = [
    "BadRow",
    "CaseImport",
    "CaseRow",
    "Children",
    "Finding",
    "ImportReason",
    "PartnerImport",
    "PartnerPerson",
    "PartnerRow",
    "SheetRow",
    "read_case_rows",
    "read_partner_rows",
]
