"""Destructions as somebody may see them: never a case that bars the reader, not even as a number.

What was destroyed cannot be asked any more, so a run remembers by keyed hash how much less of it
whoever a case barred sees. The administrator sees numbers in steps (app/domain/small_counts.py).
"""

from __future__ import annotations

import json
import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access import checks
from app.access import conditions as c
from app.access.actor import Actor
from app.access.lifecycle import retention
from app.access.lifecycle.barred import bars
from app.access.lifecycle.words import Words, is_about, words_of_tables
from app.domain.errors import NotVisible
from app.domain.local_time import local_date
from app.domain.small_counts import coarse_all
from app.infra import clock, crypto
from app.models import AgendaItem, Person, Reply, RetentionPart, RetentionRun

REPLIES: Final = "replies"
_LESS: Final = "less"


@dataclass(frozen=True, slots=True)
class SeenRun:
    """A run with what one reader sees of it: numbers by retention class, and ``REPLIES``."""

    run: RetentionRun
    prepared_by: str
    counts: Mapping[str, int]


def runs_of(
    session: Session, actor: Actor, table_ids: Collection[uuid.UUID], words: Collection[Words]
) -> list[SeenRun]:
    """Runs at these tables, the last first; without those of which the actor sees nothing.

    ``words``: what is kept there of answers by mail, as the actor may count it.
    """
    checks.note()
    runs = session.execute(
        select(RetentionRun, Person.name)
        .join(Person, Person.id == RetentionRun.prepared_by_id)
        .where(RetentionRun.table_id.in_(table_ids), RetentionRun.cancelled_at.is_(None))
        .order_by(RetentionRun.prepared_at.desc(), RetentionRun.id)
    ).all()
    return _seen(session, actor, [(one.RetentionRun, one.name) for one in runs], words)


def load_run(session: Session, actor: Actor, run_id: uuid.UUID) -> SeenRun:
    """A run the actor oversees (an administrator: once carried out); NotVisible otherwise."""
    checks.note()
    run = session.get(RetentionRun, run_id, with_for_update=True)
    if run is None or run.cancelled_at is not None:
        raise NotVisible
    oversees = run.table_id in actor.staff_table_ids or actor.is_privacy_officer
    if not oversees and not (actor.is_administrator and run.executed_at is not None):
        raise NotVisible
    terms = retention.terms_of(session, [run.table_id])
    words = words_of_tables(session, [run.table_id], terms, actor=actor)
    prepared_by = session.get_one(Person, run.prepared_by_id).name
    seen = _seen(session, actor, [(run, prepared_by)], words)
    if not seen:
        raise NotVisible
    return seen[0]


def _seen(
    session: Session,
    actor: Actor,
    runs: Sequence[tuple[RetentionRun, str]],
    words: Collection[Words],
) -> list[SeenRun]:
    parts = _parts_seen(session, actor, [one.id for one, _ in runs if not one.counts])
    found = []
    for run, prepared_by in runs:
        counts = _stored(run, actor) if run.counts else parts[run.id] + _due(run, words)
        if any(counts.values()):
            told = coarse_all(counts) if actor.is_administrator else counts
            found.append(SeenRun(run, prepared_by, told))
    return found


def _parts_seen(
    session: Session, actor: Actor, run_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, Counter[str]]:
    counted = session.execute(
        select(RetentionPart.run_id, RetentionPart.retention, func.count().label("number"))
        .where(
            RetentionPart.run_id.in_(run_ids),
            c.is_not_barred(actor, clock.now(), case_id=RetentionPart.case_id),
        )
        .group_by(RetentionPart.run_id, RetentionPart.retention)
    )
    found: dict[uuid.UUID, Counter[str]] = defaultdict(Counter)
    for row in counted:
        found[row.run_id][row.retention.value] = row.number
    return found


def _due(run: RetentionRun, words: Collection[Words]) -> Counter[str]:
    return Counter({REPLIES: len(words_due(run, words))})


def words_due(run: RetentionRun, words: Iterable[Words]) -> list[Words]:
    """The words a run takes along: past their own term on the day it was prepared."""
    day = local_date(run.prepared_at)
    return [one for one in words if one.table_id == run.table_id and one.is_due(day)]


def _stored(run: RetentionRun, actor: Actor) -> Counter[str]:
    kept: dict[str, Any] = json.loads(run.counts)
    less = kept.pop(_LESS, {}).get(_mark(run.id, actor.person_id), {})
    return Counter(kept) - Counter(less)


def stored_counts(
    run: RetentionRun, counts: Mapping[str, int], less: Mapping[uuid.UUID, Mapping[str, int]]
) -> str:
    """What ``RetentionRun.counts`` keeps; ``less`` by person, who cannot be read back from it."""
    hidden = {_mark(run.id, person_id): dict(fewer) for person_id, fewer in less.items()}
    return json.dumps({**counts, _LESS: hidden} if hidden else dict(counts))


def _mark(run_id: uuid.UUID, person_id: uuid.UUID) -> str:
    return crypto.store().fingerprint(f"run:{run_id}:{person_id}").hex()


def parts_of(session: Session, run_id: uuid.UUID) -> Sequence[RetentionPart]:
    """What a run will destroy, for carrying it out."""
    return session.scalars(select(RetentionPart).where(RetentionPart.run_id == run_id)).all()


def parts_seen(session: Session, actor: Actor, run_id: uuid.UUID) -> Sequence[RetentionPart]:
    """What the actor may know of what a run will destroy."""
    return session.scalars(
        select(RetentionPart).where(
            RetentionPart.run_id == run_id,
            c.is_not_barred(actor, clock.now(), case_id=RetentionPart.case_id),
        )
    ).all()


def barred_from_words(
    session: Session, reply_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, set[uuid.UUID]]:
    """Per answer whom a case it is about bars just now."""
    found: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for kind, is_barring in bars():
        about = is_about(AgendaItem.case_id == kind.case_id)
        barring = select(Reply.id, kind.person_id).join(kind, about)
        for row in session.execute(barring.where(Reply.id.in_(reply_ids), is_barring)):
            found[row.id].add(row.person_id)
    return found


def tables_waiting(session: Session) -> frozenset[uuid.UUID]:
    """The tables at which a run waits for the second person."""
    return frozenset(
        session.scalars(
            select(RetentionRun.table_id).where(
                RetentionRun.confirmed_at.is_(None), RetentionRun.cancelled_at.is_(None)
            )
        )
    )


def confirmed_runs(session: Session, *, now: datetime) -> Sequence[uuid.UUID]:
    """Runs that two people agreed on and that were not yet carried out to the end."""
    return session.scalars(
        select(RetentionRun.id)
        .where(RetentionRun.confirmed_at <= now, RetentionRun.executed_at.is_(None))
        .order_by(RetentionRun.confirmed_at)
    ).all()


def claim_run(session: Session, run_id: uuid.UUID) -> RetentionRun | None:
    """A confirmed run that is not carried out to the end, held for this unit of work."""
    checks.note()
    run = session.get(RetentionRun, run_id, with_for_update=True)
    if run is None or run.confirmed_at is None or run.executed_at is not None:
        return None
    return run
