"""The worker's side of a clock: once past, the table's staff is told every working day.

Where nobody of the staff may see the case any more the administrators hear that a table has nobody:
neither which case nor why. Nothing here carries a text or a reference.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.administration.accounts import staff_of
from app.access.people import may_come_near
from app.access.referrals.clocks import next_morning, staff_clocks, watch
from app.access.referrals.handover_scopes import is_unanswered
from app.domain.kinds import AccountState, TableKind
from app.domain.states import SHUT
from app.infra import clock, outbox
from app.infra.wall import System, opened_for
from app.models import Case, CaseClock, CaseTable, Handover, Person

TOLD: Final = "clock.told"
ALONE: Final = "clock.alone"


def look(session: Session, clock_id: uuid.UUID) -> None:
    """Tell that a clock has run out, and look again tomorrow; nothing where it was met or ended.

    One mail is enough: where its handover is late that one tells it.
    """
    now = clock.now()
    running = session.scalars(
        select(CaseClock).where(CaseClock.id == clock_id, _is_running()).with_for_update()
    ).one_or_none()
    if running is None or running.due_at > now:
        return
    if not _goes_on(session, running):
        running.ended_at = now
        return
    running.told_at = now
    watch(session, running, next_morning(now))
    if _tells_handover(session, running, now):
        return
    people = who_sees(session, running, now=now)
    kind, told = (TOLD, people) if people else (ALONE, administrators(session))
    for person_id in sorted(told):
        outbox.add_once(
            session,
            kind,
            unique_key=f"{kind}:{running.id}:{person_id}:{now:%Y%m%d}",
            payload={
                "clock_id": running.id,
                "case_id": running.case_id,
                "person_id": person_id,
                "mail_id": uuid.uuid4(),
            },
        )


def _tells_handover(session: Session, running: CaseClock, now: datetime) -> bool:
    """What was agreed on the spot waits for its receiver: that is told as a late handover."""
    with opened_for(session, System.ESCALATION):
        found = session.scalar(
            select(Handover.id)
            .join(CaseTable, CaseTable.id == Handover.from_table_id)
            .where(
                Handover.case_id == running.case_id,
                Handover.from_table_id == running.table_id,
                CaseTable.kind == TableKind.ON_THE_SPOT,
                is_unanswered(),
                Handover.due_at <= now,
            )
        )
    return found is not None


def _is_running() -> ColumnElement[bool]:
    return and_(CaseClock.met_at.is_(None), CaseClock.ended_at.is_(None))


def _goes_on(session: Session, running: CaseClock) -> bool:
    """The case still stands at the table of the clock, and is not closed."""
    with opened_for(session, System.ESCALATION):
        found = session.scalar(
            select(Case.id).where(
                Case.id == running.case_id,
                Case.table_id == running.table_id,
                Case.state.not_in(SHUT),
            )
        )
    return found is not None


def who_sees(session: Session, running: CaseClock, *, now: datetime) -> frozenset[uuid.UUID]:
    """The staff of the table whom the case does not bar."""
    staff = staff_of(session, frozenset({running.table_id}), now=now)
    return frozenset(
        session.scalars(
            select(Person.id).where(Person.id.in_(staff), may_come_near(running.case_id, now=now))
        )
    )


def administrators(session: Session) -> frozenset[uuid.UUID]:
    """Who can give a table its staff again."""
    return frozenset(
        session.scalars(
            select(Person.id).where(
                Person.is_administrator.is_(True), Person.state == AccountState.ACTIVE
            )
        )
    )


def still_past(session: Session, actor: Actor, clock_id: uuid.UUID) -> bool:
    """The actor sees this clock run past its end, at a table served."""
    found = staff_clocks(actor, now=clock.now()).where(CaseClock.id == clock_id, _is_running())
    return session.execute(found).first() is not None


def still_alone(session: Session, actor: Actor, clock_id: uuid.UUID) -> bool:
    """Still nobody sees this clock, and the actor is an administrator."""
    running = session.scalars(
        select(CaseClock).where(CaseClock.id == clock_id, _is_running())
    ).one_or_none()
    if running is None or not actor.is_administrator:
        return False
    return not who_sees(session, running, now=clock.now())
