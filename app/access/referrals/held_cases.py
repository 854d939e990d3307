"""Holds a case and what waits for an answer about it; it never decides who may.

In this order, always: tasks, handover, case. Of two who end, offer or take over a case at once the
second reads what the first one did, and neither waits for the other.
"""

from __future__ import annotations

import uuid

from sqlalchemy import ScalarSelect, select
from sqlalchemy.orm import Session

from app.access.referrals.handover_scopes import is_unanswered
from app.infra.wall import System, opened_for
from app.models import Case, Handover, Task


def hold_tasks(session: Session, case_id: uuid.UUID | ScalarSelect[uuid.UUID | None]) -> None:
    """Hold the tasks of a case that go on, before anything else of it."""
    session.execute(
        select(Task.id)
        .where(Task.case_id == case_id, Task.ended_at.is_(None))
        .order_by(Task.id)
        .with_for_update()
    )


def hold_case(session: Session, case: Case) -> None:
    """Hold a loaded case with what waits for an answer, and read anew how it stands."""
    hold_tasks(session, case.id)
    with opened_for(session, System.HANDOVER):
        session.execute(
            select(Handover.id)
            .where(Handover.case_id == case.id, is_unanswered())
            .with_for_update()
        )
        session.refresh(case, with_for_update=True)
