"""How each table chases its actions: what was set there, or the usual schedule; it sets nothing."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.chasing import USUAL, Schedule, read_days
from app.models import FollowUp


def schedule_of(row: FollowUp | None) -> Schedule:
    """What a row says; without one the usual schedule."""
    if row is None:
        return USUAL
    return Schedule(
        days_before=read_days(row.days_before),
        on_the_day=row.on_the_day,
        days_after=read_days(row.days_after),
        quiet_from=row.quiet_from,
        quiet_until=row.quiet_until,
        deputy_after=row.deputy_after,
        contact_after=row.contact_after,
        chair_after=row.chair_after,
    )


def of_tables(
    session: Session, table_ids: Collection[uuid.UUID] | None = None
) -> Mapping[uuid.UUID, Schedule]:
    """What was set, per table: of these, else of all. A table that set nothing is absent."""
    statement = select(FollowUp)
    if table_ids is not None:
        statement = statement.where(FollowUp.table_id.in_(table_ids))
    return {row.table_id: schedule_of(row) for row in session.scalars(statement)}


def of_table(session: Session, table_id: uuid.UUID) -> Schedule:
    """How one table chases."""
    return schedule_of(session.get(FollowUp, table_id))
