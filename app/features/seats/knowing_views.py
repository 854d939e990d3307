"""Saying whether one knows anybody concerned privately, before an item or a request opens."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.features.seats import knowing
from app.features.seats.blueprint import bp
from app.web import names
from app.web.answers import Answer
from app.web.guard import current_actor, requires


@bp.get("/my-seats/<uuid:seat_id>/acquaintances")
@requires(Permission.OWN_MEETING)
def acquaintances(seat_id: uuid.UUID) -> Answer:
    """Whose names are concerned, and the two answers."""
    shown = names.are_shown(seat_id)
    page = knowing.read_asking(current_actor(), seat_id, with_names=shown)
    return render_template("seats/knowing.html", page=page, names=names.strip(seat_id=seat_id))


@bp.post("/my-seats/<uuid:seat_id>/acquaintances")
@requires(Permission.SEAT_RECUSE)
def answer_acquaintances(seat_id: uuid.UUID) -> Answer:
    """Say that one knows nobody, or step back at once."""
    said = request.form.get("answer", "")
    meeting_id = knowing.answer_at_seat(
        current_actor(), seat_id, said, shown=request.form.getlist("shown")
    )
    if said == knowing.SOMEBODY:
        return _stepped_back("seats.meetings")
    flash(_("Dank u. De bespreking is nu voor u open."))
    return redirect(url_for(".meeting", meeting_id=meeting_id), 303)


@bp.post("/my-input/<uuid:request_id>/acquaintances")
@requires(Permission.INPUT_GIVE)
def answer_acquaintances_asked(request_id: uuid.UUID) -> Answer:
    """The same at a request for input, whose question opens after it."""
    said = request.form.get("answer", "")
    knowing.answer_at_request(
        current_actor(), request_id, said, shown=request.form.getlist("shown")
    )
    if said == knowing.SOMEBODY:
        return _stepped_back("home.start")
    return redirect(url_for(".give", request_id=request_id), 303)


def _stepped_back(endpoint: str) -> Answer:
    flash(_("U hebt zich teruggetrokken. De procesregisseur ziet dat."))
    return redirect(url_for(endpoint), 303)
