"""The sealed texts of an action and its history."""

from __future__ import annotations

from app.access.records.action_events import remark_binding, seal_remark
from app.infra.crypto import Sealed
from app.models import Action, ActionEvent

__all__ = ["full_text", "remark", "safe_text", "seal_remark"]


def safe_text(action: Action) -> Sealed:
    """No names and no case facts: for overviews and colleagues."""
    return Sealed(action.safe_ct, f"action:{action.id}:safe")


def full_text(action: Action) -> Sealed:
    """Only for staff and whom access opens it to."""
    return Sealed(action.full_ct, f"action:{action.id}:full")


def remark(event: ActionEvent) -> Sealed:
    """Why, or how it goes, as typed."""
    return Sealed(event.remark_ct, remark_binding(event.id))
