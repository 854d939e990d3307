"""The form with which one meeting is handed over."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import Optional

from app.domain.kinds import TableRoleName
from app.domain.local_time import local_date
from app.features.live.chairing import ChairPage
from app.web import labels
from app.web.forms import BaseForm, DateField, TimeField, needed


class HandOverForm(BaseForm):
    """Who chairs, and until when."""

    person = SelectField(_l("Wie zit voor?"), [needed()])
    until_day = DateField(_l("Tot en met"), [needed()])
    until_time = TimeField(_l("Tot hoe laat?"), [Optional()])

    def offer(self, page: ChairPage) -> None:
        """The people who may chair this meeting, with their role."""
        roles = {True: _l("voorzitter"), False: labels.TABLE_ROLE[TableRoleName.COORDINATOR]}
        self.person.choices = [
            SelectChoice("", _l("Kies")),
            *(
                SelectChoice(
                    str(one.person_id), f"{one.name}, {one.organisation} ({roles[one.is_chair]})"
                )
                for one in page.candidates
            ),
        ]
        if not self.until_day.data:
            self.until_day.data = f"{local_date(page.ends_at):%d-%m-%Y}"
