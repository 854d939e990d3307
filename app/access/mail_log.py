"""Notes that a mail goes out: to whom and of what kind, never a word of it."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.infra import clock
from app.models import MailLog


def note_mail(session: Session, person_id: uuid.UUID, *, kind: str, identifier: str) -> None:
    """Write the note before the mail leaves, once per Message-ID: a new try repeats that."""
    known = select(MailLog.id).where(MailLog.message_id == identifier)
    if session.scalar(known) is None:
        session.add(MailLog(at=clock.now(), kind=kind, person_id=person_id, message_id=identifier))
