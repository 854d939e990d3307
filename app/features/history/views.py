"""The page of the room."""

from __future__ import annotations

import uuid
from datetime import date

from flask import Blueprint, render_template, request

from app.access import Permission
from app.domain.local_time import parse_date
from app.features.history import queries
from app.features.history.queries import SUBJECTS, Asked
from app.web import setting_words
from app.web.guard import requires

bp = Blueprint("history", __name__)


@bp.get("/admin/history")
@requires(Permission.SETTING_HISTORY)
def listing() -> str:
    """Every setting that changed, newest first; the address holds ids and days alone."""
    asked = _asked()
    page = queries.history(asked, asked_page=request.args.get("page"))
    kept = {name: value for name, value in request.args.items() if value and name in _NAMES}
    return render_template(
        "history/listing.html",
        page=page,
        asked=asked,
        kept=kept,
        subjects={one: setting_words.SUBJECT[one] for one in SUBJECTS},
        words=setting_words,
    )


_NAMES = ("subject", "table", "organisation", "since", "until")


def _asked() -> Asked:
    subject = request.args.get("subject", "")
    return Asked(
        subject=subject if subject in SUBJECTS else "",
        table_id=_id("table"),
        organisation_id=_id("organisation"),
        since=_day("since"),
        until=_day("until"),
    )


def _id(name: str) -> uuid.UUID | None:
    return request.args.get(name, type=uuid.UUID)


def _day(name: str) -> date | None:
    """A day as typed; nonsense is no day."""
    try:
        return parse_date(request.args.get(name, "")) if request.args.get(name) else None
    except ValueError:
        return None
