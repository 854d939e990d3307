"""What a view gives back, and the small things every list reads from an address."""

from __future__ import annotations

import uuid

from flask import request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain.errors import NotVisible

Answer = str | Response | tuple[str, int]
# Further than any list goes; a bigger number would only make the database count.
HIGHEST_PAGE = 10_000


def page_number() -> int:
    """Which page of a list is asked for; anything odd is the first or the last there can be."""
    return min(max(request.args.get("page", 1, type=int), 1), HIGHEST_PAGE)


def id_typed(name: str) -> uuid.UUID:
    """An id sent along with a press on a button; NotVisible when it is no id at all."""
    try:
        return uuid.UUID(request.form.get(name, ""))
    except ValueError:
        raise NotVisible from None


def undone_text(*, more: bool) -> str:
    """What to say after an act was taken back; ``more``: messages of another act still go."""
    if more:
        return str(_("Ongedaan gemaakt. De berichten van een andere wijziging gaan nog uit."))
    return str(_("Ongedaan gemaakt. Er gaat geen bericht uit."))
