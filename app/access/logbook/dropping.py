"""Drops whole sealed periods of the access log after their term; their seals, with roots, stay.

The one way past the triggers that keep the log append-only: they are taken off and put back in one
transaction, which on PostgreSQL only the owner of the table can do, never the application role.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Final

from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from app.access import audit
from app.access.lifecycle import barred
from app.infra import clock, crypto
from app.models import AuditEvent, AuditSeal
from app.models.audit import NO_DELETE

YEARS_KEPT: Final = 5  # NEN 7513:2018: at least five years from writing


class TooYoungError(Exception):
    """What was asked for is younger than the term of the log."""


@dataclass(frozen=True, slots=True)
class Droppable:
    """The rows whose seals all were made before a moment, oldest first."""

    first_id: int
    last_id: int
    seals: tuple[int, ...]

    @property
    def rows(self) -> int:
        """How many rows would go."""
        return self.last_id - self.first_id + 1


def droppable(session: Session, *, before: datetime) -> Droppable | None:
    """What may go: whole seals made before ``before``; TooYoungError when that is within term."""
    now = clock.now()
    if before > now.replace(year=now.year - YEARS_KEPT, day=min(now.day, 28)):
        raise TooYoungError
    kept = session.execute(
        select(AuditSeal.number, AuditSeal.first_id, AuditSeal.last_id, AuditSeal.sealed_at)
        .where(AuditSeal.dropped_at.is_(None))
        .order_by(AuditSeal.number)
    ).all()
    seals = list(takewhile(lambda seal: seal.sealed_at < before, kept))
    if not seals:
        return None
    return Droppable(seals[0].first_id, seals[-1].last_id, tuple(seal.number for seal in seals))


def drop(session: Session, what: Droppable) -> None:
    """Drop these rows and record it; the caller has checked the log just before."""
    seals, now = what.seals, clock.now()
    off, on = NO_DELETE[session.get_bind().dialect.name]
    session.execute(text(off))
    session.execute(delete(AuditEvent).where(AuditEvent.id <= what.last_id))
    session.execute(text(on))
    barred.forget(session)
    for number in seals:
        session.execute(
            update(AuditSeal)
            .where(AuditSeal.number == number)
            .values(dropped_at=now, dropped_mac=crypto.store().log_keys.chain.dropped(number, now))
        )
    last = session.scalar(select(AuditSeal.id).where(AuditSeal.number == seals[-1]))
    audit.record(
        session,
        None,
        audit.Entry(event=audit.Event.DELETE, object_kind="access-log", object_id=last),
    )
