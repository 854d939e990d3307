"""The pages of the room for accounts: signing in, and what is one's own."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("accounts", __name__)

from app.features.accounts import (  # noqa: E402, F401 - they add their routes to bp
    own_views,
    sign_in_views,
    welcome_views,
)
