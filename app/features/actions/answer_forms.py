"""The form that answers a request for more time."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import ValidationError
from wtforms.widgets import HiddenInput

from app.features.actions.forms import MOST_REMARK
from app.web import labels
from app.web.forms import BaseForm, DateField, at_most, needed


class TimeAnswer(StrEnum):
    """What staff may answer."""

    GRANT = "grant"
    REFUSE = "refuse"


WORDS: dict[TimeAnswer, Any] = {
    TimeAnswer.GRANT: _l("Meer tijd, tot en met de dag hieronder"),
    TimeAnswer.REFUSE: _l("Geen extra tijd, de termijn blijft"),
}


class AnswerTimeForm(BaseForm):
    """More time until a day, or none and why, for the request its reader had on screen."""

    request_id = StringField(widget=HiddenInput(), validators=[needed()])
    answer = RadioField(
        _l("Uw antwoord"),
        choices=labels.choices(WORDS),
        validators=[needed(_l("Kies een antwoord."))],
    )
    until_on = DateField(_l("Nieuwe termijn"))
    remark = TextAreaField(_l("Toelichting of reden"), validators=[at_most(MOST_REMARK)])

    def validate_until_on(self, field: DateField) -> None:
        """Needed where more time is given."""
        if self.answer.data == TimeAnswer.GRANT and field.parsed is None:
            raise ValidationError(_l("Vul de datum in."))
