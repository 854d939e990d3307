"""Who may be put on a seat: active, and neither excluded from the case nor recused at it.

An administrator and a supervisor (FG) never sit.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import and_, exists
from sqlalchemy.orm import InstrumentedAttribute

from app.access.conditions import Condition, is_live
from app.domain.kinds import AccountState
from app.models import Exclusion, Person, Recusal


def may_occupy(
    case_id: uuid.UUID | InstrumentedAttribute[uuid.UUID | None], *, now: datetime
) -> Condition:
    """``Person`` may take a seat at an item of this case; an invited account may wait on one."""
    return and_(
        Person.state.in_((AccountState.ACTIVE, AccountState.INVITED)),
        Person.is_administrator.is_(False),
        Person.is_supervisor.is_(False),
        ~exists().where(
            Exclusion.person_id == Person.id,
            Exclusion.case_id == case_id,
            is_live(Exclusion.from_at, Exclusion.until_at, now),
        ),
        ~exists().where(
            Recusal.person_id == Person.id,
            Recusal.case_id == case_id,
            Recusal.lifted_at.is_(None),
        ),
    )
