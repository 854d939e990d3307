"""The pages of the room for home."""

from __future__ import annotations

from flask import Blueprint

from app.access import Permission
from app.domain.errors import NotVisible
from app.web.guard import public, requires

bp = Blueprint("home", __name__)


@bp.get("/")
@requires(Permission.HOME_READ)
def start() -> str:
    """Still to come."""
    raise NotVisible


@bp.get("/keys")
@requires(Permission.HOME_READ)
def keys() -> str:
    """Still to come."""
    raise NotVisible
