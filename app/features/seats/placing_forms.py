"""What staff type about somebody nobody knows yet."""

from __future__ import annotations

import uuid

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (  # type: ignore[attr-defined]  # newer than the published types
    BooleanField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional

from app.access.seats.newcomers import Newcomer
from app.features.seats.guests import Field, GuestPage, NewGuest
from app.web.forms import EMAIL, BaseForm, at_most, needed


class NewcomerForm(BaseForm):
    """Who it is; the last tick is asked only where the address fits no known domain."""

    name = StringField(_l("Naam"), [needed(), at_most(120)])
    email = StringField(_l("E-mailadres"), [needed(), at_most(254), EMAIL])
    is_outside = BooleanField(_l("Dit adres klopt, ook al past het niet bij de organisatie"))

    def to_newcomer(self) -> Newcomer:
        """Who was typed."""
        return Newcomer(
            name=self.name.data or "",
            email=self.email.data or "",
            is_outside=bool(self.is_outside.data),
        )


class PlacingForm(NewcomerForm):
    """A deputy, vouched for by whoever places it."""

    identity = BooleanField(
        _l("Ik heb de identiteit gecontroleerd"),
        [needed(_l("Controleer eerst wie dit is."))],
    )
    mandate = BooleanField(
        _l("De organisatie bevestigt dat deze persoon namens haar spreekt"),
        [needed(_l("Vraag dit eerst na bij de organisatie."))],
    )


def _words(field: Field, *, english: bool) -> str:
    name = field.label_en if english else field.label_nl
    if field.number is not None:
        name = f"{name}, {_('betrokkene %(number)s', number=field.number)}"
    return f"{name} ({field.source})"


class GuestForm(NewcomerForm):
    """A guest of one item: of whom, why, and what is opened."""

    organisation = SelectField(_l("Organisatie"), [needed(_l("Kies een organisatie."))])
    reason = TextAreaField(
        _l("Waarvoor komt deze gast?"), [needed(_l("Schrijf de reden op.")), at_most(400)]
    )
    opens_question = BooleanField(_l("De gast leest de vraag aan het overleg"))
    sections = SelectMultipleField(_l("Rubrieken die de gast leest"), [Optional()])

    def offer(self, page: GuestPage, *, english: bool) -> None:
        """Offer organisations and sections."""
        self.organisation.choices = [
            SelectChoice("", _l("Kies")),
            *(SelectChoice(str(key), name) for key, name in page.organisations),
        ]
        self.sections.choices = [
            SelectChoice(str(one.id), _words(one, english=english)) for one in page.fields
        ]

    def to_guest(self) -> NewGuest:
        """What was typed."""
        return NewGuest(
            who=self.to_newcomer(),
            organisation_id=uuid.UUID(self.organisation.data),
            reason=self.reason.data or "",
            section_ids=[uuid.UUID(one) for one in self.sections.data or ()],
            opens_question=bool(self.opens_question.data),
        )
