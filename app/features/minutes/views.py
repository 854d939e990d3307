"""Minutes: the own extract, taking it over into one's own registration, adopting them."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from app.access import Permission
from app.features.minutes import queries, service
from app.web import labels
from app.web.guard import current_actor, requires

bp = Blueprint("minutes", __name__)

Answer = str | BaseResponse
FILE_NAME = "overleg.txt"


@bp.get("/my-meetings/<uuid:meeting_id>/extract")
@requires(Permission.EXTRACT_READ)
def extract(meeting_id: uuid.UUID) -> Answer:
    """The own extract of the minutes of a meeting."""
    page = queries.own_extract(current_actor(), meeting_id)
    return render_template("minutes/extract.html", page=page, labels=labels)


@bp.post("/my-meetings/<uuid:meeting_id>/extract/copy")
@requires(Permission.EXTRACT_READ)
def copy(meeting_id: uuid.UUID) -> Answer:
    """The own extract as plain text, for the own registration; the same file name for everybody."""
    page = queries.copy_extract(current_actor(), meeting_id)
    answer = Response(
        render_template("minutes/extract.txt", page=page, labels=labels),
        content_type="text/plain; charset=utf-8",
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return answer


@bp.get("/meetings/<uuid:meeting_id>/minutes")
@requires(Permission.MEETING_READ)
def overview(meeting_id: uuid.UUID) -> Answer:
    """What each seat gets of the minutes, for staff."""
    page = queries.overview(current_actor(), meeting_id)
    return render_template("minutes/overview.html", page=page)


@bp.post("/meetings/<uuid:meeting_id>/minutes/adopt")
@requires(Permission.MEETING_CLOSE)
def adopt(meeting_id: uuid.UUID) -> Answer:
    """Adopt the minutes."""
    service.adopt_minutes(current_actor(), meeting_id)
    flash(_("Het verslag is vastgesteld."))
    return redirect(url_for(".overview", meeting_id=meeting_id), 303)
