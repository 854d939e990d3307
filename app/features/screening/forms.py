"""One line of the list by keyboard, and how many chats there were."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    IntegerField,
    StringField,
)
from wtforms.validators import NumberRange

from app.web.forms import BaseForm, at_most, needed

LONGEST, MOST_CHATS = 40, 999


class LineForm(BaseForm):
    """The reference of the own file, and whether it is urgent."""

    number = StringField(
        _l("Nummer van het eigen dossier"),
        validators=[needed(_l("Vul het nummer in.")), at_most(LONGEST)],
    )
    urgent = BooleanField(_l("Spoed"))


class ChatsForm(BaseForm):
    """How many chats there were on a day."""

    amount = IntegerField(
        _l("Chats vandaag"),
        validators=[NumberRange(0, MOST_CHATS, _l("Vul een aantal in van 0 tot en met 999."))],
    )
