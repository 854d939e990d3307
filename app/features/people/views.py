"""The pages of the room for people."""

from __future__ import annotations

from flask import Blueprint

from app.access import Permission
from app.domain.errors import NotVisible
from app.web.guard import public, requires

bp = Blueprint("people", __name__)


@bp.get("/admin/people")
@requires(Permission.PERSON_MANAGE)
def listing() -> str:
    """Still to come."""
    raise NotVisible


@bp.get("/changes")
@requires(Permission.CHANGE_CONFIRM)
def changes() -> str:
    """Still to come."""
    raise NotVisible
