"""The durable outbox: side effects are rows written in the transaction that causes them.

A row holds ids only. A worker takes a lease, runs the handler and marks the row done; one that was
killed loses its lease and the row is tried again, by whichever worker comes first. Handlers
re-check access themselves and must be safe to run twice.
"""

from __future__ import annotations

import json
import logging
import os
import socket
import uuid
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Index, String, Text, Update, insert, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.infra import clock, wall
from app.infra.db import Base, transaction
from app.infra.mail import DeliveryFailed
from app.infra.round_memory import remembering

log = logging.getLogger(__name__)

# Longer than the slowest conversation with a mail server: some nine answers of 30 seconds.
LEASE: Final = timedelta(minutes=10)
# A lease younger than this outlives one more conversation with certainty.
FRESH: Final = timedelta(minutes=4)
# Doubling from half a minute to an hour: somewhat over a day in all.
BACK_OFF: Final = timedelta(seconds=30)
LONGEST_BACK_OFF: Final = timedelta(hours=1)
MOST_ATTEMPTS: Final = 32

# Why a row was given up, besides the codes of mail.DeliveryFailed.
LOST: Final = "lost"
FAULT: Final = "fault"

Handler = Callable[[Mapping[str, str]], None]
_handlers: dict[str, Handler] = {}
_under_way: ContextVar[_Taken | None] = ContextVar("casustafel_row", default=None)


class LeaseLostError(Exception):
    """Another worker took this row over: nothing more of it may be done or written down here."""


