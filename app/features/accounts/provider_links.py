"""Which person an identity at a provider is: known by issuer and subject, linked once by address.

The first sign-in links somebody who was invited or is active, of the provider's own organisation,
by the address the provider confirms; the person is told. Another subject with the same address is
refused: who holds an address may change, who a subject is may not.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access import audit
from app.access.administration import factors
from app.access.administration.accounts import expire_links, has_ended
from app.access.administration.providers import KnownProvider
from app.access.administration.ways_in import tell_of_way
from app.domain.kinds import AccountState
from app.domain.openid import ProviderFault, ProviderRefusal
from app.infra import clock
from app.infra.openid_tokens import Identity
from app.models import LinkedIdentity, Person


@dataclass(frozen=True, slots=True)
class Behind:
    """Who is behind an identity; ``has_factor`` when a second factor of ours was set up."""

    identity_id: uuid.UUID
    person_id: uuid.UUID
    has_factor: bool


def hashed(token: str) -> str:
    """What is stored of a random token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def person_behind(
    session: Session, provider: KnownProvider, identity: Identity, *, address: str
) -> Behind:
    """The person of an identity, linked now if it never was. Raises ProviderRefusal."""
    now = clock.now()
    found = session.execute(
        select(LinkedIdentity, Person, factors.kept().label("has_kept"))
        .join(Person, Person.id == LinkedIdentity.person_id)
        .where(
            LinkedIdentity.provider_id == provider.id, LinkedIdentity.subject == identity.subject
        )
    ).one_or_none()
    if found is None:
        return _link(session, provider, identity, now=now, address=address)
    link, person = found.LinkedIdentity, found.Person
    if link.ended_at is not None:
        raise ProviderRefusal(ProviderFault.ENDED)
    if not _may_come(person, provider) or person.state is not AccountState.ACTIVE:
        raise ProviderRefusal(ProviderFault.NO_ACCOUNT)
    session.execute(
        update(LinkedIdentity)
        .where(LinkedIdentity.id == link.id)
        .values(last_used_at=now)
        .execution_options(synchronize_session=False)
    )
    return Behind(link.id, person.id, _has_factor(person, has_kept=found.has_kept))


def _link(
    session: Session, provider: KnownProvider, identity: Identity, *, now: datetime, address: str
) -> Behind:
    if not (identity.email and identity.email_confirmed):
        raise ProviderRefusal(ProviderFault.UNCONFIRMED)
    found = session.execute(
        select(Person, factors.kept().label("has_kept"))
        .where(Person.email == identity.email)
        .with_for_update(of=Person)
    ).one_or_none()
    if found is None or not _may_come(found.Person, provider):
        raise ProviderRefusal(ProviderFault.NO_ACCOUNT)
    if not provider.speaks_for(identity.email):
        raise ProviderRefusal(ProviderFault.NO_ACCOUNT)
    if _is_linked(session, found.Person.id, provider.id):
        raise ProviderRefusal(ProviderFault.ANOTHER)
    person = found.Person
    link = LinkedIdentity(
        id=uuid.uuid4(),
        provider_id=provider.id,
        subject=identity.subject,
        person_id=person.id,
        linked_at=now,
        last_used_at=now,
    )
    session.add(link)
    if person.state is AccountState.INVITED:
        person.state = AccountState.ACTIVE
        expire_links(session, person.id)
    try:
        session.flush()
    except IntegrityError:  # the same identity was linked at this very moment
        raise ProviderRefusal(ProviderFault.STATE) from None
    tell_of_way(session, person.id, by=person.id)
    audit.record(
        session,
        None,
        audit.Entry(
            event=audit.Event.AUTHORISE,
            object_kind="linked-identity",
            object_id=person.id,
            address=address,
        ),
    )
    return Behind(link.id, person.id, _has_factor(person, has_kept=found.has_kept))


def _may_come(person: Person, provider: KnownProvider) -> bool:
    """Of the provider's own organisation, invited or active, and no guest whose time is over."""
    in_use = person.state in (AccountState.INVITED, AccountState.ACTIVE)
    return in_use and not has_ended(person) and person.organisation_id == provider.organisation_id


def _has_factor(person: Person, *, has_kept: bool) -> bool:
    return has_kept or factors.has_app(person)


def _is_linked(session: Session, person_id: uuid.UUID, provider_id: uuid.UUID) -> bool:
    """Whether the person, whose row is held, is known there under some subject."""
    live = exists().where(
        LinkedIdentity.person_id == person_id,
        LinkedIdentity.provider_id == provider_id,
        LinkedIdentity.ended_at.is_(None),
    )
    return bool(session.scalar(select(live)))
