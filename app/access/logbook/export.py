"""The access log in the terms of NEN 7513, for the privacy officer; ids and names, no content.

Words somebody gave as a reason may tell of the case and would outlive its keys in a file: they stay
behind, for the page of the emergency itself. Taking a copy is itself a line of the log, written
before the first line leaves.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from app.access import audit, checks
from app.access.actor import Actor
from app.access.audit import reason_binding
from app.access.oversight.readers import does_not_bar
from app.domain.errors import NotVisible
from app.infra import clock, crypto
from app.infra.crypto import Sealed
from app.infra.db import reading
from app.models import AuditEvent, AuditHead, CaseTable, Organisation, Person

ROWS_AT_ONCE: Final = 1_000

# The fields of a line in order; the names are those of the JSON file.
FIELDS: Final = (
    "number", "time", "event", "outcome", "user_id", "user_name", "organisation_id",
    "organisation", "role", "on_behalf_of_id", "on_behalf_of", "on_behalf_of_organisation_id",
    "on_behalf_of_organisation", "ground", "object_kind", "object_id", "table_id", "table",
    "meeting_id", "item_id", "case_id", "section_id", "reason",
    "access_point", "source",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which lines: of a half-open stretch of time, of one table or person if named."""

    from_at: datetime
    until_at: datetime
    table_id: uuid.UUID | None = None
    person_id: uuid.UUID | None = None


Line = Mapping[str, str | int | None]


def begin(session: Session, actor: Actor, wanted: Wanted) -> int:
    """Record that a copy is taken; gives the number of the last line it holds. NotVisible."""
    if not actor.is_privacy_officer:
        raise NotVisible
    checks.note()
    audit.record(
        session,
        actor,
        audit.Entry(
            event=audit.Event.COPY,
            object_kind="access-log",
            object_id=wanted.person_id,
            table_id=wanted.table_id,
        ),
    )
    return session.scalar(select(AuditHead.last_id)) or 0


def lines(actor: Actor, wanted: Wanted, *, last_id: int) -> Iterator[Line]:
    """The lines asked for up to ``last_id``, in order, some thousand at a time.

    None of a case that bars the reader; the lines are numbered per copy, as a gap would tell.
    """
    after = number = 0
    while True:
        with reading() as session:
            rows = session.execute(_page(actor, wanted, after, last_id)).all()
        if not rows:
            return
        for row, reason in zip(rows, _reasons([row.AuditEvent for row in rows]), strict=True):
            number += 1
            yield _line(number, row, reason)
        after = rows[-1].AuditEvent.id


def _page(actor: Actor, wanted: Wanted, after: int, last_id: int) -> Select[*tuple[Any, ...]]:
    replaced, replaced_at = aliased(Person), aliased(Organisation)
    statement = (
        select(
            AuditEvent,
            Organisation.name.label("organisation"),
            replaced.name.label("on_behalf_of"),
            replaced_at.name.label("on_behalf_of_organisation"),
            CaseTable.name.label("table"),
        )
        .outerjoin(Organisation, Organisation.id == AuditEvent.organisation_id)
        .outerjoin(replaced, replaced.id == AuditEvent.on_behalf_of_id)
        .outerjoin(replaced_at, replaced_at.id == AuditEvent.on_behalf_of_organisation_id)
        .outerjoin(CaseTable, CaseTable.id == AuditEvent.table_id)
        .where(
            AuditEvent.id > after,
            AuditEvent.id <= last_id,
            AuditEvent.at >= wanted.from_at,
            AuditEvent.at < wanted.until_at,
            does_not_bar(actor, clock.now()),
        )
        .order_by(AuditEvent.id)
        .limit(ROWS_AT_ONCE)
    )
    if wanted.table_id:
        statement = statement.where(AuditEvent.table_id == wanted.table_id)
    if wanted.person_id:
        statement = statement.where(AuditEvent.person_id == wanted.person_id)
    return statement


def _reasons(events: list[AuditEvent]) -> list[str]:
    """Of lines of no case: the number tried where no case opened, for as long as its key."""
    return crypto.unseal_left(
        [
            Sealed(
                None if event.case_id else event.sealed_reason,
                reason_binding(event.object_kind, event.object_id),
            )
            for event in events
        ]
    )


def _line(number: int, row: Any, reason: str) -> Line:  # noqa: ANN401 - a row of _page
    event: AuditEvent = row.AuditEvent
    values = (
        number,
        event.at.isoformat(timespec="microseconds"),
        event.event,
        event.outcome,
        event.person_id,
        event.person_name,
        event.organisation_id,
        row.organisation,
        event.role,
        event.on_behalf_of_id,
        row.on_behalf_of,
        event.on_behalf_of_organisation_id,
        row.on_behalf_of_organisation,
        event.ground,
        event.object_kind,
        event.object_id,
        event.table_id,
        row.table,
        event.meeting_id,
        event.item_id,
        event.case_id,
        event.section_id,
        reason,
        event.address,
        event.source,
    )
    return {
        name: str(value) if isinstance(value, uuid.UUID) else value or None
        for name, value in zip(FIELDS, values, strict=True)
    }
