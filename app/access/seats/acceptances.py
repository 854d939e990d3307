"""Accepting confidentiality: one row per person and meeting, with the words that were accepted."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.access import audit
from app.access.actor import Actor
from app.infra import clock
from app.models import Acceptance, CaseTable, Meeting


def add_acceptance(session: Session, actor: Actor, meeting: Meeting, table: CaseTable) -> None:
    """Store it for a meeting that was loaded for this person, who has not accepted it yet."""
    in_english = actor.language == "en" and table.confidentiality_en
    session.add(
        Acceptance(
            person_id=actor.person_id,
            meeting_id=meeting.id,
            at=clock.now(),
            statement=table.confidentiality_en if in_english else table.confidentiality_nl,
        )
    )
    audit.record(
        session,
        actor,
        audit.Entry(
            event=audit.Event.ADD,
            object_kind="acceptance",
            table_id=meeting.table_id,
            meeting_id=meeting.id,
        ),
    )
