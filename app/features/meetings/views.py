"""The pages of the room for meetings."""

from __future__ import annotations

from flask import Blueprint

from app.access import Permission
from app.domain.errors import NotVisible
from app.web.guard import public, requires

bp = Blueprint("meetings", __name__)


@bp.get("/meetings")
@requires(Permission.MEETING_READ)
def listing() -> str:
    """Still to come."""
    raise NotVisible
