"""The forms of minutes: a correction, what staff do with it, an addition."""

from __future__ import annotations

import uuid

from flask_babel import lazy_gettext as _l
from wtforms import (  # type: ignore[attr-defined]  # newer than the published types
    RadioField,
    SelectChoice,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.validators import Optional

from app.features.minutes.service import Place
from app.web.forms import BaseForm, at_most, needed

MOST_TEXT = 2000
TAKE_OVER, DECLINE = "take-over", "decline"


class CorrectionForm(BaseForm):
    """What is wrong in one's own part."""

    text = TextAreaField(_l("Wat klopt er niet?"), [needed(), at_most(MOST_TEXT)])


class SettleForm(BaseForm):
    """Whether a correction is taken over, and what is answered."""

    verdict = RadioField(
        _l("Wat doet u met deze opmerking?"),
        choices=[
            SelectChoice(TAKE_OVER, _l("Overnemen")),
            SelectChoice(DECLINE, _l("Niet overnemen")),
        ],
        validators=[needed(_l("Kies een van beide."))],
    )
    answer = TextAreaField(_l("Antwoord"), [Optional(), at_most(MOST_TEXT)])

    @property
    def is_taken_over(self) -> bool:
        """Whether it is taken over."""
        return bool(self.verdict.data == TAKE_OVER)


class AdditionForm(BaseForm):
    """Words added to adopted minutes, and who gets them."""

    text = TextAreaField(_l("Aanvulling"), [needed(), at_most(MOST_TEXT)])
    seats = SelectMultipleField(_l("Voor wie?"), validators=[needed(_l("Kies voor wie."))])

    def offer(self, places: tuple[Place, ...]) -> None:
        """Offer the seats at the item."""
        self.seats.choices = [
            SelectChoice(str(one.seat_id), f"{one.organisation} {one.person}".strip())
            for one in places
        ]

    @property
    def seat_ids(self) -> frozenset[uuid.UUID]:
        """The seats chosen; validated against what was offered."""
        return frozenset(uuid.UUID(one) for one in self.seats.data or ())
