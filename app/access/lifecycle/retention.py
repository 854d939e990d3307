"""What of which case is past its term, what keeps it in spite of that, and what destroys it.

Staff see references of their own tables; the administrator and the privacy officer numbers alone.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session

from app.access import audit, checks
from app.access import conditions as c
from app.access.actor import Actor
from app.domain.kinds import CaseState, Ground, RetentionClass, TermSubject
from app.domain.local_time import local_date
from app.domain.terms import DEFAULTS, KEEPING, Term, Terms, ends_on
from app.infra import clock, wall
from app.infra.crypto import Sealed
from app.infra.wall import System
from app.models import (
    AccessRequest,
    Case,
    CaseTable,
    DestroyedClass,
    LegalHold,
    LegalHoldReason,
    TableTerm,
)

ENDED = (CaseState.CLOSED, CaseState.REFUSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One retention class of one closed case: until when it is kept, and whether it is held."""

    case_id: uuid.UUID
    table_id: uuid.UUID
    reference: str
    retention: RetentionClass
    due_on: date
    is_held: bool

    def is_due(self, today: date) -> bool:
        """Past its term, and nothing holds it."""
        return self.due_on <= today and not self.is_held


def terms_of(
    session: Session, table_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, dict[TermSubject, Term]]:
    """The terms that hold at these tables, in one statement: the last approved, or the default."""
    rows = session.scalars(
        select(TableTerm)
        .where(TableTerm.table_id.in_(table_ids), TableTerm.approved.is_(True))
        .order_by(TableTerm.decided_at, TableTerm.id)
    )
    found = {table_id: dict(DEFAULTS) for table_id in table_ids}
    for row in rows:
        found[row.table_id][row.subject] = Term(row.amount, row.extra)
    return found


def terms_and_proposals(
    session: Session, table_ids: Collection[uuid.UUID]
) -> tuple[dict[uuid.UUID, dict[TermSubject, Term]], list[TableTerm]]:
    """What ``terms_of`` and ``proposed`` tell, in one statement."""
    rows = session.scalars(
        select(TableTerm)
        .where(
            TableTerm.table_id.in_(table_ids),
            or_(TableTerm.approved.is_(True), TableTerm.decided_at.is_(None)),
        )
        .order_by(TableTerm.decided_at, TableTerm.id)
    ).all()
    found = {table_id: dict(DEFAULTS) for table_id in table_ids}
    for row in rows:
        if row.decided_at is not None:
            found[row.table_id][row.subject] = Term(row.amount, row.extra)
    waiting = [one for one in rows if one.decided_at is None]
    return found, sorted(waiting, key=lambda one: (one.proposed_at, one.subject))


def proposed(session: Session, table_ids: Collection[uuid.UUID]) -> Sequence[TableTerm]:
    """Terms of these tables that wait for a chair."""
    return session.scalars(
        select(TableTerm)
        .where(TableTerm.table_id.in_(table_ids), TableTerm.decided_at.is_(None))
        .order_by(TableTerm.proposed_at, TableTerm.subject)
    ).all()


def kept_of_tables(
    session: Session,
    table_ids: Collection[uuid.UUID],
    terms: Mapping[uuid.UUID, Terms],
    *,
    actor: Actor | None = None,
) -> list[Kept]:
    """All that is kept of the ended cases of these tables, in two statements, first due first.

    With ``actor`` minus the cases that bar that person; without, for what the product does itself.
    """
    checks.note()
    statement = _ended().where(Case.table_id.in_(table_ids))
    if actor is not None:
        statement = statement.where(c.is_not_barred(actor, clock.now()))
    with wall.opened_for(session, System.RETENTION):
        return _kept(session, statement, terms)


def kept_of_case(session: Session, case: Case, terms: Terms) -> list[Kept]:
    """All that is kept of one loaded case; nothing as long as it is open."""
    return _kept(session, _ended().where(Case.id == case.id), {case.table_id: terms})


def _ended() -> Select[Case, bool]:
    held = exists().where(LegalHold.case_id == Case.id, LegalHold.lifted_at.is_(None))
    asked = exists().where(AccessRequest.case_id == Case.id, AccessRequest.closed_at.is_(None))
    return select(Case, or_(held, asked).label("is_held")).where(
        Case.state.in_(ENDED), Case.closed_at.is_not(None)
    )


def _kept(
    session: Session, statement: Select[Case, bool], terms: Mapping[uuid.UUID, Terms]
) -> list[Kept]:
    rows = session.execute(statement).all()
    gone: dict[uuid.UUID, set[RetentionClass]] = defaultdict(set)
    for one in session.scalars(
        select(DestroyedClass).where(
            DestroyedClass.case_id.in_(statement.with_only_columns(Case.id))
        )
    ):
        gone[one.case_id].add(one.retention)
    found = [
        Kept(
            case_id=row.Case.id,
            table_id=row.Case.table_id,
            reference=row.Case.reference,
            retention=retention,
            due_on=_due_on(row.Case, retention, terms[row.Case.table_id]),
            is_held=row.is_held,
        )
        for row in rows
        for retention in RetentionClass
        if retention not in gone[row.Case.id]
    ]
    return sorted(found, key=lambda one: (one.due_on, one.reference, one.retention))


def _due_on(case: Case, retention: RetentionClass, terms: Terms) -> date:
    assert case.closed_at is not None  # noqa: S101 - only ended cases are asked for
    subject = KEEPING[retention]
    return ends_on(subject, local_date(case.closed_at), terms[subject].amount)


def live_hold(session: Session, case: Case) -> LegalHold | None:
    """What keeps a loaded case in spite of its terms."""
    return session.scalars(
        select(LegalHold).where(LegalHold.case_id == case.id, LegalHold.lifted_at.is_(None))
    ).one_or_none()


def reading_of_hold(case: Case, hold: LegalHold) -> audit.Entry:
    """The line for having read why a loaded case is held."""
    return audit.Entry(
        event=audit.Event.READ, object_kind="legal-hold", object_id=hold.id, case_id=case.id,
        table_id=case.table_id, ground=Ground.STAFF,
    )  # fmt: skip


def sealed_reason(session: Session, hold: LegalHold | None) -> Sealed:
    """Why a loaded case is held; empty when it is not."""
    if hold is None:
        return Sealed(None, "")
    found = session.get(LegalHoldReason, hold.id)
    return Sealed(found.text_ct if found else None, hold_binding(hold.id))


def hold_binding(hold_id: uuid.UUID) -> str:
    """What the reason of a hold is bound to."""
    return f"legal_hold:{hold_id}:reason"


def overseen_tables(session: Session, actor: Actor) -> Sequence[CaseTable]:
    """The tables whose keeping the actor oversees: those served, for a privacy officer all."""
    checks.note()
    statement = select(CaseTable).order_by(CaseTable.name)
    if not actor.is_privacy_officer:
        statement = statement.where(CaseTable.id.in_(actor.staff_table_ids))
    return session.scalars(statement).all()
