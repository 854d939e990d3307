"""The worker's side of a handover: it never lapses, and once late both sides are told every day.

Whoever came to serve the receiving side meanwhile is asked as well. It carries no text and no
reference, and tells whoever the case bars nothing.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.administration.accounts import staff_of
from app.access.people import may_come_near
from app.access.referrals import handover_scopes
from app.access.referrals.clocks import next_morning
from app.access.referrals.handover_receivers import ask_newcomers
from app.access.referrals.overdue import administrators
from app.infra import clock, outbox
from app.infra.wall import System, opened_for
from app.models import Handover, Person, Task

DUE: Final = "handovers.due"
LATE: Final = "handovers.late"
ANSWERED: Final = "handovers.answered"
ALONE: Final = "handovers.alone"


def watch(session: Session, handover: Handover, at: datetime) -> None:
    """Have the worker look at a handover at that moment."""
    outbox.add_once(
        session,
        DUE,
        unique_key=f"{DUE}:{handover.id}:{at:%Y%m%dT%H%M%S}",
        payload={"handover_id": handover.id},
        available_at=at,
    )


def look_again(session: Session, task: Task) -> None:
    """Somebody who was asked may not any more: perhaps nobody is left."""
    if task.handover_id is not None:
        outbox.add_once(
            session,
            DUE,
            unique_key=f"{DUE}:{task.handover_id}:{task.id}",
            payload={"handover_id": task.handover_id},
        )


def look(session: Session, handover_id: uuid.UUID) -> None:
    """Late: tell whoever proposed it and whoever may accept it, and look again tomorrow.

    Where nobody serves the sending table any more the administrators hear that, and nothing else.
    Whoever came to serve the receiving side is asked first. Before its time only where nobody is
    left who may accept it: that tells the sender alone.
    """
    now = clock.now()
    with opened_for(session, System.ESCALATION):
        handover = session.scalars(
            select(Handover)
            .where(Handover.id == handover_id, handover_scopes.is_unanswered())
            .with_for_update()
        ).one_or_none()
        if handover is None:
            return
    people = ask_newcomers(session, handover)
    if people and handover.due_at > now:
        return
    with opened_for(session, System.ESCALATION):
        handover.told_at = now
    senders = _senders(session, handover, now)
    for person_id in sorted(senders | people):
        _queue(session, LATE, handover, person_id, now)
    if not senders:
        for person_id in sorted(administrators(session)):
            _queue(session, ALONE, handover, person_id, now)
    watch(session, handover, next_morning(now))


def _senders(session: Session, handover: Handover, now: datetime) -> frozenset[uuid.UUID]:
    """Whoever serves the table that has the duty, and is not barred by the case."""
    staff = staff_of(session, frozenset({handover.from_table_id}), now=now)
    may = may_come_near(handover.case_id, now=now)
    return frozenset(session.scalars(select(Person.id).where(Person.id.in_(staff), may)))


def tell_answer(session: Session, handover: Handover) -> None:
    """Have whoever proposed it told that there is an answer."""
    now = clock.now()
    staff = staff_of(session, frozenset({handover.from_table_id}), now=now)
    for person_id in sorted(staff):
        _queue(session, ANSWERED, handover, person_id, now)


def _queue(
    session: Session, kind: str, handover: Handover, person_id: uuid.UUID, now: datetime
) -> None:
    outbox.add_once(
        session,
        kind,
        unique_key=f"{kind}:{handover.id}:{person_id}:{now:%Y%m%d}",
        payload={
            "handover_id": handover.id,
            "case_id": handover.case_id,
            "person_id": person_id,
            "mail_id": uuid.uuid4(),
        },
    )


def still_late(session: Session, actor: Actor, handover_id: uuid.UUID) -> bool:
    """The actor sees this handover wait, as sender or as somebody who may accept it."""
    now = clock.now()
    waits = Handover.id == handover_id, handover_scopes.is_unanswered()
    sent = handover_scopes.sent_handovers(actor, now=now).where(*waits)
    offered = handover_scopes.offered_handovers(actor, now=now).where(*waits)
    return bool(session.execute(sent).first() or session.execute(offered).first())


def still_sent(session: Session, actor: Actor, handover_id: uuid.UUID) -> bool:
    """The actor sees this handover as its sender."""
    sent = handover_scopes.sent_handovers(actor, now=clock.now())
    return session.execute(sent.where(Handover.id == handover_id)).first() is not None


def still_alone(session: Session, actor: Actor, handover_id: uuid.UUID) -> bool:
    """Still nobody sees this handover at the table that sent it; the actor is an administrator."""
    if not actor.is_administrator:
        return False
    with opened_for(session, System.ESCALATION):
        waiting = session.scalars(
            select(Handover).where(Handover.id == handover_id, handover_scopes.is_unanswered())
        ).one_or_none()
    return waiting is not None and not _senders(session, waiting, clock.now())
