"""The clocks of a case: what its table's kind says runs, from when until when, and who met it.

A clock keeps the version of the kind it began under: a later version never moves one that runs.
Once past it is told to the table's staff every working day until it is met or ends; nothing here
changes the case itself.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.access import checks
from app.access import conditions as c
from app.access.actor import Actor
from app.access.administration.kinds_in_force import in_force, version_of
from app.domain.case_clocks import due
from app.domain.kinds import ClockStart
from app.domain.working_days import midnight_after
from app.infra import clock, outbox
from app.infra.holidays_nl import is_holiday
from app.models import Case, CaseClock, CaseTable

PAST: Final = "clock.past"
# Told again in the morning, not at midnight.
MORNING: Final = timedelta(hours=8)


def start(
    session: Session, case: Case, table: CaseTable, begins: ClockStart, at: datetime
) -> tuple[CaseClock, ...]:
    """Have every clock begin that ``begins`` starts at this table, the first due first.

    One that runs already goes on as it is. Two statements, and one more per clock.
    """
    kind = in_force(session, table, at)
    running = {one.code for one in _running(session, case.id, table.id)}
    made = [
        CaseClock(
            id=uuid.uuid4(),
            case_id=case.id,
            table_id=table.id,
            code=rule.code,
            kind_version=kind.number,
            started_at=at,
            due_at=due(rule, at, is_holiday),
        )
        for rule in kind.document.clocks
        if rule.start is begins and rule.code not in running
    ]
    session.add_all(made)
    session.flush()
    for one in made:
        watch(session, one, one.due_at)
    return tuple(sorted(made, key=lambda one: one.due_at))


def watch(session: Session, running: CaseClock, at: datetime) -> None:
    """Have the worker look at a clock at that moment, and tell its staff if it was not met."""
    outbox.add_once(
        session,
        PAST,
        unique_key=f"{PAST}:{running.id}:{at:%Y%m%dT%H%M%S}",
        payload={"clock_id": running.id},
        available_at=at,
    )


def meet(
    session: Session, case: Case, table: CaseTable, began: ClockStart, by: Actor
) -> tuple[CaseClock, ...]:
    """What ``began`` started at this table is done, by ``by``; gives the clocks it met."""
    found = [
        one
        for one in _running(session, case.id, table.id)
        if _start_of(session, table, one) is began
    ]
    return _meet(found, by)


def meet_discussed(
    session: Session, table_id: uuid.UUID, case_ids: Collection[uuid.UUID], by: Actor
) -> None:
    """What runs since cases were accepted at a table is done: they were discussed there."""
    running = session.scalars(
        select(CaseClock).where(
            CaseClock.case_id.in_(case_ids),
            CaseClock.table_id == table_id,
            CaseClock.met_at.is_(None),
            CaseClock.ended_at.is_(None),
        )
    ).all()
    if running:
        at = session.get_one(CaseTable, table_id)
        _meet([one for one in running if _start_of(session, at, one) is ClockStart.ACCEPTANCE], by)


def meet_code(
    session: Session, case: Case, table: CaseTable, codes: Iterable[str], by: Actor
) -> tuple[CaseClock, ...]:
    """The clocks of these codes are done."""
    wanted = frozenset(codes)
    return _meet([one for one in _running(session, case.id, table.id) if one.code in wanted], by)


def _meet(found: Sequence[CaseClock], by: Actor) -> tuple[CaseClock, ...]:
    for one in found:
        one.met_at, one.met_by_id = clock.now(), by.person_id
    return tuple(found)


def end(session: Session, case: Case, *, table_id: uuid.UUID | None = None) -> None:
    """Nothing runs any more for a case that ended or went on; of one table where that is given."""
    for one in _running(session, case.id, table_id):
        one.ended_at = clock.now()


def _running(session: Session, case_id: uuid.UUID, table_id: uuid.UUID | None) -> list[CaseClock]:
    here = CaseClock.table_id == table_id if table_id else c.always()
    return list(
        session.scalars(
            select(CaseClock)
            .where(
                CaseClock.case_id == case_id,
                CaseClock.met_at.is_(None),
                CaseClock.ended_at.is_(None),
                here,
            )
            .order_by(CaseClock.due_at, CaseClock.id)
        )
    )


def _start_of(session: Session, table: CaseTable, one: CaseClock) -> ClockStart | None:
    rules = version_of(session, table, one.kind_version).document.clocks
    return next((rule.start for rule in rules if rule.code == one.code), None)


def staff_clocks(actor: Actor, *, now: datetime) -> Select[CaseClock, Case]:
    """The clocks of cases on the lists of tables served, met or not."""
    checks.note()
    return (
        select(CaseClock, Case)
        .join(Case, Case.id == CaseClock.case_id)
        .where(
            c.is_staff_table(actor, Case.table_id),
            CaseClock.table_id == Case.table_id,
            c.is_not_barred(actor, now),
        )
    )


def next_morning(now: datetime) -> datetime:
    """When what is past is told again: the morning of the next working day."""
    # The end of the working day before is the midnight that morning follows.
    return midnight_after(now, 1, is_holiday) - timedelta(days=1) + MORNING
