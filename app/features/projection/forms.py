"""The forms of projection: the code of a window, and another sentence for the room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import Optional

from app.web.forms import BaseForm, at_most, needed

MOST_SENTENCE = 300


class CodeForm(BaseForm):
    """The code staff read out."""

    code = StringField(_l("Code"), [needed(_l("Vul de code in.")), at_most(40)])


class SentenceForm(BaseForm):
    """A neutral sentence for the room instead of what was recorded; empty pushes that itself."""

    sentence = TextAreaField(_l("Andere zin voor de zaal"), [Optional(), at_most(MOST_SENTENCE)])
