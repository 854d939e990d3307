"""The words of a copy: its columns and cells, in the language of who asked."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import force_locale
from flask_babel import gettext as _

from app.domain.kinds import ExportFormat, ExportKind
from app.domain.local_time import local_date
from app.features.exports.making import Row
from app.infra.sheets import CellValue, write_csv, write_xlsx
from app.web import formats, labels


def columns_of(kind: ExportKind) -> tuple[str, ...]:
    """The headings of a copy; a reference and the state of others are for staff."""
    own = (
        _("Casustafel"),
        _("Actie (neutrale tekst)"),
        _("Termijn"),
        _("Uiterlijk om"),
        _("Stand"),
        _("Te laat"),
        _("Klaar op"),
        _("Actiehouder"),
    )
    return (*own, _("Organisatie"), _("Casus")) if kind is ExportKind.ACTIONS else own


def set_file(rows: Sequence[Row], kind: ExportKind, as_file: ExportFormat, language: str) -> bytes:
    """The rows as a file for a spreadsheet, in which no cell is a formula."""
    with force_locale(language):
        cells = [_cells(row, kind, language) for row in rows]
        if as_file is ExportFormat.CSV:
            return write_csv(columns_of(kind), cells)
        return write_xlsx(columns_of(kind), cells, str(_("Acties")))


def _cells(row: Row, kind: ExportKind, language: str) -> tuple[CellValue, ...]:
    action, safe = row
    own = (
        action.table,
        safe,
        action.due_on,
        formats.clock(action.due_at, language) if action.due_at else "",
        labels.words(labels.ACTION_STATE, action.state),
        _("ja") if action.is_late else _("nee"),
        local_date(action.finished_at) if action.finished_at else None,
        action.holder,
    )
    if kind is ExportKind.ACTIONS:
        return (*own, action.organisation, action.reference)
    return own
