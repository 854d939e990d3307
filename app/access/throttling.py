"""Counts tries in the database; slows down, and locks nobody out for good.

A try is counted before it is looked at and taken back when it succeeds, so that many tries at the
same moment do not slip through. Keys are keyed hashes: the table names no account and no address.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain import throttle
from app.domain.errors import Reason, Refusal
from app.domain.throttle import ThrottlePolicy
from app.infra import clock, crypto
from app.infra.db import transaction
from app.models import Throttle


@dataclass(frozen=True, slots=True)
class Counted:
    """One thing whose failures are counted, and the policy for it."""

    policy: ThrottlePolicy
    key: str
    forgiven: bool = True  # whether a success wipes it

    @property
    def key_hash(self) -> str:
        """What is stored of the key."""
        return crypto.store().fingerprint(f"throttle:{self.key}").hex()


def count_try(counted: Sequence[Counted]) -> None:
    """Count a try before it is looked at; Refusal TOO_MANY_TRIES (``minutes``) while waiting."""
    now = clock.now()
    with transaction() as session:
        # One order for all, or two tries at once would wait for each other.
        rows = [(one, _row(session, one)) for one in sorted(counted, key=lambda c: c.key_hash)]
        waits = [row.blocked_until for _, row in rows if row.blocked_until]
        until = max((wait for wait in waits if wait > now), default=None)
        if until is not None:
            seconds = (until - now).total_seconds()
            raise Refusal(Reason.TOO_MANY_TRIES, minutes=max(1, math.ceil(seconds / 60)))
        for one, row in rows:
            fresh = not throttle.still_counts(row.updated_at, now)
            row.failures = 1 if fresh else row.failures + 1
            row.updated_at = now
            row.blocked_until = throttle.next_try_at(one.policy, row.failures, now)


def forgive(session: Session, counted: Sequence[Counted]) -> None:
    """Take the counted try back after a success, in the current transaction."""
    wiped = [one.key_hash for one in counted if one.forgiven]
    session.execute(delete(Throttle).where(Throttle.key_hash.in_(wiped)))
    for one in counted:
        if one.forgiven:
            continue
        row = _row(session, one)
        row.failures = max(0, row.failures - 1)
        row.blocked_until = throttle.next_try_at(one.policy, row.failures, row.updated_at)


def _row(session: Session, counted: Counted) -> Throttle:
    """The locked row of a key, made when there is none yet."""
    locked = (
        select(Throttle)
        .where(Throttle.key_hash == counted.key_hash)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    row = session.scalars(locked).one_or_none()
    if row is not None:
        return row
    try:
        with session.begin_nested():
            session.add(Throttle(key_hash=counted.key_hash, failures=0, updated_at=clock.now()))
    except IntegrityError:  # somebody else made it just now
        pass
    return session.scalars(locked).one()
