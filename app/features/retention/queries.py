"""Reads what is kept and until when: numbers alone, references for staff, steps for the office."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, Permission, audit, load_case, load_managed
from app.access.lifecycle import retention, runs, words
from app.access.lifecycle.retention import Kept
from app.access.lifecycle.runs import SeenRun
from app.access.lifecycle.words import Words
from app.domain.kinds import RetentionClass, TermSubject
from app.domain.small_counts import coarse, coarse_all
from app.domain.terms import Term, Terms
from app.infra import clock, crypto
from app.infra.db import reading, transaction
from app.models import CaseTable, TableTerm


@dataclass(frozen=True, slots=True, kw_only=True)
class DueLine:
    """One case with the classes of it that are past their term."""

    case_id: uuid.UUID
    reference: str
    classes: tuple[RetentionClass, ...]
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """One run: where it stands."""

    id: uuid.UUID
    prepared_by: str
    prepared_at: datetime
    confirmed_at: datetime | None
    executed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableKeeping:
    """One table: its terms, what is past them, and the runs."""

    table_id: uuid.UUID
    name: str
    is_served: bool
    may_decide: bool
    terms: Terms
    proposed: tuple[tuple[TermSubject, Term], ...]
    counts: Mapping[str, int]
    due: tuple[DueLine, ...]
    is_due: bool
    held: int
    next_on: date | None
    waiting: tuple[RunLine, ...]
    done: tuple[RunLine, ...]


def overview(actor: Actor) -> tuple[TableKeeping, ...]:
    """The tables the actor oversees; references only of those the actor serves."""
    with reading() as session:
        tables = retention.overseen_tables(session, actor)
        return _keeping(session, actor, tables)


def office(actor: Actor) -> tuple[TableKeeping, ...]:
    """All tables for the administrator: terms and numbers."""
    with reading() as session:
        tables = session.scalars(select(CaseTable).order_by(CaseTable.name)).all()
        return _keeping(session, actor, tables)


def _keeping(
    session: Session, actor: Actor, tables: Sequence[CaseTable]
) -> tuple[TableKeeping, ...]:
    ids = [table.id for table in tables]
    terms, proposals = retention.terms_and_proposals(session, ids)
    written = words.words_of_tables(session, ids, terms, actor=actor)
    facts = _Facts(
        actor=actor,
        terms=terms,
        proposals=proposals,
        kept=retention.kept_of_tables(session, ids, terms, actor=actor),
        written=written,
        runs=[
            (one.run.table_id, _run_line(one)) for one in runs.runs_of(session, actor, ids, written)
        ],
    )
    return tuple(facts.of(table) for table in tables)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """Everything about all tables of a page, read once."""

    actor: Actor
    terms: Mapping[uuid.UUID, Terms]
    proposals: Sequence[TableTerm]
    kept: Sequence[Kept]
    written: Sequence[Words]
    runs: Sequence[tuple[uuid.UUID, RunLine]]

    def of(self, table: CaseTable) -> TableKeeping:
        today, is_served = clock.today(), table.id in self.actor.staff_table_ids
        kept = [one for one in self.kept if one.table_id == table.id]
        due = [one for one in kept if one.is_due(today)]
        lines = [line for table_id, line in self.runs if table_id == table.id]
        counts = Counter(one.retention.value for one in due)
        counts[runs.REPLIES] = sum(
            one.table_id == table.id and one.is_due(today) for one in self.written
        )
        held = len({one.case_id for one in kept if one.is_held})
        is_coarse = self.actor.is_administrator
        return TableKeeping(
            table_id=table.id,
            name=table.name,
            is_served=is_served,
            may_decide=table.id in self.actor.chair_table_ids,
            terms=self.terms[table.id],
            proposed=tuple(
                (one.subject, Term(one.amount, one.extra))
                for one in self.proposals
                if one.table_id == table.id
            ),
            counts=coarse_all(counts) if is_coarse else +counts,
            due=_lines(due) if is_served else (),
            is_due=any(counts.values()),
            held=coarse(held) if is_coarse else held,
            next_on=self._next(kept, today) if is_served else None,
            waiting=tuple(one for one in lines if one.executed_at is None),
            done=tuple(one for one in lines if one.executed_at is not None),
        )

    @staticmethod
    def _next(kept: Sequence[Kept], today: date) -> date | None:
        """For whoever serves the table: to others one day tells of one case."""
        return min((one.due_on for one in kept if one.due_on > today), default=None)


def _lines(due: Collection[Kept]) -> tuple[DueLine, ...]:
    cases = dict.fromkeys((one.case_id, one.reference) for one in due)
    return tuple(
        DueLine(
            case_id=case_id,
            reference=reference,
            classes=tuple(one.retention for one in due if one.case_id == case_id),
            since=min(one.due_on for one in due if one.case_id == case_id),
        )
        for case_id, reference in cases
    )


def _run_line(seen: SeenRun) -> RunLine:
    run = seen.run
    return RunLine(
        id=run.id,
        prepared_by=seen.prepared_by,
        prepared_at=run.prepared_at,
        confirmed_at=run.confirmed_at,
        executed_at=run.executed_at,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPage:
    """One run before or after it was carried out; ``lines`` are for staff who may see the case."""

    id: uuid.UUID
    table: str
    prepared_by: str
    is_own: bool
    is_coarse: bool
    confirmed_as: str
    prepared_at: datetime
    confirmed_at: datetime | None
    executed_at: datetime | None
    counts: Mapping[str, int]
    lines: tuple[DueLine, ...]


def run_page(actor: Actor, run_id: uuid.UUID) -> RunPage:
    """What a run will destroy, or what it did."""
    with reading() as session:
        seen = runs.load_run(session, actor, run_id)
        run = seen.run
        table = session.get_one(CaseTable, run.table_id)
        lines: tuple[DueLine, ...] = ()
        if run.table_id in actor.staff_table_ids:
            chosen = {
                (one.case_id, one.retention) for one in runs.parts_seen(session, actor, run.id)
            }
            terms = retention.terms_of(session, [table.id])
            kept = retention.kept_of_tables(session, [table.id], terms, actor=actor)
            lines = _lines([one for one in kept if (one.case_id, one.retention) in chosen])
        return RunPage(
            id=run.id,
            table=table.name,
            prepared_by=seen.prepared_by,
            is_own=run.prepared_by_id == actor.person_id,
            is_coarse=actor.is_administrator,
            confirmed_as=run.confirmed_as,
            prepared_at=run.prepared_at,
            confirmed_at=run.confirmed_at,
            executed_at=run.executed_at,
            counts=seen.counts,
            lines=lines,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseKeeping:
    """Until when each class of one case is kept, and what holds it."""

    case_id: uuid.UUID
    reference: str
    is_ended: bool
    kept: tuple[tuple[RetentionClass, date], ...]
    terms: Terms
    held_since: datetime | None
    reason: str


def case_page(actor: Actor, case_id: uuid.UUID) -> CaseKeeping:
    """How long a case of a table served is kept; reading why it is held is recorded."""
    with transaction() as session:
        case = load_case(session, actor, case_id, Permission.HOLD_MANAGE)
        terms = retention.terms_of(session, [case.table_id])[case.table_id]
        kept = retention.kept_of_case(session, case, terms)
        hold = retention.live_hold(session, case)
        if hold is not None:
            audit.record(session, actor, retention.reading_of_hold(case, hold))
        sealed = retention.sealed_reason(session, hold)
    reason = crypto.unseal(sealed)
    return CaseKeeping(
        case_id=case.id,
        reference=case.reference,
        is_ended=case.state in retention.ENDED,
        kept=tuple((one.retention, one.due_on) for one in kept),
        terms=terms,
        held_since=hold.placed_at if hold else None,
        reason=reason,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsPage:
    """The terms of one table, as they hold and as proposed."""

    table_id: uuid.UUID
    table: str
    terms: Terms
    proposed: tuple[tuple[TermSubject, Term], ...]


def terms_page(actor: Actor, table_id: uuid.UUID) -> TermsPage:
    """What the administrator may propose to change."""
    with reading() as session:
        table = load_managed(session, actor, CaseTable, table_id, Permission.TERM_MANAGE)
        waiting = retention.proposed(session, [table.id])
        return TermsPage(
            table_id=table.id,
            table=table.name,
            terms=retention.terms_of(session, [table.id])[table.id],
            proposed=tuple((one.subject, Term(one.amount, one.extra)) for one in waiting),
        )


def confirmed() -> Sequence[uuid.UUID]:
    """Runs that were confirmed and not carried out to the end."""
    with reading() as session:
        return runs.confirmed_runs(session, now=clock.now())
