"""The pages of the room for accounts: signing in, and what is one's own."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("accounts", __name__)

# Each adds its routes to bp.
import app.features.accounts.own_views  # noqa: E402
import app.features.accounts.recovery_views  # noqa: E402
import app.features.accounts.sign_in_views  # noqa: E402
import app.features.accounts.welcome_views  # noqa: E402, F401
