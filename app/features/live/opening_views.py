"""The screen before the first case: roll call, acceptances said aloud, open actions, the agenda."""

from __future__ import annotations

import uuid

from flask import redirect, render_template, request, url_for

from app.access import Permission
from app.features.live import opening
from app.features.live.blueprint import bp
from app.features.live.opening_page import read_opening
from app.web import labels
from app.web.answers import Answer, id_typed
from app.web.guard import current_actor, requires


@bp.get("/meetings/<uuid:meeting_id>/opening")
@requires(Permission.MEETING_CLOSE)
def open_meeting(meeting_id: uuid.UUID) -> Answer:
    """The whole screen."""
    page = read_opening(current_actor(), meeting_id)
    return render_template("live/opening.html", page=page, labels=labels)


@bp.post("/meetings/<uuid:meeting_id>/opening/presence")
@requires(Permission.MEETING_CLOSE)
def call(meeting_id: uuid.UUID) -> Answer:
    """One answer for all seats of one person."""
    seat_id = id_typed("seat")
    opening.call(current_actor(), meeting_id, seat_id, request.form.get("presence", ""))
    return _back(meeting_id, seat_id)


@bp.post("/meetings/<uuid:meeting_id>/opening/everybody")
@requires(Permission.MEETING_CLOSE)
def call_everybody(meeting_id: uuid.UUID) -> Answer:
    """Who was not noted yet is there."""
    opening.call_everybody(current_actor(), meeting_id)
    return _back(meeting_id)


@bp.post("/meetings/<uuid:meeting_id>/opening/aloud")
@requires(Permission.MEETING_CLOSE)
def accept_aloud(meeting_id: uuid.UUID) -> Answer:
    """Somebody said yes in the room."""
    opening.accept_aloud(current_actor(), meeting_id, id_typed("person"))
    return _back(meeting_id, id_typed("seat"))


@bp.post("/meetings/<uuid:meeting_id>/opening/aloud/withdraw")
@requires(Permission.MEETING_CLOSE)
def withdraw_aloud(meeting_id: uuid.UUID) -> Answer:
    """That was a mistake."""
    opening.withdraw_aloud(current_actor(), meeting_id, id_typed("person"))
    return _back(meeting_id, id_typed("seat"))


def _back(meeting_id: uuid.UUID, seat_id: uuid.UUID | None = None) -> Answer:
    """To the row that was pressed, so that the keyboard goes on from there."""
    at = f"wie-{seat_id}" if seat_id else "presentie"
    return redirect(url_for(".open_meeting", meeting_id=meeting_id, _anchor=at), 303)
