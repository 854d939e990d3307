"""The working page of a meeting: the agenda with the current item; writing stays in service."""

from __future__ import annotations

import uuid

from flask import Blueprint, render_template

from app.access import Permission, load_meeting
from app.infra.db import reading
from app.web.guard import current_actor, requires

bp = Blueprint("live", __name__)


@bp.get("/meetings/<uuid:meeting_id>/live")
@requires(Permission.MEETING_CLOSE)
def worksheet(meeting_id: uuid.UUID) -> str:
    """The agenda of a meeting while it is held."""
    with reading() as session:
        load_meeting(session, current_actor(), meeting_id, Permission.MEETING_CLOSE)
    return render_template("live/worksheet.html")
