"""What is asked before a copy of the access log is made."""

from __future__ import annotations

from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import (  # type: ignore[attr-defined]  # newer than the published types
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
)
from wtforms.validators import Optional

from app.features.logbook.queries import Asked, TableOption
from app.web.forms import BaseForm, DateField, at_most, needed

CSV, JSON = "csv", "json"


class ExportForm(BaseForm):
    """A period, a table or a person if only theirs is wanted, and the kind of file."""

    first_day = DateField(_l("Van"), [needed()])
    last_day = DateField(_l("Tot en met"), [needed()])
    table = SelectField(_l("Overleg"))
    email = StringField(_l("E-mailadres"), [Optional(), at_most(254)])
    kind = RadioField(
        _l("Bestand"),
        default=CSV,
        choices=[
            SelectChoice(CSV, _l("CSV, voor een rekenblad")),
            SelectChoice(JSON, _l("JSON, voor een programma")),
        ],
    )

    def __init__(self, tables: tuple[TableOption, ...], *, days: tuple[date, date]) -> None:
        """Offer these tables, and this period to start with."""
        first, last = (f"{day:%d-%m-%Y}" for day in days)
        super().__init__(first_day=first, last_day=last)
        self.table.choices = [
            SelectChoice("", _l("Alle overleggen")),
            *(SelectChoice(str(table.table_id), table.name) for table in tables),
        ]

    def to_command(self) -> Asked:
        """What was asked, as plain values."""
        return Asked(
            first_day=self.first_day.parsed,
            last_day=self.last_day.parsed,
            table=self.table.data or "",
            email=self.email.data or "",
        )
