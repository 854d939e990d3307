"""Reads what waits at the tables served and what other tables offer, in one list by due date.

It opens no text, so nothing here is recorded; SQL does not grow with the number of referrals.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func
from sqlalchemy.orm import Session

from app.access import Actor, case_scopes
from app.access.referrals import completeness, handover_lists, scopes
from app.access.referrals.completeness import Missing
from app.access.referrals.repeats import Earlier, earlier_cases
from app.domain.kinds import WAITING_REFERRALS, Channel, ReferralState, Urgency
from app.domain.time_left import TimeLeft, time_left
from app.infra import clock
from app.infra.db import reading
from app.infra.holidays_nl import is_holiday
from app.models import Case, CaseTable, Referral

PAGE_SIZE = 50
MOST_OFFERED = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxLine:
    """One referral."""

    id: uuid.UUID
    reference: str
    table: str
    organisation: str
    state: ReferralState
    urgency: Urgency
    channel: Channel
    sent_at: datetime | None
    left: TimeLeft | None
    missing: tuple[Missing, ...]
    unmet: int
    repeats: tuple[Earlier, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferLine:
    """A case another table offers: of it nothing but from whom, to which own table, by when."""

    task_id: uuid.UUID
    from_table: str
    to: str
    proposed_at: datetime
    left: TimeLeft


@dataclass(frozen=True, slots=True)
class TableChoice:
    """A table served, with how many referrals wait there."""

    id: uuid.UUID
    name: str
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """One page of the inbox; ``offers`` stand on the first."""

    offers: tuple[OfferLine, ...]
    lines: tuple[InboxLine, ...]
    late: int
    found: int
    number: int
    pages: int
    tables: tuple[TableChoice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is shown: without a state everything that waits."""

    table_id: uuid.UUID | None = None
    state: ReferralState | None = None
    page: int = 1


def inbox(actor: Actor, asked: Asked) -> Inbox:
    """What waits for the actor; acute first, then by when it is due. Seven statements at most."""
    now = clock.now()
    with reading() as session:
        rows = session.execute(
            _narrowed(completeness.referrals_with_facts(actor, now=now), asked)
            .add_columns(func.count().over().label("found"), _late(now).over().label("late"))
            .order_by(*_by_due())
            .limit(PAGE_SIZE)
            .offset((asked.page - 1) * PAGE_SIZE)
        ).all()
        judged = completeness.criteria_of(session, [(row.Referral, row.CaseTable) for row in rows])
        earlier = earlier_cases(session, actor, [row.Case.id for row in rows], now=now)
        tables = _tables(session, actor, now)
        offers = _offers(session, actor, now) if asked.page == 1 and not asked.state else ()
    found = rows[0].found if rows else 0
    return Inbox(
        offers=tuple(one for one in offers if _fits(one, asked, tables)),
        lines=tuple(_line(row, judged[row.Referral.id], earlier, now) for row in rows),
        late=int(rows[0].late or 0) if rows else 0,
        found=found,
        number=asked.page,
        pages=max(1, -(-found // PAGE_SIZE)),
        tables=tables,
    )


def _narrowed(statement: Select[*tuple[Any, ...]], asked: Asked) -> Select[*tuple[Any, ...]]:
    states = (asked.state,) if asked.state else WAITING_REFERRALS
    statement = statement.where(Referral.state.in_(states))
    if asked.table_id:
        statement = statement.where(Case.table_id == asked.table_id)
    return statement


def _late(now: datetime) -> Any:  # noqa: ANN401 - a sum, to count over
    return func.sum(case((Referral.due_at <= now, 1), else_=0))


def _by_due() -> tuple[Any, ...]:
    return (
        case((Referral.urgency == Urgency.ACUTE, 0), else_=1),
        Referral.due_at.is_(None),
        Referral.due_at,
        Referral.sent_at,
        Referral.id,
    )


def _tables(session: Session, actor: Actor, now: datetime) -> tuple[TableChoice, ...]:
    waiting = (
        scopes.staff_referrals(actor, now=now)
        .where(Referral.state.in_(WAITING_REFERRALS))
        .with_only_columns(Case.table_id, func.count().label("waiting"))
        .group_by(Case.table_id)
        .subquery()
    )
    rows = session.execute(
        case_scopes.served_tables(actor)
        .outerjoin(waiting, waiting.c.table_id == CaseTable.id)
        .with_only_columns(CaseTable.id, CaseTable.name, func.coalesce(waiting.c.waiting, 0))
    )
    return tuple(TableChoice(*row) for row in rows)


def _offers(session: Session, actor: Actor, now: datetime) -> tuple[OfferLine, ...]:
    rows = session.execute(handover_lists.offered(actor, now=now).limit(MOST_OFFERED))
    return tuple(
        OfferLine(
            task_id=row.Task.id,
            from_table=row.from_table,
            to=row.to_table or row.to_team,
            proposed_at=row.Handover.proposed_at,
            left=time_left(row.Handover.due_at, now, is_holiday),
        )
        for row in rows
    )


def _fits(offer: OfferLine, asked: Asked, tables: Sequence[TableChoice]) -> bool:
    """Offered to the table that is asked for, or to any."""
    chosen = next((one.name for one in tables if one.id == asked.table_id), None)
    return asked.table_id is None or offer.to == chosen


def _line(
    row: Any,  # noqa: ANN401 - a row of a scope
    judged: Sequence[completeness.Judged],
    earlier: Mapping[uuid.UUID, tuple[Earlier, ...]],
    now: datetime,
) -> InboxLine:
    referral = row.Referral
    due_at = row.next_due_at or referral.due_at
    waits = referral.state in WAITING_REFERRALS
    return InboxLine(
        id=referral.id,
        reference=row.Case.reference,
        table=row.CaseTable.name,
        organisation=row.organisation,
        state=referral.state,
        urgency=referral.urgency,
        channel=referral.channel,
        sent_at=referral.sent_at,
        left=time_left(due_at, now, is_holiday) if waits and due_at else None,
        missing=completeness.missing_of(
            referral,
            judged,
            has_question=row.has_question,
            has_cause=row.has_cause,
            concerned=row.concerned,
        ),
        unmet=len(completeness.unmet(judged)),
        repeats=earlier.get(row.Case.id, ()),
    )
