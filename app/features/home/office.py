"""The start page of the functional administrator: numbers of the set-up, never of cases."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from app.access import Actor
from app.access.administration.covenants import Ending, ending_columns
from app.access.administration.recertifying import Unanswered, late_columns
from app.infra import clock
from app.infra.db import reading
from app.models import (
    CaseTable,
    Organisation,
    Person,
    PowerfulChange,
)


@dataclass(frozen=True, slots=True)
class OfficeHome:
    """The start page of the functional administrator: numbers of the set-up, never of cases."""

    organisations: int
    people: int
    tables: int
    changes: int
    covenants: Ending
    unanswered: Unanswered


def office_home(actor: Actor) -> OfficeHome:
    """Four counts in one statement."""
    with reading() as session:
        row = session.execute(
            select(
                select(func.count()).select_from(Organisation).scalar_subquery(),
                select(func.count()).select_from(Person).scalar_subquery(),
                select(func.count()).select_from(CaseTable).scalar_subquery(),
                select(func.count())
                .select_from(PowerfulChange)
                .where(PowerfulChange.decided_at.is_(None))
                .scalar_subquery(),
                *ending_columns(actor, now=clock.now()),
                *late_columns(actor, now=clock.now()),
            )
        ).one()
    return OfficeHome(row[0], row[1], row[2], row[3], Ending(*row[4:10]), Unanswered(*row[10:]))
