"""What was looked for in a list, found by the id in the address; words stand in no address."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, request
from flask_babel import gettext as _

from app.access.oversight import searches
from app.infra.db import transaction
from app.web.guard import current_actor


def asked(kind: str) -> dict[str, str]:
    """What the actor typed, empty where nothing was; says so when it is not kept any more."""
    search_id = request.args.get("search", type=uuid.UUID)
    if search_id is None:
        return {}
    found = searches.kept(current_actor(), kind, search_id)
    if found is None:
        flash(_("Deze zoekopdracht is niet meer bewaard. U ziet weer alles."), "info")
    return found or {}


def looked_for(kind: str, *filters: str) -> dict[str, Any]:
    """What the address of the answer to a posted search may hold: ids, and nothing that was typed.

    ``filters`` are fields of ids and states; ``q`` is what was typed.
    """
    chosen: dict[str, Any] = {
        name: request.form[name] for name in filters if request.form.get(name)
    }
    typed = request.form.get("q", "").strip()
    if not typed:
        return chosen
    with transaction() as session:
        line = searches.searching(kind)
        search_id = searches.keep(session, current_actor(), line, {"q": typed})
    return {**chosen, "search": str(search_id)}
