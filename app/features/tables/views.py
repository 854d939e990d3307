"""The pages of the room for tables."""

from __future__ import annotations

from flask import Blueprint

from app.access import Permission
from app.domain.errors import NotVisible
from app.web.guard import requires

bp = Blueprint("tables", __name__)


@bp.get("/admin/tables")
@requires(Permission.TABLE_MANAGE)
def listing() -> str:
    """Still to come."""
    raise NotVisible


@bp.get("/admin/tables/<uuid:table_id>")
@requires(Permission.TABLE_MANAGE)
def table(table_id: object) -> str:
    """Still to come."""
    raise NotVisible
