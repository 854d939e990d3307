"""Acts on keeping and destroying: terms, holds, and the two people a destruction takes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Final

from sqlalchemy.orm import Session

from app.access import Actor, Permission, audit, load_case, load_managed, load_staff_table
from app.access.lifecycle import retention, runs, words
from app.access.lifecycle.runs import SeenRun
from app.domain.errors import NotPermitted, Reason, Refusal
from app.domain.kinds import Ground, RetentionClass, TermSubject
from app.domain.terms import Term, faulty
from app.infra import clock, crypto, outbox
from app.infra.crypto import KeyScope
from app.infra.db import transaction
from app.models import (
    Case,
    CaseTable,
    LegalHold,
    LegalHoldReason,
    RetentionPart,
    RetentionRun,
    TableTerm,
)

RUN: Final = "retention.run"
_WHY: Final = {
    TermSubject.KEEP_DECISIONS: Reason.TERM_ORDER,
    TermSubject.KEEP_IDENTITY: Reason.TERM_IDENTITY,
}


def propose_terms(actor: Actor, table_id: uuid.UUID, wanted: Mapping[TermSubject, Term]) -> int:
    """Propose other terms for a table; they hold once a chair of it agrees. Gives how many."""
    with transaction() as session:
        table = load_managed(session, actor, CaseTable, table_id, Permission.TERM_MANAGE)
        now_held = retention.terms_of(session, [table.id])[table.id]
        if fault := faulty({**now_held, **wanted}):
            raise Refusal(_WHY.get(fault, Reason.TERM_OUT_OF_RANGE), fault.value.replace("-", "_"))
        if retention.proposed(session, [table.id]):
            raise Refusal(Reason.CHANGE_PENDING)
        changed = {what: term for what, term in wanted.items() if now_held[what] != term}
        for what, term in changed.items():
            session.add(
                TableTerm(
                    table_id=table.id, subject=what, amount=term.amount, extra=term.extra,
                    proposed_by_id=actor.person_id, proposed_at=clock.now(),
                )
            )  # fmt: skip
        _record(session, actor, audit.Event.CHANGE, "table-term", table.id, table_id=table.id)
    return len(changed)


def decide_terms(actor: Actor, table_id: uuid.UUID, *, approve: bool) -> None:
    """A chair of the table agrees with the proposed terms, or does not."""
    with transaction() as session:
        table = load_staff_table(session, actor, table_id, Permission.TERM_CONFIRM)
        if table.id not in actor.chair_table_ids:
            raise NotPermitted
        for term in retention.proposed(session, [table.id]):
            if term.proposed_by_id == actor.person_id:
                raise Refusal(Reason.CONFIRM_BY_OTHER)
            term.decided_by_id, term.decided_at = actor.person_id, clock.now()
            term.approved = approve
        _record(
            session, actor, audit.Event.AUTHORISE, "table-term", table.id, table_id=table.id,
            outcome="done" if approve else "refused",
        )  # fmt: skip


def place_hold(actor: Actor, case_id: uuid.UUID, reason: str) -> None:
    """Keep a case whatever its terms say, until somebody lifts it."""
    with transaction() as session:
        case = load_case(session, actor, case_id, Permission.HOLD_MANAGE)
        if retention.live_hold(session, case) is not None:
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        hold_id = uuid.uuid4()
        session.add(
            LegalHold(
                id=hold_id,
                case_id=case.id,
                placed_by_id=actor.person_id,
                placed_at=clock.now(),
            )
        )
        session.flush()
        scope = KeyScope.of_case(case.id, RetentionClass.IDENTITY)
        sealed = crypto.seal(scope, reason, belongs_to=retention.hold_binding(hold_id))
        session.add(LegalHoldReason(hold_id=hold_id, text_ct=sealed))
        _record_hold(session, actor, audit.Event.ADD, case, hold_id)


def lift_hold(actor: Actor, case_id: uuid.UUID) -> None:
    """Let the terms count again."""
    with transaction() as session:
        case = load_case(session, actor, case_id, Permission.HOLD_MANAGE)
        hold = retention.live_hold(session, case)
        if hold is None:
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        hold.lifted_at, hold.lifted_by_id = clock.now(), actor.person_id
        _record_hold(session, actor, audit.Event.CHANGE, case, hold.id)


def prepare(actor: Actor, table_id: uuid.UUID) -> uuid.UUID:
    """Put everything that is past its term into a run that waits for another person."""
    with transaction() as session:
        table = load_staff_table(session, actor, table_id, Permission.RETENTION_PREPARE)
        terms = retention.terms_of(session, [table.id])
        kept = retention.kept_of_tables(session, [table.id], terms, actor=actor)
        due = [one for one in kept if one.is_due(clock.today())]
        written = words.words_of_tables(session, [table.id], terms, actor=actor)
        if not due and not any(one.is_due(clock.today()) for one in written):
            raise Refusal(Reason.NOTHING_DUE)
        seen = runs.runs_of(session, actor, [table.id], written)
        if any(one.run.confirmed_at is None for one in seen):
            raise Refusal(Reason.CHANGE_PENDING)
        run = RetentionRun(
            id=uuid.uuid4(),
            table_id=table.id,
            prepared_by_id=actor.person_id,
            prepared_at=clock.now(),
        )
        session.add(run)
        session.add_all(
            RetentionPart(run_id=run.id, case_id=one.case_id, retention=one.retention)
            for one in due
        )
        _record(session, actor, audit.Event.ADD, "retention-run", run.id, table_id=table.id)
    return run.id


def confirm(actor: Actor, run_id: uuid.UUID) -> None:
    """Another person than who prepared it agrees; the worker carries it out.

    A case that bars this person waits for a run that somebody else confirms.
    """
    with transaction() as session:
        run = _waiting(session, actor, run_id).run
        if run.prepared_by_id == actor.person_id:
            raise Refusal(Reason.CONFIRM_BY_OTHER)
        agreed = {one.case_id for one in runs.parts_seen(session, actor, run.id)}
        for part in runs.parts_of(session, run.id):
            if part.case_id not in agreed:
                session.delete(part)
        run.confirmed_by_id, run.confirmed_at = actor.person_id, clock.now()
        run.confirmed_as = _office(actor, run.table_id)
        outbox.add(
            session, RUN, unique_key=f"{RUN}:{run.id}", payload={"retention_run": run.id}
        )  # fmt: skip
        _record(
            session, actor, audit.Event.AUTHORISE, "retention-run", run.id, table_id=run.table_id
        )


def cancel(actor: Actor, run_id: uuid.UUID) -> None:
    """Nothing of it is destroyed; it can be prepared anew."""
    with transaction() as session:
        run = _waiting(session, actor, run_id).run
        run.cancelled_at = clock.now()
        for part in runs.parts_of(session, run.id):
            session.delete(part)
        _record(session, actor, audit.Event.DELETE, "retention-run", run.id, table_id=run.table_id)


def _waiting(session: Session, actor: Actor, run_id: uuid.UUID) -> SeenRun:
    seen = runs.load_run(session, actor, run_id)
    if seen.run.confirmed_at is not None or actor.is_administrator:
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    return seen


def _office(actor: Actor, table_id: uuid.UUID) -> str:
    """In which office somebody confirms: a statement names offices, not people."""
    if table_id in actor.chair_table_ids:
        return "chair"
    return "coordinator" if table_id in actor.staff_table_ids else "privacy-officer"


def _record_hold(
    session: Session, actor: Actor, event: audit.Event, case: Case, hold_id: uuid.UUID
) -> None:
    entry = audit.Entry(
        event=event, object_kind="legal-hold", object_id=hold_id, case_id=case.id,
        table_id=case.table_id, ground=Ground.STAFF,
    )  # fmt: skip
    audit.record(session, actor, entry)


def _record(
    session: Session,
    actor: Actor,
    event: audit.Event,
    kind: str,
    object_id: uuid.UUID,
    *,
    table_id: uuid.UUID,
    outcome: str = "done",
) -> None:
    entry = audit.Entry(
        event=event, object_kind=kind, object_id=object_id, table_id=table_id, outcome=outcome
    )
    audit.record(session, actor, entry)
