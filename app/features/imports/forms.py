"""The forms of an import: the file, and the confirmation of what was previewed."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField

from app.features.imports.preview import Effect
from app.web.forms import BaseForm

# ``Any`` stands for lazy text.
EFFECT: dict[Effect, Any] = {
    Effect.ADDS_ORGANISATION: _l("nieuwe organisatie"),
    Effect.ADDS_PERSON: _l("nieuw account, nog niet uitgenodigd"),
    Effect.ADDS_COVENANT: _l("convenant voor %(table)s"),
    Effect.ADDS_ROLE: _l("vertegenwoordiger bij %(table)s"),
    Effect.ASKS_CHAIR: _l("verzoek om voorzitter te worden van %(table)s"),
    Effect.ASKS_COORDINATOR: _l("verzoek om procesregisseur te worden van %(table)s"),
    Effect.ADDS_CASE: _l("nieuwe casus bij %(table)s"),
}


class UploadForm(BaseForm):
    """One CSV or XLSX file."""

    file = FileField(_l("Bestand"), validators=[FileRequired(_l("Kies een bestand."))])


class ConfirmForm(BaseForm):
    """What was previewed, by its digest."""

    digest = HiddenField()
