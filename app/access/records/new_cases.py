"""Putting a new case on a table's list, under a reference nobody has; for staff of that table."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access import audit, case_scopes, disclosure
from app.access.actor import Actor
from app.domain.errors import Reason, Refusal
from app.domain.kinds import CaseState, Ground, RetentionClass
from app.domain.references import new_reference
from app.infra import clock, crypto
from app.infra.crypto import KeyScope
from app.models import Case, CaseTable

MOST_TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """What staff type for a new case."""

    table_id: uuid.UUID
    organisation_id: uuid.UUID
    question: str
    channel: str


def add_case(session: Session, actor: Actor, table: CaseTable, new: NewCase) -> Case:
    """Put a case on the list of a table that was loaded for its staff. COVENANT_MISSING."""
    known = session.scalars(case_scopes.participants(table.id))
    if new.organisation_id not in {one.id for one in known}:
        raise Refusal(Reason.COVENANT_MISSING, "organisation")
    case_id = uuid.uuid4()
    case = Case(
        id=case_id,
        table_id=table.id,
        bringing_organisation_id=new.organisation_id,
        state=CaseState.ACCEPTED,
        channel=new.channel,
        question_ct=sealed_question(case_id, new.question),
        created_at=clock.now(),
    )
    add_with_reference(session, case, table.prefix)
    record(session, actor, audit.Event.ADD, case)
    return case


def sealed_question(case_id: uuid.UUID, question: str) -> bytes:
    """The question to the table, sealed for its case."""
    return crypto.seal(
        KeyScope.of_case(case_id, RetentionClass.SUMMARY),
        question,
        belongs_to=disclosure.question_binding(case_id),
    )


def record(
    session: Session,
    actor: Actor,
    event: audit.Event,
    case: Case,
    *,
    kind: str = "case",
    object_id: uuid.UUID | None = None,
    reason: str = "",
) -> None:
    """One log row about a case or something in it; a reason is kept sealed under its key."""
    audit.record(
        session,
        actor,
        audit.Entry(
            event=event,
            object_kind=kind,
            object_id=object_id or case.id,
            case_id=case.id,
            table_id=case.table_id,
            section_id=object_id if kind == "section" else None,
            ground=Ground.STAFF,
            reason=reason,
        ),
    )


def add_with_reference(session: Session, case: Case, prefix: str) -> None:
    """Store a new case under a reference nobody has; a clash is tried again."""
    for attempt in range(1, MOST_TRIES + 1):
        case.reference = new_reference(prefix)
        try:
            with session.begin_nested():
                session.add(case)
        except IntegrityError:
            if attempt == MOST_TRIES:
                raise
        else:
            return
