"""What a contact does: says of a colleague that somebody still works there, or does no more."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from app.access import Actor, audit
from app.access.administration import changes, departing, recertifying
from app.domain.errors import Reason, Refusal
from app.domain.kinds import AnnouncementKind, RecertificationAnswer
from app.infra import clock
from app.infra.db import transaction
from app.models import Person, Recertification


def stays(actor: Actor, person_id: uuid.UUID) -> None:
    """Somebody still works there. Refusal STATE_NOT_ALLOWED where nobody asked; NotVisible."""
    with transaction() as session:
        person = recertifying.load_colleague(session, actor, person_id, now=clock.now())
        if not _answer(session, actor, person, RecertificationAnswer.STAYS):
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        _record(session, actor, person, "confirmed")


def leaves(actor: Actor, person_id: uuid.UUID) -> None:
    """Somebody works there no more: all access ends at once, asked for or not.

    Refusal STATE_NOT_ALLOWED for oneself and for who holds an office of the region: whose access
    ends is for an administrator to say. NotVisible.
    """
    with transaction() as session:
        changes.lapse(session, actor, person_id)
        person = recertifying.load_colleague(session, actor, person_id, now=clock.now())
        session.refresh(person, with_for_update=True)
        if not recertifying.may_end(actor, person):
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        _answer(session, actor, person, RecertificationAnswer.LEAVES)
        departing.end_person(session, actor, person, AnnouncementKind.LEFT)
        _record(session, actor, person, "left")


def _answer(session: Session, actor: Actor, person: Person, answer: RecertificationAnswer) -> bool:
    """Write it down in the round that goes on; False where there is none that asks about them."""
    going_on = session.scalars(
        recertifying.open_round_of(actor.organisation_id).order_by(Recertification.opened_at.desc())
    ).first()
    asked = recertifying.answered_by(session, going_on, person.id) if going_on else None
    if asked is None:
        return False
    recertifying.note_answer(asked, answer, by_id=actor.person_id, now=clock.now())
    return True


def _record(session: Session, actor: Actor, person: Person, outcome: str) -> None:
    audit.record(
        session,
        actor,
        audit.Entry(
            event=audit.Event.AUTHORISE,
            object_kind="recertification",
            object_id=person.id,
            outcome=outcome,
        ),
    )
