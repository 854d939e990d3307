"""Following a running meeting from the own seats, by script or by a link that asks again."""

from __future__ import annotations

import uuid

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.access import Permission
from app.features.seats import watching
from app.features.seats.blueprint import bp
from app.web.answers import Answer
from app.web.guard import current_actor, requires, resting


@bp.get("/my-meetings/<uuid:meeting_id>/live")
@requires(Permission.OWN_MEETING)
def live(meeting_id: uuid.UUID) -> Answer:
    """The own part of a meeting as it stands now."""
    return _page(meeting_id)


@bp.get("/my-meetings/<uuid:meeting_id>/live/again")
@requires(Permission.OWN_MEETING)
@resting
def live_again(meeting_id: uuid.UUID) -> Answer:
    """The same page, fetched by its script because something changed."""
    return _page(meeting_id)


@bp.get("/my-meetings/<uuid:meeting_id>/live/state")
@requires(Permission.OWN_MEETING)
@resting
def live_state(meeting_id: uuid.UUID) -> Response:
    """304 while what the viewer sees is still what it was; never says what changed."""
    response = make_response("")
    response.mimetype = "text/plain"
    response.set_etag(watching.live_tag(current_actor(), meeting_id))
    return response.make_conditional(request.environ)


@bp.post("/my-explanations/<uuid:mark_id>")
@requires(Permission.INPUT_GIVE)
def agree(mark_id: uuid.UUID) -> Answer:
    """Agree that a reason rests on what one's organisation explained aloud, or take that back."""
    does = request.form.get("agree") == "yes"
    meeting_id = watching.agree(current_actor(), mark_id, does=does)
    flash(_("Uw akkoord is vastgelegd.") if does else _("Uw akkoord is ingetrokken."))
    return redirect(url_for(".live", meeting_id=meeting_id), 303)


def _page(meeting_id: uuid.UUID) -> Answer:
    return render_template("seats/live.html", page=watching.live_page(current_actor(), meeting_id))
