"""Accounts as the access rules touch them: ending sessions, and who confirms powerful changes."""

from __future__ import annotations

import uuid

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.infra import clock
from app.models import WebSession


def revoke_sessions(
    session: Session, person_id: uuid.UUID, *, reason: str, but: uuid.UUID | None = None
) -> None:
    """End every session of a person at once, except ``but``; the next request is refused."""
    statement = update(WebSession).where(
        WebSession.person_id == person_id, WebSession.revoked_at.is_(None)
    )
    if but is not None:
        statement = statement.where(WebSession.id != but)
    session.execute(statement.values(revoked_at=clock.now(), ended_reason=reason))
