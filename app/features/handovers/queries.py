"""Every handover the reader has a part in: to answer, sent, come back, gone and arrived."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.access import Actor, audit
from app.access.referrals import handover_answers, handover_lists
from app.access.referrals.handovers import line_of
from app.domain.kinds import Ground
from app.infra import clock, crypto
from app.infra.db import transaction

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A handover the reader may answer; of its case nothing but from whom and by when."""

    task_id: uuid.UUID
    from_table: str
    to: str
    proposed_at: datetime
    due_at: datetime
    is_late: bool
    is_accepted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A handover by a table served; without a reference once the case left."""

    id: uuid.UUID
    case_id: uuid.UUID
    reference: str
    from_table: str
    to: str
    proposed_at: datetime
    due_at: datetime
    is_late: bool
    accepted_at: datetime | None
    accepted_by: str
    refused_at: datetime | None
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A case that came to a table served by a handover."""

    case_id: uuid.UUID
    reference: str
    from_table: str
    to: str
    proposed_at: datetime
    accepted_at: datetime


@dataclass(frozen=True, slots=True)
class HandoversPage:
    """What waits for the reader first, then what waits for others."""

    offered: tuple[Offered, ...]
    waiting: tuple[Sent, ...]
    returned: tuple[Sent, ...]
    gone: tuple[Sent, ...]
    arrived: tuple[Arrived, ...]
    is_staff: bool


def handovers_page(actor: Actor) -> HandoversPage:
    """Four statements at most, and one on the key store; reading why is recorded."""
    now = clock.now()
    with transaction() as session:
        offered = session.execute(handover_lists.offered(actor, now=now).limit(MOST_SHOWN)).all()
        sent, arrived = _of_staff(session, actor, now)
        audit.record_all(
            session,
            actor,
            [
                line_of(row.Handover, audit.Event.READ, Ground.STAFF)
                for row in sent
                if row.Handover.answer_ct
            ],
        )
    answers = crypto.unseal_left([handover_answers.sealed_answer(row.Handover) for row in sent])
    lines = [_sent(row, text, now) for row, text in zip(sent, answers, strict=True)]
    # From one table served to another it is told once: where it came, with its number.
    came = {row.Handover.id for row in arrived}
    return HandoversPage(
        tuple(_offered(row, now) for row in offered),
        tuple(one for one in lines if not (one.accepted_at or one.refused_at)),
        tuple(one for one in lines if one.refused_at),
        tuple(one for one in lines if one.accepted_at and one.id not in came),
        tuple(_arrived(row) for row in arrived),
        actor.is_staff,
    )


def _of_staff(session: Session, actor: Actor, now: datetime) -> tuple[Sequence[Any], Sequence[Any]]:
    if not actor.is_staff:
        return (), ()
    sent = session.execute(handover_lists.sent(actor, now=now).limit(MOST_SHOWN)).all()
    arrived = session.execute(handover_lists.arrived(actor, now=now).limit(MOST_SHOWN)).all()
    return sent, arrived


def _offered(row: Any, now: datetime) -> Offered:  # noqa: ANN401 - a row of a scope
    return Offered(
        task_id=row.Task.id,
        from_table=row.from_table,
        to=row.to_table or row.to_team,
        proposed_at=row.Handover.proposed_at,
        due_at=row.Handover.due_at,
        is_late=row.Handover.due_at <= now,
        is_accepted=row.Task.accepted_at is not None,
    )


def _sent(row: Any, answer: str, now: datetime) -> Sent:  # noqa: ANN401 - as above
    one = row.Handover
    settled = one.accepted_at or one.refused_at
    return Sent(
        id=one.id,
        case_id=one.case_id,
        reference=row.reference or "",
        from_table=row.from_table,
        to=row.to_table or row.to_team,
        proposed_at=one.proposed_at,
        due_at=one.due_at,
        is_late=not settled and one.due_at <= now,
        accepted_at=one.accepted_at,
        accepted_by=row.accepted_by or "",
        refused_at=one.refused_at,
        answer=answer,
    )


def _arrived(row: Any) -> Arrived:  # noqa: ANN401 - as above
    return Arrived(
        case_id=row.Case.id,
        reference=row.Case.reference,
        from_table=row.from_table,
        to=row.to_table or row.to_team or "",
        proposed_at=row.Handover.proposed_at,
        accepted_at=row.Handover.accepted_at,
    )
