"""Writing the access log: in the transaction of the act itself, without any content."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.domain.kinds import Ground
from app.infra import clock
from app.models import AuditEvent


class Event(StrEnum):
    """Event codes after NEN 7513 chapter 6."""

    ADD = "add"
    AUTHORISE = "authorisation-change"
    CHANGE = "change"
    COPY = "copy-print-export"
    DELETE = "delete"
    LOG_ACCESS = "log-access"
    READ = "read"
    REVEAL = "reveal-identity"
    SEARCH = "search"
    SIGN_IN = "sign-in"
    SIGN_IN_FAILED = "sign-in-failed"
    SIGN_OUT = "sign-out"
    TRANSFER = "transfer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the log: what was done to which object, on which ground."""

    event: Event
    object_kind: str
    object_id: uuid.UUID | None = None
    outcome: str = "done"
    ground: Ground | None = None
    on_behalf_of_id: uuid.UUID | None = None
    table_id: uuid.UUID | None = None
    meeting_id: uuid.UUID | None = None
    item_id: uuid.UUID | None = None
    case_id: uuid.UUID | None = None
    section_id: uuid.UUID | None = None
    address: str = ""  # only where there is no actor yet: a failed sign-in


def record(session: Session, actor: Actor | None, *entries: Entry) -> None:
    """Write the entries in one statement of the current transaction; ``None`` is the system."""
    record_all(session, actor, entries)


def record_all(session: Session, actor: Actor | None, entries: Sequence[Entry]) -> None:
    """Like ``record`` for a sequence; an empty one writes nothing."""
    if not entries:
        return
    moment = clock.now()
    session.execute(
        # Without it entries that leave different columns empty go in several statements.
        insert(AuditEvent).execution_options(render_nulls=True),
        [
            {
                "at": moment,
                "event": entry.event.value,
                "outcome": entry.outcome,
                "person_id": actor.person_id if actor else None,
                "person_name": actor.name if actor else "",
                "organisation_id": actor.organisation_id if actor else None,
                "ground": entry.ground.value if entry.ground else "",
                "on_behalf_of_id": entry.on_behalf_of_id,
                "address": actor.address if actor else entry.address[:45],
                "table_id": entry.table_id,
                "meeting_id": entry.meeting_id,
                "item_id": entry.item_id,
                "case_id": entry.case_id,
                "section_id": entry.section_id,
                "object_kind": entry.object_kind,
                "object_id": entry.object_id,
            }
            for entry in entries
        ],
    )
