"""Who may come near a case, and be put on a seat: active, neither excluded nor recused at it.

An administrator and a supervisor (FG) never sit; a guest has the one item it was invited to. A
standing deputy is somebody like any colleague, who is offered first.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import SQLColumnExpression, and_, exists, or_
from sqlalchemy.orm import InstrumentedAttribute

from app.access.conditions import Condition, is_live
from app.domain.kinds import AccountState, TableRoleName
from app.models import Exclusion, Person, Recusal, TableRole


@dataclass(frozen=True, slots=True)
class Occupant:
    """Somebody who may take a seat; standing deputies of the table go first."""

    id: uuid.UUID
    name: str
    function: str
    is_standing_deputy: bool

    @property
    def words(self) -> str:
        """Name and function."""
        return f"{self.name}, {self.function}" if self.function else self.name


CaseId = uuid.UUID | InstrumentedAttribute[uuid.UUID] | InstrumentedAttribute[uuid.UUID | None]


def may_occupy(case_id: CaseId, *, now: datetime) -> Condition:
    """``Person`` may take a seat at an item of this case; an invited account may wait on one."""
    return and_(Person.ends_at.is_(None), may_come_near(case_id, now=now))


def may_come_near(case_id: CaseId, *, now: datetime) -> Condition:
    """``Person`` has an account that goes on, a guest's too, and the case does not bar it."""
    return and_(
        Person.state.in_((AccountState.ACTIVE, AccountState.INVITED)),
        or_(Person.ends_at.is_(None), Person.ends_at > now),
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


def is_standing_deputy(table_id: uuid.UUID, *, now: datetime) -> Condition:
    """``Person`` is named at this table to be asked first; it gives no right to anything."""
    return exists().where(
        TableRole.person_id == Person.id,
        TableRole.table_id == table_id,
        TableRole.role == TableRoleName.DEPUTY,
        is_live(TableRole.from_at, TableRole.until_at, now),
    )


def is_spoken_for(
    organisation_id: SQLColumnExpression[uuid.UUID],
    table_id: SQLColumnExpression[uuid.UUID],
    now: datetime,
) -> Condition:
    """An organisation has a named representative at a table, who can decide for it as a source."""
    return exists().where(
        TableRole.table_id == table_id,
        TableRole.role == TableRoleName.REPRESENTATIVE,
        is_live(TableRole.from_at, TableRole.until_at, now),
        Person.id == TableRole.person_id,
        Person.organisation_id == organisation_id,
        Person.state == AccountState.ACTIVE,
    )
