"""The worker's side of a review: on its day the staff of the table is reminded, once.

Whoever the case bars hears nothing; nothing here carries a text or a reference.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.administration.accounts import staff_of
from app.access.case_life.plans import coming_reviews
from app.access.people import may_come_near
from app.domain.local_time import start_of_day
from app.infra import clock, outbox
from app.infra.wall import System, opened_for
from app.models import Case, CaseReview, Person

DUE: Final = "plans.review"
TOLD: Final = "plans.review_due"
MORNING: Final = timedelta(hours=8)


def queue_reminder(session: Session, case_id: uuid.UUID, due_on: date) -> None:
    """Have the staff reminded in the morning of that day; a review that moved is not told."""
    outbox.add_once(
        session,
        DUE,
        unique_key=f"{DUE}:{case_id}:{due_on}",
        payload={"case_id": case_id, "due_on": due_on},
        available_at=start_of_day(due_on) + MORNING,
    )


def find_staff(session: Session, case_id: uuid.UUID, due_on: date) -> None:
    """One mail to everybody who serves the table and may see the case, if it is still due."""
    now = clock.now()
    with opened_for(session, System.ESCALATION):
        table_id = session.scalar(
            select(Case.table_id)
            .join(CaseReview, CaseReview.case_id == Case.id)
            .where(Case.id == case_id, CaseReview.due_on == due_on, Case.closed_at.is_(None))
        )
    if table_id is None:
        return
    staff = staff_of(session, frozenset({table_id}), now=now)
    people = session.scalars(
        select(Person.id).where(Person.id.in_(staff), may_come_near(case_id, now=now))
    )
    for person_id in sorted(people):
        outbox.add_once(
            session,
            TOLD,
            unique_key=f"{TOLD}:{case_id}:{due_on}:{person_id}",
            payload={"case_id": case_id, "person_id": person_id, "mail_id": uuid.uuid4()},
        )


def still_due(session: Session, actor: Actor, case_id: uuid.UUID) -> bool:
    """Whether the review of this case waits for the actor just now."""
    statement = coming_reviews(actor, now=clock.now()).where(
        Case.id == case_id, CaseReview.due_on <= clock.today()
    )
    return session.execute(statement.limit(1)).first() is not None


def number_due(actor: Actor, *, now: datetime) -> ColumnElement[int]:
    """How many cases at tables served are to be reviewed, whatever the statement around it."""
    return (
        coming_reviews(actor, now=now)
        .where(CaseReview.due_on <= clock.today())
        .with_only_columns(func.count(), maintain_column_froms=True)
        .correlate(None)
        .scalar_subquery()
    )
