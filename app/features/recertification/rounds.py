"""What the worker does each hour: opens rounds, repeats them, and ends access by silence.

Safe to run twice and side by side: each organisation is held while its round is looked at.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import audit
from app.access.administration import changes, departing, recertifying
from app.domain import recertification
from app.domain.kinds import AnnouncementKind, RecertificationAnswer
from app.infra import clock, outbox
from app.infra.db import reading, transaction
from app.models import Organisation, Person, Recertification, RecertifiedPerson

ASK: Final = "recertification.ask"
LATE: Final = "recertification.late"
# What a mail to the contact says: that it is asked, or asked again.
FIRST, AGAIN = "people_asked", "people_asked_again"


def look() -> None:
    """Do what is due, one organisation after the other, each in a transaction of its own."""
    now = clock.now()
    for organisation_id in _without_round(recertification.began_at(now)):
        with transaction() as session:
            _open(session, organisation_id, now)
    with reading() as session:
        going_on = session.execute(
            select(Recertification.id, Recertification.organisation_id)
            .where(Recertification.closed_at.is_(None))
            .order_by(Recertification.opened_at, Recertification.id)
        ).all()
    for round_id, organisation_id in going_on:
        with transaction() as session:
            _go_on(session, round_id, organisation_id, now)


def _without_round(began_at: datetime) -> list[uuid.UUID]:
    with reading() as session:
        return list(session.scalars(recertifying.to_ask(began_at).order_by(Organisation.id)))


def _hold(session: Session, organisation_id: uuid.UUID) -> None:
    session.get_one(Organisation, organisation_id, with_for_update=True)


def _open(session: Session, organisation_id: uuid.UUID, now: datetime) -> None:
    """Ask one organisation, unless another worker just did; an older round ends as it is."""
    _hold(session, organisation_id)
    known = select(Recertification.id).where(
        Recertification.organisation_id == organisation_id,
        Recertification.opened_at >= recertification.began_at(now),
    )
    if session.scalar(known) is not None:
        return
    for before in session.scalars(recertifying.open_round_of(organisation_id)):
        before.closed_at = now
    asked = Recertification(
        id=uuid.uuid4(),
        organisation_id=organisation_id,
        opened_at=now,
        due_at=now + recertification.ENDED,
    )
    session.add(asked)
    session.flush()
    ids = session.scalars(
        select(Person.id).where(
            Person.organisation_id == organisation_id, recertifying.is_asked_about()
        )
    )
    session.add_all(
        RecertifiedPerson(recertification_id=asked.id, person_id=person_id) for person_id in ids
    )
    contacts = recertifying.contacts_of(session, organisation_id, now=now)
    _queue(session, ASK, asked.id, contacts, FIRST)
    if not contacts:
        _escalate(session, asked, now)


def _go_on(
    session: Session, round_id: uuid.UUID, organisation_id: uuid.UUID, now: datetime
) -> None:
    _hold(session, organisation_id)
    asked = session.get_one(Recertification, round_id)
    if asked.closed_at is not None:
        return
    left = session.scalars(recertifying.unanswered(round_id)).all()
    due = recertification.steps(asked.opened_at, now=now)
    if left and due.remind and asked.reminded_at is None:
        asked.reminded_at = now
        contacts = recertifying.contacts_of(session, organisation_id, now=now)
        _queue(session, ASK, asked.id, contacts, AGAIN)
    if left and due.escalate and asked.escalated_at is None:
        _escalate(session, asked, now)
    if due.end:
        left = [one for one in left if not _end(session, asked, one, now)]
    if not left:
        asked.closed_at = now


def _escalate(session: Session, asked: Recertification, now: datetime) -> None:
    asked.escalated_at = now
    told = recertifying.coordinators_of(session, asked.organisation_id, now=now)
    _queue(session, LATE, asked.id, told, "people_late")


def _queue(
    session: Session, kind: str, round_id: uuid.UUID, people: Iterable[uuid.UUID], event: str
) -> None:
    outbox.add_many(
        session,
        kind,
        {
            f"{kind}:{event}:{round_id}:{person_id}": {
                "round_id": round_id,
                "person_id": person_id,
                "event": event,
            }
            for person_id in people
        },
    )


def _end(session: Session, asked: Recertification, person: Person, now: datetime) -> bool:
    """End the access of somebody of whom nothing was said; not in the middle of a meeting."""
    if session.scalar(select(recertifying.is_in_a_meeting(person.id, now=now))):
        return False
    changes.lapse(session, None, person.id)
    session.refresh(person, with_for_update=True)
    row = recertifying.answered_by(session, asked, person.id)
    if row is None or row.answer is not None:
        return True
    if session.scalar(select(Person.id).where(recertifying.is_last_administrator(person))):
        audit.record(
            session,
            None,
            audit.Entry(
                event=audit.Event.AUTHORISE,
                object_kind="last-administrator",
                object_id=person.id,
                outcome="kept",
            ),
        )
        return True
    recertifying.note_answer(row, RecertificationAnswer.LEAVES, by_id=None, now=now)
    departing.end_person(session, None, person, AnnouncementKind.NOT_CONFIRMED)
    return True
