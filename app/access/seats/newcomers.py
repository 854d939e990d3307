"""People nobody knew yet, placed by staff: an account by one-time link, and till then none at all.

Whoever is invited sees nothing before the own password and second factor stand.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access import audit
from app.access.actor import Actor
from app.access.people import may_come_near
from app.domain.addresses import is_at_home
from app.domain.errors import Reason, Refusal
from app.domain.kinds import AccountState
from app.infra import clock, outbox
from app.models import Organisation, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """Somebody as staff type it; ``is_outside``: the address is of no known domain, knowingly."""

    name: str
    email: str
    is_outside: bool = False


def find_or_invite(
    session: Session,
    actor: Actor,
    new: Newcomer,
    *,
    organisation: Organisation,
    case_id: uuid.UUID,
    ends_at: datetime | None = None,
) -> Person:
    """The person with this address who may see the case, or a new account; till it is used a link.

    With ``ends_at`` a guest is meant, whose account ends then; that of somebody who is a guest
    already lasts as long as the last invitation. Refusal OUTSIDE_ORGANISATION, EMAIL_TAKEN,
    GUEST_ACCOUNT where no guest is meant, VALUE_UNKNOWN for whom the case bars.
    """
    email = new.email.strip().lower()
    if not new.is_outside and not is_at_home(email, organisation.mail_domains):
        raise Refusal(Reason.OUTSIDE_ORGANISATION, "email")
    person = session.scalars(select(Person).where(Person.email == email)).one_or_none()
    if person is None:
        person = _add(session, new.name, email, organisation)
        person.ends_at = ends_at
        added = audit.Entry(event=audit.Event.ADD, object_kind="person", object_id=person.id)
        audit.record(session, actor, added)
    if person.state is AccountState.INVITED:
        send_link(session, person.id)
    if person.organisation_id != organisation.id:
        raise Refusal(Reason.EMAIL_TAKEN, "email")
    if person.ends_at is not None:
        if ends_at is None:
            raise Refusal(Reason.GUEST_ACCOUNT, "email")
        person.ends_at = max(ends_at, person.ends_at)
        session.flush()
    fit = select(Person.id).where(Person.id == person.id, may_come_near(case_id, now=clock.now()))
    if session.scalar(fit) is None:
        raise Refusal(Reason.VALUE_UNKNOWN, "email")
    return person


def _add(session: Session, name: str, email: str, organisation: Organisation) -> Person:
    person = Person(
        id=uuid.uuid4(),
        organisation_id=organisation.id,
        name=name.strip(),
        email=email,
        state=AccountState.INVITED,
    )
    session.add(person)
    try:
        session.flush()
    except IntegrityError:
        raise Refusal(Reason.EMAIL_TAKEN, "email") from None
    return person


def send_link(session: Session, person_id: uuid.UUID) -> None:
    """Have a fresh one-time link mailed."""
    outbox.add(
        session,
        "account.invite",
        unique_key=f"account.invite:{person_id}:{uuid.uuid4().hex}",
        payload={"person_id": person_id},
    )
