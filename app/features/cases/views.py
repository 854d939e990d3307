"""The pages of the room for cases."""

from __future__ import annotations

from flask import Blueprint

from app.access import Permission
from app.domain.errors import NotVisible
from app.web.guard import public, requires

bp = Blueprint("cases", __name__)


@bp.get("/cases")
@requires(Permission.CASE_READ)
def listing() -> str:
    """Still to come."""
    raise NotVisible
