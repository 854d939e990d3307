"""The pages of the room for accounts: signing in, and what is one's own."""

from __future__ import annotations

from app.features.accounts import (  # noqa: F401 - they hang their pages on bp
    own_views,
    passkey_opening_views,
    passkey_views,
    provider_step_up_views,
    provider_views,
    recovery_link_views,
    recovery_views,
    sign_in_views,
    step_up_views,
    welcome_views,
)
from app.features.accounts.blueprint import bp

__all__ = ["bp"]
