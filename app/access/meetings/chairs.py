"""Whether who chairs a case is independent of who brings it in, where the kind of table asks that.

It only says so to the table's staff: nobody is kept from the chair by it.
"""

from __future__ import annotations

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from app.access.administration.kinds_in_force import in_force
from app.access.conditions import is_live
from app.domain.kinds import AccountState, TableRoleName
from app.infra import clock
from app.models import ActingChair, AgendaItem, Case, CaseTable, Meeting, Person, TableRole


def not_independent(session: Session, case: Case) -> tuple[str, ...]:
    """The chairs of the table of a loaded case, acting ones too, whose organisation brings it."""
    now = clock.now()
    table = session.get_one(CaseTable, case.table_id)
    if not in_force(session, table, now).document.has_independent_chair:
        return ()
    is_chair = exists().where(
        TableRole.person_id == Person.id,
        TableRole.table_id == table.id,
        TableRole.role == TableRoleName.CHAIR,
        is_live(TableRole.from_at, TableRole.until_at, now),
    )
    acts = exists().where(
        and_(
            ActingChair.person_id == Person.id,
            ActingChair.ended_at.is_(None),
            ActingChair.until_at > now,
            Meeting.id == ActingChair.meeting_id,
            AgendaItem.meeting_id == Meeting.id,
            AgendaItem.case_id == case.id,
            AgendaItem.removed_at.is_(None),
        )
    )
    names = session.scalars(
        select(Person.name)
        .where(
            or_(is_chair, acts),
            Person.organisation_id == case.bringing_organisation_id,
            Person.state == AccountState.ACTIVE,
        )
        .order_by(Person.name)
    )
    return tuple(names)
