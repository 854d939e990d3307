"""The pages of the room for organisations."""

from __future__ import annotations

from flask import Blueprint

from app.access import Permission
from app.domain.errors import NotVisible
from app.web.guard import public, requires

bp = Blueprint("organisations", __name__)


@bp.get("/admin/organisations")
@requires(Permission.ORGANISATION_MANAGE)
def listing() -> str:
    """Still to come."""
    raise NotVisible
