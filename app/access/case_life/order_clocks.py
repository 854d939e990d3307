"""The clocks of exclusion orders, and the days of them that everybody at the table may know.

Whoever asks loaded the cases first; a day says nothing of what is written about anybody.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.administration.kinds_in_force import version_of
from app.access.own_content import Day
from app.domain import exclusion_order
from app.domain.exclusion_order import Ends
from app.domain.kind_document import ClockRule
from app.domain.kinds import ClockStart, TableKind
from app.models import CaseClock, CaseTable


@dataclass(frozen=True, slots=True)
class OrderClock:
    """One clock of an order with what its kind says of it."""

    row: CaseClock
    rule: ClockRule


def clocks_of(
    session: Session, table: CaseTable, case_ids: Collection[uuid.UUID]
) -> list[OrderClock]:
    """The clocks from service of loaded cases, the first due first; met and ended ones too.

    One statement, and one per version of the kind they began under.
    """
    rows = session.scalars(
        select(CaseClock)
        .where(CaseClock.case_id.in_(case_ids), CaseClock.table_id == table.id)
        .order_by(CaseClock.due_at, CaseClock.id)
    ).all()
    rules = {
        (number, rule.code): rule
        for number in {row.kind_version for row in rows}
        for rule in version_of(session, table, number).document.clocks
        if rule.start is ClockStart.SERVICE
    }
    keys = ((row, (row.kind_version, row.code)) for row in rows)
    return [OrderClock(row, rules[key]) for row, key in keys if key in rules]


def ends_of(running: Sequence[OrderClock]) -> Ends[OrderClock] | None:
    """With which of its clocks an order ends; None where its kind says of none."""
    return exclusion_order.ends_of(running, lambda one: one.rule)


def days_of(
    session: Session, table: CaseTable, case_ids: Collection[uuid.UUID]
) -> Mapping[uuid.UUID, tuple[Day, ...]]:
    """The days that count of loaded cases; asks nothing at a table of another kind."""
    if table.kind is not TableKind.EXCLUSION_ORDER or not case_ids:
        return {}
    found: dict[uuid.UUID, list[Day]] = defaultdict(list)
    for one in clocks_of(session, table, case_ids):
        is_met = one.row.met_at is not None
        if is_met or one.row.ended_at is None:
            day = Day(one.rule.text.nl, one.rule.text.en, one.row.due_at, is_met)
            found[one.row.case_id].append(day)
    return {case_id: tuple(days) for case_id, days in found.items()}
