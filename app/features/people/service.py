"""What an administrator does with people's accounts; no case is read, no password is known here.

Blocking, moving and confirmed changes end every session at once. What would let one person take
over another's place waits for a second person, see ``app.access.changes``.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access import Actor, Permission, audit, load_managed
from app.access.administration import changes, departing, factors
from app.access.administration.accounts import (
    expire_links,
    recheck_calendar,
    revoke_sessions,
)
from app.access.administration.changes import Wanted
from app.access.administration.leaving import (
    end_copies,
    end_identities,
)
from app.domain.errors import Reason, Refusal, StaleEdit
from app.domain.kinds import AccountState, AnnouncementKind, PowerfulChangeKind
from app.infra import outbox
from app.infra.db import transaction
from app.models import Organisation, Person

_OUT = (AccountState.BLOCKED, AccountState.LEFT)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonData:
    """A person as typed."""

    name: str
    function: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """Somebody to invite."""

    data: PersonData
    email: str
    organisation_id: uuid.UUID
    language: str
    is_administrator: bool


def invite_person(actor: Actor, new: NewPerson) -> uuid.UUID:
    """Add an account and mail its one-time link. Refusal EMAIL_TAKEN, VALUE_UNKNOWN."""
    email = new.email.strip().lower()
    with transaction() as session:
        refuse_taken_email(session, email)
        if session.get(Organisation, new.organisation_id) is None:
            raise Refusal(Reason.VALUE_UNKNOWN, "organisation")
        person = Person(
            id=uuid.uuid4(),
            organisation_id=new.organisation_id,
            name=new.data.name,
            function=new.data.function,
            phone=new.data.phone,
            email=email,
            language=new.language,
            state=AccountState.INVITED,
            is_administrator=new.is_administrator,
        )
        session.add(person)
        try:
            session.flush()
        except IntegrityError:
            raise Refusal(Reason.EMAIL_TAKEN, "email") from None
        _queue_link(session, person.id)
        _record(session, actor, audit.Event.ADD, person.id)
        return person.id


def send_new_link(actor: Actor, person_id: uuid.UUID) -> None:
    """Mail a fresh one-time link; the second factor stays. Refusal PERSON_NOT_ACTIVE."""
    with transaction() as session:
        send_link_in(session, actor, person_id, (AccountState.INVITED, AccountState.ACTIVE))


def send_link_in(
    session: Session, actor: Actor, person_id: uuid.UUID, states: tuple[AccountState, ...]
) -> None:
    """The same in a transaction already open. Refusal PERSON_NOT_ACTIVE in any other state."""
    person = _load(session, actor, person_id)
    if person.state not in states:
        raise Refusal(Reason.PERSON_NOT_ACTIVE)
    _queue_link(session, person.id)
    _record(session, actor, audit.Event.CHANGE, person.id, kind="one-time-link")


def change_person(actor: Actor, person_id: uuid.UUID, data: PersonData, *, version: int) -> None:
    """Change name, function and telephone. StaleEdit with what stands now."""
    with transaction() as session:
        person = _load(session, actor, person_id)
        if person.version != version:
            theirs = ", ".join(filter(None, (person.name, person.function, person.phone)))
            raise StaleEdit(theirs, person.version)
        person.name, person.function, person.phone = data.name, data.function, data.phone
        person.version += 1
        _record(session, actor, audit.Event.CHANGE, person.id)


def block_person(actor: Actor, person_id: uuid.UUID) -> None:
    """Block an account from the next request on. Refusal STATE_NOT_ALLOWED for oneself."""
    with transaction() as session:
        block_in(session, actor, person_id)


def block_in(session: Session, actor: Actor, person_id: uuid.UUID) -> None:
    """Block an account in a transaction already open. Refusal STATE_NOT_ALLOWED for oneself."""
    changes.lapse(session, actor, person_id)
    person = _load(session, actor, person_id)
    if person.id == actor.person_id or person.state in _OUT:
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    person.state = AccountState.BLOCKED
    departing.announce_about(session, actor, AnnouncementKind.BLOCKED, person.id)
    changes.tell(session, person.id, "account_blocked", about=str(uuid.uuid4()))
    expire_links(session, person.id)
    revoke_sessions(session, person.id, reason="blocked")
    end_copies(session, person.id)
    recheck_calendar(session, person.id)
    _record(session, actor, audit.Event.AUTHORISE, person.id)


def unblock_person(actor: Actor, person_id: uuid.UUID) -> None:
    """Open a blocked account again; without a way in, or after leaving, it is invited anew."""
    with transaction() as session:
        person = _load(session, actor, person_id)
        organisation = session.get_one(Organisation, person.organisation_id)
        if person.state not in _OUT or organisation.ended_at is not None:
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        if person.state is AccountState.BLOCKED and factors.knows_a_way(session, person):
            person.state = AccountState.ACTIVE
        else:
            person.state = AccountState.INVITED
            _queue_link(session, person.id)
        departing.announce_about(session, actor, AnnouncementKind.UNBLOCKED, person.id)
        recheck_calendar(session, person.id)
        _record(session, actor, audit.Event.AUTHORISE, person.id)


def make_lasting(actor: Actor, person_id: uuid.UUID) -> None:
    """Make the account of a guest an ordinary one, which gives no right. STATE_NOT_ALLOWED."""
    with transaction() as session:
        person = _load(session, actor, person_id)
        if person.ends_at is None:
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        person.ends_at = None
        _record(session, actor, audit.Event.AUTHORISE, person.id, kind="guest-account")


def move_person(actor: Actor, person_id: uuid.UUID, organisation_id: uuid.UUID) -> None:
    """Move to another organisation: sessions and roles end, seats of the old one stop working."""
    with transaction() as session:
        changes.lapse(session, actor, person_id)
        person = _load(session, actor, person_id)
        target = session.get(Organisation, organisation_id)
        if target is None or target.id == person.organisation_id:
            raise Refusal(Reason.VALUE_UNKNOWN, "organisation")
        person.organisation_id = target.id
        person.is_supervisor = False
        person.version += 1
        departing.announce_about(session, actor, AnnouncementKind.MOVED, person.id)
        departing.end_belonging(session, actor, person.id)
        end_identities(session, person.id)
        revoke_sessions(session, person.id, reason="moved")
        recheck_calendar(session, person.id)
        _record(session, actor, audit.Event.TRANSFER, person.id)


def leave_person(actor: Actor, person_id: uuid.UUID) -> None:
    """End everything of somebody who works there no more, every way in included.

    Refusal STATE_NOT_ALLOWED for oneself and for who left before.
    """
    with transaction() as session:
        changes.lapse(session, actor, person_id)
        person = _load(session, actor, person_id)
        if person.id == actor.person_id or person.state is AccountState.LEFT:
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        departing.end_person(session, actor, person, AnnouncementKind.LEFT)


def request_email(actor: Actor, person_id: uuid.UUID, email: str) -> None:
    """Ask for another sign-in address. Refusal EMAIL_TAKEN, CHANGE_PENDING."""
    email = email.strip().lower()
    with transaction() as session:
        person = _load(session, actor, person_id)
        refuse_taken_email(session, email)
        changes.request(
            session,
            actor,
            Wanted(kind=PowerfulChangeKind.CHANGE_EMAIL, subject_id=person.id, new_value=email),
        )


def request_factor_reset(actor: Actor, person_id: uuid.UUID) -> None:
    """Ask that the second factor be set up anew. Refusal CHANGE_PENDING, STATE_NOT_ALLOWED."""
    with transaction() as session:
        person = _load(session, actor, person_id)
        if not factors.has_factor(session, person.id):
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        changes.request(
            session,
            actor,
            Wanted(kind=PowerfulChangeKind.RESET_SECOND_FACTOR, subject_id=person.id),
        )


def refuse_taken_email(session: Session, email: str) -> None:
    """Raise Refusal EMAIL_TAKEN when an account has this address."""
    if session.scalar(select(Person.id).where(Person.email == email)) is not None:
        raise Refusal(Reason.EMAIL_TAKEN, "email")


def _load(session: Session, actor: Actor, person_id: uuid.UUID) -> Person:
    person: Person = load_managed(session, actor, Person, person_id, Permission.PERSON_MANAGE)
    session.refresh(person, with_for_update=True)
    return person


def _queue_link(session: Session, person_id: uuid.UUID) -> None:
    outbox.add(
        session,
        "account.invite",
        unique_key=f"account.invite:{person_id}:{uuid.uuid4().hex}",
        payload={"person_id": person_id},
    )


def _record(
    session: Session,
    actor: Actor | None,
    event: audit.Event,
    person_id: uuid.UUID,
    *,
    kind: str = "person",
) -> None:
    audit.record(session, actor, audit.Entry(event=event, object_kind=kind, object_id=person_id))
