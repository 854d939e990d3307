"""What is typed to open a case in an emergency, and to review that."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import (  # type: ignore[attr-defined]  # newer than the published types
    RadioField,
    SelectChoice,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length

from app.web.forms import BaseForm, at_most, needed

LONGEST_REASON = 1000
SHORTEST_REASON = 15
JUSTIFIED, UNJUSTIFIED = "justified", "unjustified"


def enough() -> Length:
    """A reason of more than a word."""
    return Length(min=SHORTEST_REASON, message=_l("Gebruik ten minste %(min)d tekens."))


class OpenForm(BaseForm):
    """The reference is posted, never part of an address."""

    reference = StringField(_l("Casusnummer"), [needed(), at_most(40)])
    reason = TextAreaField(
        _l("Waarom kan dit niet wachten?"), [needed(), enough(), at_most(LONGEST_REASON)]
    )


class ReviewForm(BaseForm):
    """The word of the other person."""

    verdict = RadioField(
        _l("Was het nodig?"),
        choices=[
            SelectChoice(JUSTIFIED, _l("Ja, terecht")),
            SelectChoice(UNJUSTIFIED, _l("Nee, niet terecht")),
        ],
        validators=[needed(_l("Kies een antwoord."))],
    )
    text = TextAreaField(_l("Toelichting"), [needed(), at_most(LONGEST_REASON)])
