"""Whether somebody concerned came before, by the keyed marks of name and birth date; staff alone.

Looks among the cases of the tables the actor serves that do not bar the actor, and nowhere else:
of what matches elsewhere there is no trace, neither a count nor another way of answering.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import or_
from sqlalchemy.orm import Session, aliased

from app.access import scopes
from app.access.actor import Actor
from app.domain.kinds import CaseState
from app.models import Case, CaseTable, IdentityMark

# "Repeat within twelve months": an earlier case that ended longer ago is not named.
LOOKS_BACK: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A case in which somebody concerned came before."""

    case_id: uuid.UUID
    reference: str
    table_id: uuid.UUID
    table: str
    state: CaseState
    created_at: datetime
    closed_at: datetime | None


def earlier_cases(
    session: Session, actor: Actor, case_ids: Collection[uuid.UUID], *, now: datetime
) -> dict[uuid.UUID, tuple[Earlier, ...]]:
    """Per loaded case the other ones with a person of the same mark, latest first.

    One statement, however many cases there are and whatever matches.
    """
    this = aliased(IdentityMark)
    rows = session.execute(
        scopes.staff_cases(actor, now=now)
        .join(CaseTable, CaseTable.id == Case.table_id)
        .join(IdentityMark, IdentityMark.case_id == Case.id)
        .join(this, this.mark == IdentityMark.mark)
        .add_columns(CaseTable.name.label("table"), this.case_id.label("about"))
        .where(
            this.case_id.in_(case_ids),
            Case.id != this.case_id,
            Case.state != CaseState.DESTROYED,
            or_(Case.closed_at.is_(None), Case.closed_at > now - LOOKS_BACK),
        )
        .order_by(Case.created_at.desc(), Case.id)
        .distinct()
    )
    found: dict[uuid.UUID, list[Earlier]] = defaultdict(list)
    for row in rows:
        found[row.about].append(_earlier(row.Case, row.table))
    return {about: tuple(ones) for about, ones in found.items()}


def _earlier(case: Case, table: str) -> Earlier:
    return Earlier(
        case.id,
        case.reference,
        case.table_id,
        table,
        case.state,
        case.created_at,
        case.closed_at,
    )
