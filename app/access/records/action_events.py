"""How the remark of a line in an action's history is sealed, and what it is bound to."""

from __future__ import annotations

import uuid

from app.domain.kinds import RetentionClass
from app.infra import crypto
from app.infra.crypto import KeyScope


def remark_binding(event_id: uuid.UUID) -> str:
    """What the ciphertext of a remark is bound to."""
    return f"action_event:{event_id}:remark"


def seal_remark(case_id: uuid.UUID, event_id: uuid.UUID, text: str) -> bytes | None:
    """A remark under the key of the case's decisions; nothing for no text."""
    if not text:
        return None
    scope = KeyScope.of_case(case_id, RetentionClass.DECISIONS)
    return crypto.seal(scope, text, belongs_to=remark_binding(event_id))
