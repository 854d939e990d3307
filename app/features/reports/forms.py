"""What the figures are narrowed to, as what file they are taken along, and what for."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (  # type: ignore[attr-defined]  # newer than the published types
    RadioField,
    SelectChoice,
    SelectField,
)

from app.domain.kinds import ExportPurpose
from app.web import labels
from app.web.forms import needed
from app.web.purposes import FORMAT, PURPOSE


class ReportFile(StrEnum):
    """As what file figures come."""

    PDF = "pdf"
    XLSX = "xlsx"
    CSV = "csv"


PURPOSES = (ExportPurpose.ACCOUNTABILITY, ExportPurpose.TABLE_TALK)


class FilterForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """The filters as they stand in the address."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # as above
        """A filter changes nothing."""

        csrf = False

    period = SelectField(_l("Periode"), default="")
    table = SelectField(_l("Overleg"), default="")
    organisation = SelectField(_l("Organisatie"), default="")


class CopyForm(FlaskForm):  # type: ignore[misc]  # as above
    """What a copy of the figures is for, and as what file; it may be taken more than once."""

    purpose = RadioField(
        _l("Waar is de kopie voor?"),
        choices=labels.choices({one: PURPOSE[one] for one in PURPOSES}),
        validators=[needed(_l("Kies waar de kopie voor is."))],
    )
    as_file = RadioField(
        _l("Welk bestand?"),
        choices=[
            SelectChoice(ReportFile.PDF.value, _l("PDF, met grafieken en tabellen")),
            *labels.choices(FORMAT),
        ],
        default=ReportFile.PDF.value,
    )

    def chosen(self) -> tuple[ExportPurpose, ReportFile]:
        """What was chosen; call after validation."""
        return ExportPurpose(self.purpose.data), ReportFile(self.as_file.data)
