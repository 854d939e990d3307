"""Minutes: the own extract, taking it along, and for staff the look before adopting."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.features.minutes import queries, service
from app.web import labels
from app.web.answers import Answer
from app.web.guard import current_actor, requires

bp = Blueprint("minutes", __name__)


@bp.get("/my-meetings/<uuid:meeting_id>/extract")
@requires(Permission.EXTRACT_READ)
def extract(meeting_id: uuid.UUID) -> Answer:
    """The own extract of the minutes; a concept until they are adopted."""
    page = queries.own_extract(current_actor(), meeting_id)
    return render_template("minutes/extract.html", page=page, labels=labels)


@bp.get("/my-meetings/<uuid:meeting_id>/extract/copy")
@requires(Permission.EXTRACT_READ)
def copied(meeting_id: uuid.UUID) -> Answer:
    """Taking a copy is an act: whoever comes here by a link starts from the extract."""
    return redirect(url_for(".extract", meeting_id=meeting_id), 303)


@bp.post("/my-meetings/<uuid:meeting_id>/extract/copy")
@requires(Permission.EXTRACT_READ)
def copy(meeting_id: uuid.UUID) -> Answer:
    """The extract as plain text to take over in one's own registration; recorded."""
    page = queries.copied_extract(current_actor(), meeting_id)
    return render_template("minutes/copy.html", page=page, text=_plain(page))


@bp.post("/my-meetings/<uuid:meeting_id>/extract/download")
@requires(Permission.EXTRACT_READ)
def download(meeting_id: uuid.UUID) -> Answer:
    """The same text as a file whose name tells nothing; recorded."""
    answer = Response(
        _plain(queries.copied_extract(current_actor(), meeting_id)), mimetype="text/plain"
    )
    answer.headers["Content-Disposition"] = "attachment; filename=overleg.txt"
    return answer


@bp.get("/meetings/<uuid:meeting_id>/minutes")
@requires(Permission.MEETING_CLOSE)
def overview(meeting_id: uuid.UUID) -> Answer:
    """Who gets what, for staff."""
    page = queries.overview(current_actor(), meeting_id)
    return render_template("minutes/overview.html", page=page, labels=labels)


@bp.get("/meetings/<uuid:meeting_id>/minutes/<uuid:seat_id>")
@requires(Permission.MEETING_CLOSE)
def preview(meeting_id: uuid.UUID, seat_id: uuid.UUID) -> Answer:
    """What the occupant of one seat gets."""
    page = queries.preview(current_actor(), meeting_id, seat_id)
    return render_template("minutes/preview.html", page=page, labels=labels)


@bp.post("/meetings/<uuid:meeting_id>/minutes/adopt")
@requires(Permission.MEETING_CLOSE)
def adopt(meeting_id: uuid.UUID) -> Answer:
    """Adopt the minutes."""
    service.adopt(current_actor(), meeting_id)
    flash(_("Het verslag is vastgesteld. Elke deelnemer ziet nu het eigen deel."), "ok")
    return redirect(url_for(".overview", meeting_id=meeting_id), 303)


def _plain(page: queries.ExtractPage) -> str:
    """Lines end as the systems of the partners expect."""
    text = render_template("minutes/extract.txt", page=page, labels=labels)
    return "\r\n".join(line.rstrip() for line in text.strip().splitlines()) + "\r\n"
