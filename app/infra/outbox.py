"""The durable outbox: side effects are rows written in the transaction that causes them.

A row holds ids only. The worker takes a lease, runs the handler, and marks the row done; a worker
killed half-way loses its lease and the row is tried again. Handlers re-check access themselves and
must be safe to run twice.
"""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Index, String, Text, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.infra import clock
from app.infra.db import Base, transaction

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 8
BACK_OFF = timedelta(seconds=30)

Handler = Callable[[Mapping[str, str]], None]
_handlers: dict[str, Handler] = {}


class OutboxRow(Base):
    """One side effect to be done once; payload is JSON with ids only."""

    __tablename__ = "outbox"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    kind: Mapped[str] = mapped_column(String(60))
    unique_key: Mapped[str] = mapped_column(String(200), unique=True)
    payload: Mapped[str] = mapped_column(Text())
    created_at: Mapped[datetime]
    available_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    dead_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_outbox_ready", "done_at", "dead_at", "available_at"),)


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that delivers outbox rows of ``kind``."""

    def register(function: Handler) -> Handler:
        _handlers[kind] = function
        return function

    return register


def add(
    session: Session,
    kind: str,
    *,
    unique_key: str,
    payload: Mapping[str, object],
    available_at: datetime | None = None,
) -> None:
    """Queue a side effect in the current transaction; ``unique_key`` makes it happen once."""
    moment = clock.now()
    session.add(
        OutboxRow(
            kind=kind,
            unique_key=unique_key,
            payload=json.dumps({key: str(value) for key, value in payload.items()}),
            created_at=moment,
            available_at=available_at or moment,
        )
    )


def add_once(
    session: Session, kind: str, *, unique_key: str, payload: Mapping[str, object]
) -> None:
    """Queue a side effect unless one with this key was queued before, delivered or not."""
    known = select(OutboxRow.id).where(OutboxRow.unique_key == unique_key)
    if session.scalar(known) is None:
        add(session, kind, unique_key=unique_key, payload=payload)


def drain(*, most: int = 100) -> int:
    """Deliver what is ready, oldest first; gives the number delivered. Called by the worker."""
    delivered = 0
    for _ in range(most):
        taken = _take_one()
        if taken is None:
            break
        delivered += _deliver(*taken)
    return delivered


def _take_one() -> tuple[uuid.UUID, str, dict[str, str], int] | None:
    moment = clock.now()
    with transaction() as session:
        row = session.scalars(
            select(OutboxRow)
            .where(
                OutboxRow.done_at.is_(None),
                OutboxRow.dead_at.is_(None),
                OutboxRow.available_at <= moment,
                or_(OutboxRow.leased_until.is_(None), OutboxRow.leased_until <= moment),
            )
            .order_by(OutboxRow.available_at, OutboxRow.created_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).one_or_none()
        if row is None:
            return None
        row.leased_until = moment + LEASE
        row.attempts += 1
        return row.id, row.kind, json.loads(row.payload), row.attempts


def _deliver(row_id: uuid.UUID, kind: str, payload: dict[str, str], attempts: int) -> bool:
    try:
        _handlers[kind](payload)
    except Exception as error:  # noqa: BLE001 - the outbox outlives any handler fault
        # The class name only: an exception's text may hold confidential values.
        log.warning("outbox row %s of kind %s failed: %s", row_id, kind, type(error).__name__)
        _put_back(row_id, attempts)
        return False
    with transaction() as session:
        session.execute(
            update(OutboxRow)
            .where(OutboxRow.id == row_id)
            .values(done_at=clock.now(), leased_until=None)
        )
    return True


def _put_back(row_id: uuid.UUID, attempts: int) -> None:
    moment = clock.now()
    values: dict[str, datetime | None] = {"leased_until": None}
    if attempts >= MOST_ATTEMPTS:
        values["dead_at"] = moment
    else:
        values["available_at"] = moment + BACK_OFF * 2 ** (attempts - 1)
    with transaction() as session:
        session.execute(update(OutboxRow).where(OutboxRow.id == row_id).values(**values))
