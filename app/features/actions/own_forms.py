"""The forms with which holders ask for more time and hand an action over."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField

from app.access.records.handing_on import Colleague
from app.features.actions.forms import MOST_REMARK, VersionedForm
from app.web.forms import DateField, at_most, given, needed


class MoreTimeForm(VersionedForm):
    """A later day and why."""

    until_on = DateField(_l("Tot wanneer?"), validators=[needed(_l("Vul de datum in."))])
    remark = TextAreaField(
        _l("Waarom is er meer tijd nodig?"),
        validators=[needed(_l("Schrijf de reden op.")), at_most(MOST_REMARK)],
    )

    @property
    def day(self) -> date:
        """The day that was typed; Refusal where none was."""
        return given(self.until_on.parsed, "until_on")


class HandOverForm(VersionedForm):
    """To which colleague, and what they should know."""

    colleague = RadioField(_l("Aan wie?"), validators=[needed(_l("Kies een collega."))])
    remark = TextAreaField(_l("Toelichting"), validators=[at_most(MOST_REMARK)])

    def offer(self, colleagues: Sequence[Colleague]) -> None:
        """Who may hold it."""
        self.colleague.choices = [(str(one.id), one.name) for one in colleagues]

    @property
    def colleague_id(self) -> uuid.UUID:
        """Who was chosen; call after validation."""
        return uuid.UUID(self.colleague.data)
