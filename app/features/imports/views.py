"""The pages of the room for imports."""

from __future__ import annotations

from flask import Blueprint

from app.access import Permission
from app.domain.errors import NotVisible
from app.web.guard import requires

bp = Blueprint("imports", __name__)


@bp.get("/imports/partners")
@requires(Permission.IMPORT_PARTNERS)
def partners() -> str:
    """Still to come."""
    raise NotVisible


@bp.get("/imports/cases")
@requires(Permission.IMPORT_CASES)
def cases() -> str:
    """Still to come."""
    raise NotVisible
