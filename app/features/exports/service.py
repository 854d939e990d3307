"""Asking for a copy; making it is for the worker."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from app.access import Actor
from app.access.records import export_rows
from app.domain.kinds import ExportFormat, ExportKind, ExportPurpose
from app.infra import clock, outbox
from app.infra.db import transaction
from app.models import Export

MAKE: Final = "exports.make"
FORGET: Final = "exports.forget"
KEPT: Final = timedelta(hours=24)


def ask(
    actor: Actor, kind: ExportKind, query: str, purpose: ExportPurpose, as_file: ExportFormat
) -> uuid.UUID:
    """Ask for a copy of what a query finds; gives its id. NotVisible for who makes none."""
    wanted = export_rows.wanted(kind, query)
    now = clock.now()
    export_rows.scope_of(actor, kind, now=now)
    with transaction() as session:
        export = Export(
            id=uuid.uuid4(),
            person_id=actor.person_id,
            kind=kind,
            as_file=as_file,
            purpose=purpose,
            query=wanted.query,
            asked_at=now,
            expires_at=now + KEPT,
        )
        session.add(export)
        _queue(session, export)
        return export.id


def _queue(session: Session, export: Export) -> None:
    """The worker acts as who asked; what it made is thrown away on the minute."""
    payload = {"export": export.id, "person_id": export.person_id}
    outbox.add(session, MAKE, unique_key=f"{MAKE}:{export.id}", payload=payload)
    outbox.add(
        session,
        FORGET,
        unique_key=f"{FORGET}:{export.id}",
        payload={"export": export.id},
        available_at=export.expires_at,
    )
