"""Minutes: the own extract, taking it along, and for staff the look before adopting."""

from __future__ import annotations

import uuid

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.access.records.opened_extracts import ExtractPage
from app.access.records.own_extract import read_own
from app.domain.minutes_plain import plain_text
from app.features.minutes import (
    correcting,
    correction_views,  # noqa: F401 - it hangs its pages on bp
    previewing,
    queries,
    service,
)
from app.features.minutes.adopting import adopting
from app.features.minutes.blueprint import bp
from app.web import labels
from app.web.answers import Answer
from app.web.guard import current_actor, requires
from app.web.i18n import language


@bp.get("/my-meetings/<uuid:meeting_id>/extract")
@requires(Permission.EXTRACT_READ)
def extract(meeting_id: uuid.UUID) -> Answer:
    """The own extract of the minutes; a concept until they are adopted."""
    actor = current_actor()
    page = read_own(actor, meeting_id)
    reactions = correcting.own_reactions(actor, meeting_id) if page.corrections_until_at else ()
    return render_template("minutes/extract.html", page=page, reactions=reactions, labels=labels)


@bp.get("/my-meetings/<uuid:meeting_id>/extract/copy")
@requires(Permission.EXTRACT_READ)
def copied(meeting_id: uuid.UUID) -> Answer:
    """Taking a copy is an act: whoever comes here by a link starts from the extract."""
    return redirect(url_for(".extract", meeting_id=meeting_id), 303)


@bp.post("/my-meetings/<uuid:meeting_id>/extract/copy")
@requires(Permission.EXTRACT_READ)
def copy(meeting_id: uuid.UUID) -> Answer:
    """The extract as plain text to take over in one's own registration; recorded."""
    page = read_own(current_actor(), meeting_id, taken=True)
    return render_template("minutes/copy.html", page=page, text=_plain(page))


@bp.post("/my-meetings/<uuid:meeting_id>/extract/download")
@requires(Permission.EXTRACT_READ)
def download(meeting_id: uuid.UUID) -> Answer:
    """The same text as a file whose name tells nothing; recorded."""
    page = read_own(current_actor(), meeting_id, taken=True)
    answer = Response(_plain(page), mimetype="text/plain")
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
    shown = previewing.preview(current_actor(), meeting_id, seat_id)
    return render_template(
        "minutes/preview.html", page=shown.page, preview=shown, seat_id=seat_id, labels=labels
    )


@bp.post("/meetings/<uuid:meeting_id>/minutes/<uuid:seat_id>/check")
@requires(Permission.MEETING_CLOSE)
def check(meeting_id: uuid.UUID, seat_id: uuid.UUID) -> Answer:
    """Tick that one looked at what the occupant of a seat gets."""
    shown = request.form.get("shown", "")
    if not previewing.check(current_actor(), meeting_id, seat_id, shown=shown):
        flash(_("Hier is intussen iets veranderd. Bekijk het opnieuw."), "warn")
        return redirect(url_for(".preview", meeting_id=meeting_id, seat_id=seat_id), 303)
    return redirect(url_for(".overview", meeting_id=meeting_id), 303)


@bp.get("/meetings/<uuid:meeting_id>/minutes/adopt")
@requires(Permission.MEETING_CLOSE)
def ask_to_adopt(meeting_id: uuid.UUID) -> Answer:
    """What adopting does, before it is done."""
    return render_template("minutes/adopt.html", page=adopting(current_actor(), meeting_id))


@bp.post("/meetings/<uuid:meeting_id>/minutes/adopt")
@requires(Permission.MEETING_CLOSE)
def adopt(meeting_id: uuid.UUID) -> Answer:
    """Adopt the minutes."""
    if service.adopt(current_actor(), meeting_id):
        flash(_("Het verslag is vastgesteld. Elke deelnemer ziet nu het eigen deel."), "ok")
    else:
        flash(_("Wat klaar was, is vastgesteld. De rest wacht nog."), "ok")
    return redirect(url_for(".overview", meeting_id=meeting_id), 303)


def _plain(page: ExtractPage) -> str:
    return plain_text(
        page.items,
        table=page.items[0].table if page.items else page.table_name,
        starts_at=page.starts_at,
        kept=page.kept,
        language=language(),
    )
