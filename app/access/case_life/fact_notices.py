"""Who is told of a new fact: queued with ids only, and asked again just before a mail leaves."""

from __future__ import annotations

import uuid
from datetime import timedelta

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.case_life import between_meetings
from app.access.case_life.case_staff import serving
from app.infra import clock, outbox
from app.models import NewFact

REPORTED, TELL = "facts.reported", "facts.tell"
ANSWERED, NOTED = "facts.answered", "facts.noted"
TOLD_AGAIN_AFTER = timedelta(minutes=30)


def queue_danger(session: Session, fact: NewFact) -> None:
    """Have staff told at once, and again when nothing was done about it in half an hour."""
    for often, at in enumerate((None, fact.reported_at + TOLD_AGAIN_AFTER)):
        outbox.add(
            session,
            REPORTED,
            unique_key=f"{REPORTED}:{fact.id}:{often}",
            payload={"fact_id": fact.id, "case_id": fact.case_id, "often": str(often)},
            available_at=at,
        )


def queue_each(session: Session, fact_id: uuid.UUID, case_id: uuid.UUID, *, often: str) -> None:
    """One mail to everybody who serves the case just now; each is asked again before it leaves."""
    for person_id in serving(session, case_id):
        outbox.add_once(
            session,
            TELL,
            unique_key=f"{TELL}:{fact_id}:{often}:{person_id}",
            payload={"fact_id": fact_id, "person_id": person_id, "often": often},
        )


def still_waits(session: Session, actor: Actor, fact_id: uuid.UUID) -> uuid.UUID | None:
    """The case of a fact nothing was done about yet, for whoever serves it; None otherwise."""
    row = session.execute(
        between_meetings.staff_facts(actor, now=clock.now()).where(
            NewFact.id == fact_id, NewFact.answered_at.is_(None)
        )
    ).one_or_none()
    return row.Case.id if row else None


def still_own(session: Session, actor: Actor, fact_id: uuid.UUID) -> uuid.UUID | None:
    """The case of an own fact that was answered; None where that is not the actor's to know."""
    fact = session.scalars(
        between_meetings.own_facts(actor, now=clock.now()).where(
            NewFact.id == fact_id, NewFact.answered_at.is_not(None)
        )
    ).one_or_none()
    return fact.case_id if fact else None
