"""What staff type about somebody nobody knows yet."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField

from app.access.newcomers import Newcomer
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
