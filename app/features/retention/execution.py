"""Carries out a confirmed destruction: rows, then data keys, then what the files still hold.

Safe to run again after any interruption: the run remembers which keys are still to be destroyed.
"""

from __future__ import annotations

import json
import uuid
from collections import Counter
from typing import Any

from sqlalchemy.orm import Session

from app.access import audit
from app.access.lifecycle import destruction, retention
from app.domain.kinds import RetentionClass
from app.infra import clock, crypto, wall
from app.infra.db import db, transaction
from app.infra.scrubbing import scrub
from app.infra.wall import System
from app.models import RetentionPart, RetentionRun


def execute(run_id: uuid.UUID) -> None:
    """Destroy what the run names and is still past its term; nothing when that was done before.

    Raises FileBusyError when a file could not be rewritten yet: run it again.
    """
    with wall.acting_as(System.RETENTION), transaction() as session:
        run = retention.claim_run(session, run_id)
        if run is None:
            return
        if run.removed_at is None:
            _remove(session, run)
        scopes: list[str] = json.loads(run.scopes)
    crypto.store().destroy_all(scopes)
    for engine in (db.engine, crypto.store().engine):
        scrub(engine)
    with transaction() as session:
        run = retention.claim_run(session, run_id)
        if run is not None:
            run.executed_at, run.scopes = clock.now(), "[]"


def _remove(session: Session, run: RetentionRun) -> None:
    parts = retention.parts_of(session, run.id)
    due = _still_due(session, run)
    counts: Counter[str] = Counter()
    scopes: list[str] = []
    gone: set[uuid.UUID] = set()
    for part in parts:
        if (part.case_id, part.retention) not in due:
            counts["left_out"] += 1
            continue
        removed = destruction.remove_class(session, part.case_id, part.retention)
        counts[part.retention.value] += 1
        counts["rows"] += removed.rows
        counts["cases"] += removed.is_last
        scopes += removed.scopes
        gone |= removed.gone
        _record(session, run, part)
    destruction.forget_messages(session, gone)
    for part in retention.parts_of(session, run.id):
        session.delete(part)
    run.removed_at = clock.now()
    run.scopes, run.counts = json.dumps(sorted(set(scopes))), json.dumps(counts)


def _still_due(session: Session, run: RetentionRun) -> set[tuple[uuid.UUID, RetentionClass]]:
    """A hold or a longer term that came since the confirmation counts."""
    terms = retention.terms_of(session, [run.table_id])
    kept = retention.kept_of_tables(session, [run.table_id], terms)
    return {(one.case_id, one.retention) for one in kept if one.is_due(clock.today())}


def _record(session: Session, run: RetentionRun, part: RetentionPart) -> None:
    entry: dict[str, Any] = {
        "object_kind": f"retention-{part.retention.value}",
        "object_id": part.case_id,
        "case_id": part.case_id,
        "table_id": run.table_id,
        "on_behalf_of_id": run.confirmed_by_id,
    }
    audit.record(session, None, audit.Entry(event=audit.Event.DELETE, **entry))