class OutboxRow(Base):
    """One side effect to be done once; payload is JSON with ids only, ``reason`` a code.

    ``lease_id`` is the secret of the worker that has it now, ``leased_by`` the last that had it.
    """

    __tablename__ = "outbox"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    kind: Mapped[str] = mapped_column(String(60))
    unique_key: Mapped[str] = mapped_column(String(200), unique=True)
    payload: Mapped[str] = mapped_column(Text())
    person_id: Mapped[uuid.UUID | None]
    meeting_id: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime]
    available_at: Mapped[datetime]
    lease_id: Mapped[uuid.UUID | None]
    leased_until: Mapped[datetime | None]
    leased_by: Mapped[str] = mapped_column(String(120), default="")
    attempts: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(60), default="")
    done_at: Mapped[datetime | None]
    dead_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_outbox_ready", "done_at", "dead_at", "available_at"),
        Index("ix_outbox_meeting", "meeting_id", "person_id"),
    )


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that delivers outbox rows of ``kind``.

    It gets the payload, and as ``row`` the id of the row: the same at every new try.
    """

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
    add_many(session, kind, {unique_key: payload}, available_at=available_at)


def add_many(
    session: Session,
    kind: str,
    payloads: Mapping[str, Mapping[str, object]],
    *,
    available_at: datetime | None = None,
) -> None:
    """Queue many of one kind by their unique keys, in one statement."""
    if not payloads:
        return
    moment = clock.now()
    session.execute(
        insert(OutboxRow),
        [
            {
                "id": uuid.uuid4(),
                "kind": kind,
                "unique_key": unique_key,
                "payload": json.dumps({name: str(value) for name, value in payload.items()}),
                "person_id": _id(payload.get("person_id")),
                "meeting_id": _id(payload.get("meeting_id")),
                "created_at": moment,
                "available_at": available_at or moment,
            }
            for unique_key, payload in payloads.items()
        ],
    )


def _id(value: object) -> uuid.UUID | None:
    return uuid.UUID(str(value)) if value is not None else None


def add_once(
    session: Session,
    kind: str,
    *,
    unique_key: str,
    payload: Mapping[str, object],
    available_at: datetime | None = None,
) -> None:
    """Queue a side effect unless one with this key was queued before, delivered or not."""
    known = select(OutboxRow.id).where(OutboxRow.unique_key == unique_key)
    if session.scalar(known) is None:
        add(session, kind, unique_key=unique_key, payload=payload, available_at=available_at)


def supersede(session: Session, prefix: str) -> None:
    """Drop what was given up under keys that start so: something newer takes its place."""
    session.execute(
        update(OutboxRow)
        .where(
            OutboxRow.unique_key.startswith(prefix, autoescape=True),
            OutboxRow.dead_at.is_not(None),
            OutboxRow.dropped_at.is_(None),
        )
        .values(dropped_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def is_busy_before(session: Session, prefix: str) -> bool:
    """Whether a worker is busy with an older row under a key that starts so."""
    moment, own = clock.now(), under_way()
    mine = select(OutboxRow.created_at).where(OutboxRow.id == own).scalar_subquery()
    older = select(OutboxRow.id).where(
        OutboxRow.unique_key.startswith(prefix, autoescape=True),
        OutboxRow.id != own,
        OutboxRow.leased_until > moment,
        OutboxRow.created_at < mine,
    )
    return own is not None and session.execute(older.limit(1)).first() is not None


def drain(*, most: int = 100) -> int:
    """Deliver what is ready, oldest first; gives the number delivered. Called by the worker."""
    delivered = 0
    with remembering():
        for _ in range(most):
            taken = _take_one()
            if taken is None:
                break
            delivered += _deliver(taken)
    return delivered


def worker_name() -> str:
    """Which process on which machine this is, for who looks into what happened."""
    return f"{socket.gethostname()[:100]}:{os.getpid()}"


def under_way() -> uuid.UUID | None:
    """The id of the row whose handler runs just now."""
    taken = _under_way.get()
    return taken.id if taken else None


def keep_lease() -> None:
    """Make sure the row under way is still ours, for long enough to hand over one mail.

    Asked just before anything leaves. Raises `LeaseLostError` when another worker has the row now.
    """
    taken, moment = _under_way.get(), clock.now()
    if taken is None or taken.leased_at + FRESH > moment:
        return
    with transaction() as session:
        kept = session.execute(_of(taken).values(leased_until=moment + LEASE))
    if not kept.rowcount:  # type: ignore[attr-defined]  # an UPDATE's result has it
        raise LeaseLostError
    taken.leased_at = moment


class _Taken:
    """A row under lease: what to do, and the lease that says whose it is."""

    def __init__(self, row: OutboxRow) -> None:
        self.id = row.id
        self.kind = row.kind
        self.payload: dict[str, str] = {**json.loads(row.payload), "row": str(row.id)}
        self.attempts = row.attempts
        self.lease_id = row.lease_id
        self.leased_at = clock.now()


def _take_one() -> _Taken | None:
    """Lease the oldest row that is ready; one that outlived every attempt is given up."""
    while True:
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
            if row.attempts < MOST_ATTEMPTS:
                row.lease_id = uuid.uuid4()
                row.leased_until = moment + LEASE
                row.leased_by = worker_name()
                row.attempts += 1
                return _Taken(row)
            # Only a worker that was killed at the last attempt leaves such a row.
            row.dead_at, row.reason = moment, row.reason or LOST
            row.lease_id = row.leased_until = None


def _deliver(taken: _Taken) -> bool:
    try:
        _handle(taken)
    except LeaseLostError:
        _note_lost(taken)
        return False
    except DeliveryFailed as failed:
        log.warning("outbox row %s of kind %s: %s", taken.id, taken.kind, failed)
        _put_back(taken, failed.code, again=failed.temporary)
        return False
    except Exception as error:  # noqa: BLE001 - the outbox outlives any handler fault
        # The class name only: an exception's text may hold confidential values.
        log.warning(
            "outbox row %s of kind %s failed: %s", taken.id, taken.kind, type(error).__name__
        )
        _put_back(taken, FAULT, again=True)
        return False
    return _settle(taken, {"done_at": clock.now(), "reason": ""})


def _handle(taken: _Taken) -> None:
    token = _under_way.set(taken)
    try:
        with wall.acting_as(_id(taken.payload.get("person_id"))):
            _handlers[taken.kind](taken.payload)
    finally:
        _under_way.reset(token)


def _put_back(taken: _Taken, reason: str, *, again: bool) -> None:
    moment = clock.now()
    values: dict[str, Any] = {"reason": reason}
    if again and taken.attempts < MOST_ATTEMPTS:
        values["available_at"] = moment + back_off(taken.attempts)
    else:
        values["dead_at"] = moment
    _settle(taken, values)


def back_off(attempts: int) -> timedelta:
    """How long to wait after so many attempts: doubling, up to a cap."""
    return min(BACK_OFF * (1 << min(attempts - 1, 16)), LONGEST_BACK_OFF)


def _settle(taken: _Taken, values: dict[str, Any]) -> bool:
    """Write how it went and let go; False when the lease went to another worker meanwhile."""
    with transaction() as session:
        settled = session.execute(_of(taken).values(lease_id=None, leased_until=None, **values))
    if not settled.rowcount:  # type: ignore[attr-defined]  # an UPDATE's result has it
        _note_lost(taken)
        return False
    return True


def _of(taken: _Taken) -> Update:
    """The row as long as this lease stands."""
    return update(OutboxRow).where(OutboxRow.id == taken.id, OutboxRow.lease_id == taken.lease_id)


def _note_lost(taken: _Taken) -> None:
    log.warning("outbox row %s of kind %s: the lease was lost", taken.id, taken.kind)
