"""Conditions about somebody a row names, such as who made it; of the actor they are elsewhere."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import SQLColumnExpression, and_, exists, or_, select

from app.access.conditions import Condition, is_live
from app.domain.kinds import STAFF_ROLES, AccountState
from app.models import Exclusion, Meeting, Person, Recusal, TableRole


def is_not_barred(
    person_id: SQLColumnExpression[Any], case_id: SQLColumnExpression[Any], now: datetime
) -> Condition:
    """Neither excluded from nor recused at the case; where there is no case, nothing bars."""
    return and_(
        ~exists().where(
            Exclusion.person_id == person_id,
            Exclusion.case_id == case_id,
            is_live(Exclusion.from_at, Exclusion.until_at, now),
        ),
        ~exists().where(
            Recusal.person_id == person_id,
            Recusal.case_id == case_id,
            Recusal.lifted_at.is_(None),
        ),
    )


def serves_meeting(person_id: SQLColumnExpression[Any], now: datetime) -> Condition:
    """Chair or coordinator of the table of ``Meeting`` just now, with an account that goes on."""
    return person_id.in_(
        select(TableRole.person_id)
        .join(Person, Person.id == TableRole.person_id)
        .where(
            TableRole.table_id == Meeting.table_id,
            TableRole.role.in_(STAFF_ROLES),
            is_live(TableRole.from_at, TableRole.until_at, now),
            Person.state == AccountState.ACTIVE,
            Person.is_administrator.is_(False),
            or_(Person.ends_at.is_(None), Person.ends_at > now),
        )
        .correlate(Meeting)
    )
