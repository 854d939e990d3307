"""The pages of the room for minutes."""

from __future__ import annotations

from flask import Blueprint

from app.access import Permission
from app.domain.errors import NotVisible
from app.web.guard import public, requires

bp = Blueprint("minutes", __name__)
