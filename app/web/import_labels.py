"""The sentences about imported rows and files: one per reason, alphabetical by reason."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.imports import Finding, ImportReason
from app.infra.sheets import SheetReason

REASON: dict[ImportReason, Any] = {
    ImportReason.CHANNEL_UNKNOWN: _l("Kanaal “%(value)s” is onbekend."),
    ImportReason.CHILDREN_UNREADABLE: _l("“%(value)s” is niet te lezen als aantal kinderen."),
    ImportReason.COVENANT_EXPIRED: _l("Het convenant is verlopen op %(date)s."),
    ImportReason.COVENANT_START_MISSING: _l("Zonder begindatum komt er geen convenant."),
    ImportReason.DATE_IMPOSSIBLE: _l("De datum “%(value)s” bestaat niet."),
    ImportReason.DATE_IN_FUTURE: _l("De datum %(date)s ligt in de toekomst; vandaag geldt."),
    ImportReason.DATE_UNREADABLE: _l("De datum “%(value)s” is niet te lezen."),
    ImportReason.DUPLICATE_CASE: _l("Dit nummer staat ook in rij %(row)s."),
    ImportReason.DUPLICATE_PERSON: _l("Dit e-mailadres staat ook in rij %(row)s."),
    ImportReason.EMAIL_INVALID: _l("“%(value)s” is geen e-mailadres."),
    ImportReason.FORMULA_TEXT: _l("“%(value)s” lijkt een formule en wordt als tekst gelezen."),
    ImportReason.FUNCTION_UNKNOWN: _l("Functie “%(value)s” geeft geen rol aan een overleg."),
    ImportReason.KIND_UNKNOWN: _l("Soort organisatie “%(value)s” is onbekend."),
    ImportReason.LETTERS_LOST: _l("In “%(value)s” zijn letters verloren gegaan."),
    ImportReason.ORGANISATION_CODE_DIFFERS: _l("Deze organisatie heeft al afkorting %(known)s."),
    ImportReason.ORGANISATION_NAME_DIFFERS: _l("“%(value)s” heet hier %(known)s."),
    ImportReason.ORGANISATION_UNKNOWN: _l("Organisatie “%(value)s” is onbekend."),
    ImportReason.PERIOD_REVERSED: _l("Het einde ligt voor het begin."),
    ImportReason.PERSON_MISSING: _l("Er staat geen persoon in deze rij."),
    ImportReason.PHONE_UNUSUAL: _l("“%(value)s” lijkt geen telefoonnummer."),
    ImportReason.POSSIBLE_DUPLICATE: _l("Misschien dezelfde persoon als in rij %(row)s."),
    ImportReason.REASON_MISSING: _l("Er staat niet waarom het gezin niet is geïnformeerd."),
    ImportReason.STATUS_MISSING: _l("Zonder status wordt de casus aangemeld."),
    ImportReason.STATUS_UNKNOWN: _l("Status “%(value)s” is onbekend."),
    ImportReason.TABLE_UNKNOWN: _l("Overleg “%(value)s” is onbekend of begeleidt u niet."),
    ImportReason.TEXT_TOO_LONG: _l("De tekst is langer dan %(limit)s tekens."),
    ImportReason.TOO_MANY_CELLS: _l("De rij heeft meer cellen dan de kopregel."),
    ImportReason.VALUE_MISSING: _l("Deze cel is leeg."),
    ImportReason.YES_NO_UNKNOWN: _l("“%(value)s” is geen ja of nee."),
}

SHEET: dict[SheetReason, Any] = {
    SheetReason.BROKEN_QUOTES: _l("In het bestand staat een aanhalingsteken te veel of te weinig."),
    SheetReason.CELL_TOO_LONG: _l("Een cel in het bestand bevat te veel tekst."),
    SheetReason.DOUBLE_HEADER: _l("Twee kolommen hebben dezelfde naam."),
    SheetReason.EMPTY: _l("Het bestand is leeg."),
    SheetReason.OLD_EXCEL: _l("Dit is een oud Excel-bestand. Bewaar het als .xlsx of .csv."),
    SheetReason.TOO_LARGE: _l("Het bestand is te groot. Het mag hoogstens 5 MB zijn."),
    SheetReason.TOO_MANY_COLUMNS: _l("Het bestand heeft meer dan 50 kolommen."),
    SheetReason.TOO_MANY_ROWS: _l("Het bestand heeft meer dan 5.000 rijen. Verdeel het."),
    SheetReason.UNREADABLE: _l("Dit bestand is geen leesbaar CSV- of Excel-bestand."),
}


def sentence(finding: Finding) -> str:
    """Why a row is refused or doubted, in the reader's language; the column comes first."""
    words = str(REASON[finding.reason])
    said = words % finding.params if finding.params else words
    meant = finding.params.get("suggestion", "")
    if meant:
        said = f"{said} {_('Bedoeld is misschien %(address)s.', address=meant)}"
    return f"{finding.column}: {said}" if finding.column else said
