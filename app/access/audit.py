"""Writing the access log: in the transaction of the act itself, without any content.

Lines are kept until the unit of work ends and then written together, so that the end of the chain
is locked for a moment only; a unit of work that fails to write them does not commit.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy.orm import Session

from app.access import audit_chain, behalf
from app.access.actor import Actor
from app.domain.kinds import Ground, LogRole, RetentionClass
from app.infra import clock, crypto
from app.infra.crypto import REASONS, KeyScope
from app.infra.db import at_end

SOURCE: Final = "casustafel 0.1.0"


class Event(StrEnum):
    """Event codes after NEN 7513 chapter 6."""

    ADD = "add"
    AUTHORISE = "authorisation-change"
    CHANGE = "change"
    COPY = "copy-print-export"
    DELETE = "delete"
    EMERGENCY = "emergency-procedure"
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
    reason: str = ""  # in the own words of who did it; kept sealed
    reason_scope: KeyScope | None = None  # where no case is known whose key it goes with
    address: str = ""  # only where there is no actor yet: a failed sign-in


def record(session: Session, actor: Actor | None, *entries: Entry) -> None:
    """Write the entries when the current transaction ends; ``None`` is the system."""
    record_all(session, actor, entries)


def record_all(session: Session, actor: Actor | None, entries: Sequence[Entry]) -> None:
    """Like ``record`` for a sequence; an empty one writes nothing."""
    moment = clock.now()
    for_another = any(entry.on_behalf_of_id for entry in entries) or (
        actor is not None and actor.is_deputy
    )
    write = behalf.append if for_another else audit_chain.append
    at_end(session, write, [_row(actor, entry, at=moment) for entry in entries])


def _row(actor: Actor | None, entry: Entry, *, at: datetime) -> dict[str, Any]:
    return {
        "at": at,
        "event": entry.event.value,
        "outcome": entry.outcome,
        "person_id": actor.person_id if actor else None,
        "person_name": actor.name if actor else "",
        "organisation_id": actor.organisation_id if actor else None,
        "role": _role(actor, entry).value,
        "ground": entry.ground.value if entry.ground else "",
        "on_behalf_of_id": entry.on_behalf_of_id,
        "on_behalf_of_organisation_id": None,
        "address": actor.address if actor else entry.address[:45],
        "table_id": entry.table_id,
        "meeting_id": entry.meeting_id,
        "item_id": entry.item_id,
        "case_id": entry.case_id,
        "section_id": entry.section_id,
        "object_kind": entry.object_kind,
        "object_id": entry.object_id,
        "sealed_reason": _sealed_reason(entry),
        "source": SOURCE,
    }


def _sealed_reason(entry: Entry) -> bytes | None:
    """Under the key of the case where there is one, so that it goes when the case does."""
    if not entry.reason:
        return None
    scope = entry.reason_scope or REASONS
    if entry.case_id:
        scope = KeyScope.of_case(entry.case_id, RetentionClass.SUMMARY)
    return crypto.seal(
        scope, entry.reason, belongs_to=reason_binding(entry.object_kind, entry.object_id)
    )


def reason_binding(object_kind: str, object_id: uuid.UUID | None) -> str:
    """What binds a reason to the line it was given with."""
    return f"audit_event:{object_kind}:{object_id}:reason"


_OF_GROUND: Final = {
    Ground.SEAT: LogRole.SEAT_HOLDER,
    Ground.SOURCE: LogRole.REPRESENTATIVE,
    Ground.TASK: LogRole.TASK_HOLDER,
    Ground.BREAK_GLASS: LogRole.EMERGENCY_READER,
}


def _role(actor: Actor | None, entry: Entry) -> LogRole:
    """In which role somebody acted, as NEN 7513 asks: of the ground first, else of the person."""
    if actor is None:
        return LogRole.SYSTEM
    by_ground = _OF_GROUND.get(entry.ground) if entry.ground else None
    at_tables = {entry.table_id} if entry.table_id else actor.staff_table_ids
    is_acting = entry.meeting_id in actor.acting_meeting_ids and at_tables & actor.staff_table_ids
    fitting = (
        (actor.is_administrator, LogRole.ADMINISTRATOR),
        (by_ground, by_ground),
        (actor.is_privacy_officer, LogRole.PRIVACY_OFFICER),
        (actor.is_supervisor, LogRole.SUPERVISOR),
        (is_acting, LogRole.ACTING_CHAIR),
        (at_tables & actor.chair_table_ids, LogRole.CHAIR),
        (at_tables & actor.staff_table_ids, LogRole.COORDINATOR),
        (actor.representative_table_ids, LogRole.REPRESENTATIVE),
    )
    return next((role for fits, role in fitting if fits and role), LogRole.PROFESSIONAL)
