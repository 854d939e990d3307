"""What a copy that leaves the product is for, asked on every form that makes one."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from app.domain.kinds import ExportFormat, ExportPurpose
from app.web import labels
from app.web.forms import BaseForm, needed

# ``Any`` stands for lazy text.
PURPOSE: dict[ExportPurpose, Any] = {
    ExportPurpose.FOLLOW_UP: _l("Acties opvolgen"),
    ExportPurpose.TABLE_TALK: _l("Bespreken in het overleg of met de eigen organisatie"),
    ExportPurpose.ACCOUNTABILITY: _l("Verantwoording afleggen"),
    ExportPurpose.OWN_FILE: _l("Opnemen in het eigen dossier"),
}

FORMAT: dict[ExportFormat, Any] = {
    ExportFormat.XLSX: _l("Excel-bestand (XLSX)"),
    ExportFormat.CSV: _l("CSV-bestand, met puntkomma's"),
}


class PurposeForm(BaseForm):
    """What a copy is for, and as what file it comes."""

    purpose = RadioField(
        _l("Waar is de kopie voor?"),
        choices=labels.choices(PURPOSE),
        validators=[needed(_l("Kies waar de kopie voor is."))],
    )
    as_file = RadioField(
        _l("Welk bestand?"), choices=labels.choices(FORMAT), default=ExportFormat.XLSX.value
    )

    def chosen(self) -> tuple[ExportPurpose, ExportFormat]:
        """What was chosen; call after validation."""
        return ExportPurpose(self.purpose.data), ExportFormat(self.as_file.data)
