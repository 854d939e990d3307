"""What a table keeps of a case that went to another one: what was decided while it stood here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor, audit, scopes
from app.domain.kinds import DecisionKind, Ground
from app.infra import crypto
from app.infra.crypto import Sealed
from app.models import Case, Decision, Meeting


@dataclass(frozen=True, slots=True)
class KeptRecord:
    """One decision at an item whose case stands at another table now, still sealed."""

    starts_at: datetime
    reference: str
    kind: DecisionKind
    text: Sealed


@dataclass(frozen=True, slots=True)
class KeptDecision:
    """The same as it is read."""

    starts_at: datetime
    reference: str
    kind: DecisionKind
    text: str


def read_kept(
    session: Session, actor: Actor, meeting: Meeting, *, now: datetime
) -> list[KeptRecord]:
    """The decisions of a loaded meeting about cases that left; each reading is recorded."""
    rows = session.execute(
        scopes.staff_decisions(actor, now=now)
        .add_columns(Case.reference)
        .where(Meeting.id == meeting.id, Case.table_id != Meeting.table_id)
        .order_by(Decision.recorded_at, Decision.id)
    ).all()
    audit.record_all(session, actor, [_line(row.Decision, meeting) for row in rows])
    return [
        KeptRecord(
            row.AgendaItem.starts_at,
            row.reference,
            row.Decision.kind,
            Sealed(row.Decision.text_ct, f"decision:{row.Decision.id}:text"),
        )
        for row in rows
    ]


def opened(kept: Iterable[KeptRecord]) -> tuple[KeptDecision, ...]:
    """Open them, after the transaction."""
    records = list(kept)
    texts = crypto.unseal_many([one.text for one in records])
    return tuple(
        KeptDecision(one.starts_at, one.reference, one.kind, text)
        for one, text in zip(records, texts, strict=True)
    )


def _line(decision: Decision, meeting: Meeting) -> audit.Entry:
    return audit.Entry(
        event=audit.Event.READ,
        object_kind="decision",
        object_id=decision.id,
        ground=Ground.STAFF,
        table_id=meeting.table_id,
        meeting_id=meeting.id,
        item_id=decision.item_id,
        case_id=decision.case_id,
    )
