"""Carries out a confirmed destruction: rows, then data keys, then what the files still hold.

Safe to run again after any interruption: the run remembers which keys are still to be destroyed.
"""

from __future__ import annotations

import json
import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.access import audit
from app.access.lifecycle import barred, destruction, retention, runs, words
from app.domain.kinds import RetentionClass
from app.domain.terms import Terms
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
        run = runs.claim_run(session, run_id)
        if run is None:
            return
        if run.removed_at is None:
            _remove(session, run)
        scopes: list[str] = json.loads(run.scopes)
    crypto.store().destroy_all(scopes)
    for engine in (db.engine, crypto.store().engine):
        scrub(engine)
    with transaction() as session:
        run = runs.claim_run(session, run_id)
        if run is not None:
            run.executed_at, run.scopes = clock.now(), "[]"


def _remove(session: Session, run: RetentionRun) -> None:
    parts = runs.parts_of(session, run.id)
    terms = retention.terms_of(session, [run.table_id])
    due = _still_due(session, run, terms)
    tally = _Tally(barred.barred_from_cases(session, {part.case_id for part in parts}))
    scopes = _remove_words(session, run, terms, tally)
    gone: set[uuid.UUID] = set()
    for part in parts:
        if (part.case_id, part.retention) not in due:
            tally.add(part.case_id, {"left_out": 1})
            continue
        removed = destruction.remove_class(session, part.case_id, part.retention)
        took = {part.retention.value: 1, "rows": removed.rows, "cases": int(removed.is_last)}
        tally.add(part.case_id, took)
        scopes += removed.scopes
        gone |= removed.gone
        _record(session, run, part)
    destruction.forget_messages(session, gone)
    destruction.forget_copies(session, gone)
    for part in runs.parts_of(session, run.id):
        session.delete(part)
    run.removed_at = clock.now()
    run.scopes = json.dumps(sorted(set(scopes)))
    run.counts = runs.stored_counts(run, tally.counts, tally.less)


class _Tally:
    """What was taken, and how much less of it each of those sees whom a case or answer bars."""

    def __init__(self, barred: Mapping[uuid.UUID, Collection[uuid.UUID]]) -> None:
        self._barred = barred
        self.counts: Counter[str] = Counter()
        self.less: dict[uuid.UUID, Counter[str]] = defaultdict(Counter)

    def add(
        self, about: uuid.UUID, took: Mapping[str, int], but: Collection[uuid.UUID] = ()
    ) -> None:
        """Count something of a case, or of an answer ``but`` these may not know of."""
        self.counts.update(took)
        for person_id in {*self._barred.get(about, ()), *but}:
            self.less[person_id].update(took)


def _remove_words(
    session: Session, run: RetentionRun, terms: Mapping[uuid.UUID, Terms], tally: _Tally
) -> list[str]:
    """What was written with answers by mail and is past its own term; gives the key scopes."""
    kept = words.words_of_tables(session, [run.table_id], terms)
    due = [one.reply_id for one in runs.words_due(run, kept)]
    barred = runs.barred_from_words(session, due)
    for reply_id in due:
        tally.add(reply_id, {runs.REPLIES: 1}, barred.get(reply_id, ()))
    return list(destruction.forget_words(session, due))


def _still_due(
    session: Session, run: RetentionRun, terms: Mapping[uuid.UUID, Terms]
) -> set[tuple[uuid.UUID, RetentionClass]]:
    """A hold or a longer term that came since the confirmation counts."""
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
