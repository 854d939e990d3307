"""Minutes: adopting them and reading one's own extract; never more than one's own part."""

from __future__ import annotations

import uuid

from flask import Blueprint, render_template

from app.access import Permission, load_own_meeting
from app.infra.db import reading
from app.web.guard import current_actor, requires

bp = Blueprint("minutes", __name__)


@bp.get("/my-meetings/<uuid:meeting_id>/extract")
@requires(Permission.EXTRACT_READ)
def extract(meeting_id: uuid.UUID) -> str:
    """The own extract of the minutes of a meeting."""
    with reading() as session:
        load_own_meeting(session, current_actor(), meeting_id, Permission.EXTRACT_READ)
    return render_template("minutes/extract.html")
