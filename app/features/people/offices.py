"""The two offices of privacy: appointing waits for a second person, ending does not.

Nobody holds both: the privacy officer acts, the supervisor (FG) watches and operates nothing.
"""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, Permission, audit, load_managed
from app.access.administration import changes
from app.access.administration.changes import Wanted
from app.access.conditions import is_live
from app.domain.errors import Reason, Refusal
from app.domain.kinds import PowerfulChangeKind
from app.infra import clock
from app.infra.db import transaction
from app.models import Person, TableRole


def request_privacy_officer(actor: Actor, person_id: uuid.UUID) -> None:
    """Ask to appoint a privacy officer. Refusals of ``refuse_officer``, CHANGE_PENDING."""
    with transaction() as session:
        person = _load(session, actor, person_id)
        refuse_officer(person)
        _request(session, actor, person, PowerfulChangeKind.APPOINT_PRIVACY_OFFICER)


def end_privacy_officer(actor: Actor, person_id: uuid.UUID) -> None:
    """End the appointment as privacy officer; ending a power needs no second person."""
    with transaction() as session:
        person = _load(session, actor, person_id)
        if not person.is_privacy_officer:
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        person.is_privacy_officer = False
        _record(session, actor, person, "privacy-officer")


def request_supervisor(actor: Actor, person_id: uuid.UUID) -> None:
    """Ask to appoint a supervisor (FG). Refusals of ``refuse_supervisor``, CHANGE_PENDING."""
    with transaction() as session:
        person = _load(session, actor, person_id)
        refuse_supervisor(session, person)
        _request(session, actor, person, PowerfulChangeKind.APPOINT_SUPERVISOR)


def end_supervisor(actor: Actor, person_id: uuid.UUID) -> None:
    """End the appointment as supervisor."""
    with transaction() as session:
        person = _load(session, actor, person_id)
        if not person.is_supervisor:
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        person.is_supervisor = False
        _record(session, actor, person, "supervisor")


def refuse_officer(person: Person) -> None:
    """Refuse whoever is a guest, an administrator, a supervisor, or officer already."""
    if person.is_privacy_officer:
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    if person.is_administrator:
        raise Refusal(Reason.NOT_ADMINISTRATOR_AND_STAFF)
    if person.ends_at is not None:
        raise Refusal(Reason.GUEST_ACCOUNT)
    if person.is_supervisor:
        raise Refusal(Reason.NOT_SUPERVISOR_AND_MORE)


def refuse_supervisor(session: Session, person: Person) -> None:
    """The same for a supervisor, who has no role at any table either."""
    if person.is_supervisor:
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    if person.is_administrator or person.is_privacy_officer:
        raise Refusal(Reason.NOT_SUPERVISOR_AND_MORE)
    if person.ends_at is not None:
        raise Refusal(Reason.GUEST_ACCOUNT)
    role = select(TableRole.id).where(
        TableRole.person_id == person.id,
        is_live(TableRole.from_at, TableRole.until_at, clock.now()),
    )
    if session.scalar(role.limit(1)) is not None:
        raise Refusal(Reason.NOT_SUPERVISOR_AND_MORE)


def _load(session: Session, actor: Actor, person_id: uuid.UUID) -> Person:
    person: Person = load_managed(session, actor, Person, person_id, Permission.PERSON_MANAGE)
    session.refresh(person, with_for_update=True)
    return person


def _request(session: Session, actor: Actor, person: Person, kind: PowerfulChangeKind) -> None:
    changes.request(session, actor, Wanted(kind=kind, subject_id=person.id))


def _record(session: Session, actor: Actor, person: Person, kind: str) -> None:
    entry = audit.Entry(event=audit.Event.AUTHORISE, object_kind=kind, object_id=person.id)
    audit.record(session, actor, entry)
