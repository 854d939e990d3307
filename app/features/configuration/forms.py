"""The forms of the set-up of a region: a file, and the same text once it was looked at."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField

from app.web.forms import BaseForm


class ReadForm(BaseForm):
    """A file with a set-up."""

    file = FileField(_l("Bestand"), validators=[FileRequired(_l("Kies een bestand."))])


class LoadForm(BaseForm):
    """What was looked at; it holds nothing confidential."""

    text = HiddenField()
