"""What happens when a meeting is closed, to read before it is done; it changes nothing."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.access import Actor, scopes
from app.access.meetings.recipients import mailed_at
from app.access.records import paper_copies
from app.access.records.adoption import corrections_end
from app.access.records.was_there import people_at
from app.domain.kinds import ItemKind
from app.features.live.service import running
from app.infra import clock
from app.infra.db import transaction
from app.models import AgendaItem, CaseTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """Before a meeting is closed; ``has_closed``: a block hides whether there is more.

    At the cases ``without_roll`` nobody was noted as present.
    """

    meeting_id: uuid.UUID
    table_name: str
    starts_at: datetime
    ends_at: datetime
    on_table: tuple[str, ...]
    not_discussed: tuple[str, ...]
    without_roll: tuple[str, ...]
    has_closed: bool
    mails: int
    papers_out: int
    corrections_last_at: datetime | None


def closing(actor: Actor, meeting_id: uuid.UUID) -> Closing:
    """What closing a running meeting does; Refusal where it cannot be closed."""
    now = clock.now()
    with transaction() as session:
        meeting = running(session, actor, meeting_id)
        table = session.get_one(CaseTable, meeting.table_id)
        rows = session.execute(
            scopes.staff_items(actor, now=now)
            .where(AgendaItem.meeting_id == meeting_id, AgendaItem.kind == ItemKind.CASE)
            .order_by(AgendaItem.position, AgendaItem.id)
        ).all()
        until = corrections_end(table, now=now)
        cases = [(row.AgendaItem, row.Case.reference) for row in rows if row.Case]
        discussed = [(item, name) for item, name in cases if item.opened_at is not None]
        there = people_at(session, [item.id for item, _name in discussed])
        return Closing(
            meeting_id=meeting_id,
            table_name=table.name,
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            on_table=tuple(name for item, name in cases if item.opened_at and not item.closed_at),
            not_discussed=tuple(name for item, name in cases if item.opened_at is None),
            without_roll=tuple(name for item, name in discussed if item.id not in there),
            has_closed=len(cases) < len(rows),
            mails=mailed_at(session, actor, meeting_id, now=now),
            papers_out=paper_copies.open_copies(session, actor, meeting_id, now=now),
            corrections_last_at=until - timedelta(seconds=1) if until else None,
        )
