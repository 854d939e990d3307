"""Whether somebody has a second factor: an app, a passkey, the codes that came with one, or there.

Who has one sets up no other by a password or a mailbox alone. Recovery codes count also when the
last key is gone: a copy ends a key, and whoever made it may know the password.
"""

from __future__ import annotations

import uuid

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from app.models import IdentityProvider, LinkedIdentity, Passkey, Person, RecoveryCode


def has_app(person: Person) -> bool:
    """Whether an app was set up and confirmed by a first code."""
    return person.totp_ct is not None and person.totp_last_step > 0


def kept() -> ColumnElement[bool]:
    """A passkey in use, or recovery codes, of the ``Person`` of the statement."""
    key = exists().where(Passkey.person_id == Person.id, Passkey.revoked_at.is_(None))
    return or_(key, exists().where(RecoveryCode.person_id == Person.id))


def elsewhere() -> ColumnElement[bool]:
    """An identity, of the ``Person`` of the statement, where a second factor counts."""
    return exists().where(
        LinkedIdentity.person_id == Person.id,
        LinkedIdentity.ended_at.is_(None),
        IdentityProvider.id == LinkedIdentity.provider_id,
        IdentityProvider.ended_at.is_(None),
        IdentityProvider.second_factors != "",
    )


def may_choose(session: Session, person_id: uuid.UUID) -> bool:
    """Whether somebody may set up a first way in by the link of a mailbox."""
    free = select(Person.id).where(Person.id == person_id, ~elsewhere())
    return session.scalar(free) is not None and not has_factor(session, person_id)


def knows_a_way(session: Session, person: Person) -> bool:
    """Whether somebody can sign in without a link: by a password, a passkey or an identity."""
    found = exists().where(Passkey.person_id == person.id, Passkey.revoked_at.is_(None))
    linked = exists().where(
        LinkedIdentity.person_id == person.id, LinkedIdentity.ended_at.is_(None)
    )
    return person.password_hash is not None or bool(session.scalar(select(or_(found, linked))))


def has_factor(session: Session, person_id: uuid.UUID) -> bool:
    """Whether any second factor of ours was set up."""
    found = session.execute(select(Person, kept()).where(Person.id == person_id)).one_or_none()
    return found is not None and (has_app(found[0]) or found[1])
