"""The pages of the room for actions."""

from __future__ import annotations

from flask import Blueprint

from app.access import Permission
from app.domain.errors import NotVisible
from app.web.guard import public, requires

bp = Blueprint("actions", __name__)


@bp.get("/actions")
@requires(Permission.ACTION_FOLLOW)
def board() -> str:
    """Still to come."""
    raise NotVisible


@bp.get("/my-actions")
@requires(Permission.ACTION_REPORT)
def mine() -> str:
    """Still to come."""
    raise NotVisible
