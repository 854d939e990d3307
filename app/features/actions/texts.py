"""The sealed texts of an action and its history, and what each is bound to."""

from __future__ import annotations

import uuid

from app.domain.kinds import RetentionClass
from app.infra import crypto
from app.infra.crypto import KeyScope, Sealed
from app.models import Action, ActionEvent


def safe_text(action: Action) -> Sealed:
    """No names and no case facts: for overviews and colleagues."""
    return Sealed(action.safe_ct, f"action:{action.id}:safe")


def full_text(action: Action) -> Sealed:
    """Only for staff and whom access opens it to."""
    return Sealed(action.full_ct, f"action:{action.id}:full")


def remark(event: ActionEvent) -> Sealed:
    """Why, or how it goes, as typed."""
    return Sealed(event.remark_ct, _remark_binding(event.id))


def seal_remark(case_id: uuid.UUID, event_id: uuid.UUID, text: str) -> bytes | None:
    """A remark under the key of the case's decisions; nothing for no text."""
    if not text:
        return None
    scope = KeyScope.of_case(case_id, RetentionClass.DECISIONS)
    return crypto.seal(scope, text, belongs_to=_remark_binding(event_id))


def _remark_binding(event_id: uuid.UUID) -> str:
    return f"action_event:{event_id}:remark"
