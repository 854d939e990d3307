"""How messages go over the whole installation: numbers and moments, nothing of any one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from app.access import checks
from app.access.messages.leak_findings import STOPPED
from app.domain.kinds import MailState
from app.infra.outbox import OutboxRow
from app.models import MailLog


@dataclass(frozen=True, slots=True)
class Delivered:
    """``oldest_ready_at``: since when the first that is due waits. Stopped ones do not count."""

    waiting: int
    oldest_ready_at: datetime | None
    given_up: int
    sent_at: datetime | None


def delivered(session: Session, *, now: datetime) -> Delivered:
    """For who runs the installation; two statements."""
    checks.note()
    waits = and_(OutboxRow.done_at.is_(None), OutboxRow.dead_at.is_(None))
    is_dead = and_(
        OutboxRow.dead_at.is_not(None),
        OutboxRow.done_at.is_(None),
        OutboxRow.dropped_at.is_(None),
        ~OutboxRow.reason.startswith(STOPPED, autoescape=True),
    )
    waiting, oldest, given_up = session.execute(
        select(
            func.count(case((waits, 1))),
            func.min(case((and_(waits, OutboxRow.available_at <= now), OutboxRow.available_at))),
            func.count(case((is_dead, 1))),
        ).where(OutboxRow.done_at.is_(None))
    ).one()
    sent_at = session.scalar(select(func.max(MailLog.at)).where(MailLog.state == MailState.SENT))
    return Delivered(waiting, oldest, given_up, sent_at)
