"""Accepting confidentiality: one row per person and meeting, with the words that were accepted."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.access import audit
from app.access.actor import Actor
from app.domain.errors import Reason, Refusal
from app.infra import clock
from app.models import Acceptance, CaseTable, Meeting


def add_acceptance(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    table: CaseTable,
    *,
    read_version: int | None = None,
) -> None:
    """Store it for a meeting that was loaded for this person, who has not accepted it yet.

    Refusal STATEMENT_CHANGED when the words that were read are no longer those of the table; from
    then on an acceptance counts for its meeting, whatever becomes of the words.
    """
    if read_version is not None and read_version != table.confidentiality_version:
        raise Refusal(Reason.STATEMENT_CHANGED)
    in_english = actor.language == "en" and table.confidentiality_en
    session.add(
        Acceptance(
            person_id=actor.person_id,
            meeting_id=meeting.id,
            at=clock.now(),
            statement=table.confidentiality_en if in_english else table.confidentiality_nl,
            text_version=table.confidentiality_version,
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
