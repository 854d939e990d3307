"""The pages of the room for seats."""

from __future__ import annotations

from flask import Blueprint

from app.access import Permission
from app.domain.errors import NotVisible
from app.web.guard import public, requires

bp = Blueprint("seats", __name__)


@bp.get("/my-meetings")
@requires(Permission.OWN_MEETING)
def meetings() -> str:
    """Still to come."""
    raise NotVisible
