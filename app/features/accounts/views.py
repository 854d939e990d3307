"""The pages of the room for accounts."""

from __future__ import annotations

from flask import Blueprint

from app.access import Permission
from app.domain.errors import NotVisible
from app.web.guard import public, requires

bp = Blueprint("accounts", __name__)


@bp.get("/sign-in")
@public
def sign_in() -> str:
    """Still to come."""
    raise NotVisible


@bp.post("/language")
@public
def language() -> str:
    """Still to come."""
    raise NotVisible


@bp.post("/theme")
@public
def theme() -> str:
    """Still to come."""
    raise NotVisible


@bp.post("/sign-out")
@requires(Permission.OWN_ACCOUNT)
def sign_out() -> str:
    """Still to come."""
    raise NotVisible


@bp.post("/stay")
@requires(Permission.OWN_ACCOUNT)
def stay() -> str:
    """Still to come."""
    raise NotVisible


@bp.get("/sessions")
@requires(Permission.OWN_ACCOUNT)
def sessions() -> str:
    """Still to come."""
    raise NotVisible
