"""The form about telling one person: told, or put off with a reason and a day."""

from __future__ import annotations

import uuid

from flask_babel import lazy_gettext as _l
from wtforms import (  # type: ignore[attr-defined]  # newer than the published types
    RadioField,
    SelectChoice,
    SelectField,
    TextAreaField,
)
from wtforms.validators import Optional

from app.domain.errors import Reason, Refusal
from app.features.facts.informing import MOST_REASON, Told, ToTell
from app.web.forms import BaseForm, DateField, at_most, needed

TOLD, LATER = "told", "later"


class InformingForm(BaseForm):
    """Told on a day by an organisation; or later, why, and when it is considered again."""

    how = RadioField(
        _l("Is deze betrokkene geïnformeerd over de bespreking?"),
        choices=[SelectChoice(TOLD, _l("Ja")), SelectChoice(LATER, _l("Nee, nog niet"))],
        validators=[needed(_l("Kies ja of nee."))],
    )
    informed_on = DateField(_l("Op welke dag?"), [Optional()])
    organisation = SelectField(_l("Door welke organisatie?"), [Optional()])
    reason = TextAreaField(_l("Waarom nog niet?"), [Optional(), at_most(MOST_REASON)])
    reconsider_on = DateField(_l("Wanneer bekijkt u dit opnieuw?"), [Optional()])

    def offer(self, page: ToTell) -> None:
        """The organisations that may have told."""
        self.organisation.choices = [
            SelectChoice("", _l("Kies …")),
            *(SelectChoice(str(key), name) for key, name in page.organisations),
        ]

    def to_told(self) -> Told:
        """What was typed for the answer that was chosen; Refusal for a day that is missing."""
        if self.how.data == LATER:
            return Told(reason=self.reason.data or "", reconsider_on=self.reconsider_on.parsed)
        if self.informed_on.parsed is None:
            raise Refusal(Reason.VALUE_MISSING, "informed_on")
        return Told(
            informed_on=self.informed_on.parsed,
            organisation_id=uuid.UUID(self.organisation.data) if self.organisation.data else None,
        )
