"""Who works on a case, as its lead may know: never whom only staff know of, nor whom it bars."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ColumnElement, and_, literal, or_, select, tuple_

from app.access import conditions as c
from app.access.people import may_come_near
from app.access.walks import from_holds
from app.domain.kinds import TaskKind
from app.models import Action, Case, Person, Seat, SeatHold, Task


def works_on(case_id: uuid.UUID, *, now: datetime) -> ColumnElement[bool]:
    """``Person`` sits at a live item, holds an action or a task: one a case lead can reach.

    Nor who reviews an access request, or was offered the case: neither works on it. Whoever went to
    another organisation since works on it no more, unless for that one.
    """
    sits = (
        from_holds(SeatHold.person_id, Seat.organisation_id)
        .where(
            Case.id == case_id,
            c.is_live(SeatHold.from_at, SeatHold.until_at, now),
            c.is_at_live_item(),
            Seat.is_proposed.is_(False),
        )
        .correlate(None)
    )
    acts = select(Action.person_id, Action.organisation_id).where(
        Action.case_id == case_id, Action.person_id.is_not(None)
    )
    has_task = select(Task.person_id, Task.organisation_id).where(
        Task.case_id == case_id,
        Task.kind != TaskKind.ACCESS_REVIEW,
        Task.handover_id.is_(None),
        Task.accepted_at.is_not(None),
        Task.ended_at.is_(None),
        or_(Task.until_at.is_(None), Task.until_at > now),
    )
    who = tuple_(Person.id, Person.organisation_id)
    return and_(
        or_(who.in_(sits), who.in_(acts), who.in_(has_task)),
        may_come_near(case_id, now=now),
        ~c.is_hidden_at(literal(case_id), Person.organisation_id),
    )
