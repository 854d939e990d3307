"""The presses under "proposed for this agenda"."""

from __future__ import annotations

import uuid

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.domain.errors import Reason, Refusal
from app.features.meetings import carrying
from app.features.meetings.blueprint import bp
from app.web.answers import Answer, id_typed
from app.web.errors import sentence_of
from app.web.guard import current_actor, requires

ACTS = {
    "take": carrying.take_over,
    "leave": carrying.leave,
    "again": carrying.propose_again,
}


@bp.post("/meetings/<uuid:meeting_id>/carried")
@requires(Permission.MEETING_PLAN)
def carry(meeting_id: uuid.UUID) -> Answer:
    """Take over what comes back, leave it, or propose it again."""
    act = ACTS.get(request.form.get("act", ""))
    if act is None:
        raise Refusal(Reason.VALUE_UNKNOWN)
    try:
        act(current_actor(), meeting_id, id_typed("item"))
    except Refusal as refusal:
        flash(sentence_of(refusal), "err")
    else:
        if act is carrying.take_over:
            flash(
                _("Op de agenda gezet. Beslis bij Deelnemers wie van vorige keer weer deelneemt."),
                "ok",
            )
    return redirect(url_for(".show", meeting_id=meeting_id), 303)
