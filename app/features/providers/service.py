"""Adding, changing and ending sign-in pages of partners, and the links of their people.

Ending one signs out at once whoever came by it. Issuer and organisation stay as they were added:
who an identity is rests on them.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import Exists, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access import Actor, Permission, audit, load_managed
from app.access.administration import providers
from app.access.administration.ways_in import tell_of_way
from app.domain.addresses import known_domains
from app.domain.errors import NotVisible, Reason, Refusal, StaleEdit
from app.infra import clock, crypto
from app.infra.db import transaction
from app.models import IdentityProvider, LinkedIdentity, Organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderData:
    """A sign-in page as typed; an empty secret leaves the stored one."""

    name: str
    client_id: str
    client_secret: str
    domains: str
    second_factors: str
    asks_acr: str


def add_provider(
    actor: Actor, organisation_id: uuid.UUID, issuer: str, data: ProviderData
) -> uuid.UUID:
    """Add a sign-in page. Refusal PROVIDER_TAKEN at ``issuer`` or ``domains``, NotVisible."""
    with transaction() as session:
        load_managed(session, actor, Organisation, organisation_id, Permission.PROVIDER_MANAGE)
        _refuse_taken(session, data.domains, but=None)
        provider = IdentityProvider(
            id=uuid.uuid4(), organisation_id=organisation_id, issuer=issuer, made_at=clock.now()
        )
        _fill(provider, data)
        session.add(provider)
        try:
            session.flush()
        except IntegrityError:
            raise Refusal(Reason.PROVIDER_TAKEN, "issuer") from None
        _record(session, actor, audit.Event.ADD, provider.id)
        return provider.id


def change_provider(
    actor: Actor, provider_id: uuid.UUID, data: ProviderData, *, version: int
) -> None:
    """Change a sign-in page. Refusal PROVIDER_TAKEN, StaleEdit with what stands now."""
    with transaction() as session:
        provider = _load(session, actor, provider_id)
        if provider.version != version:
            raise StaleEdit(f"{provider.name}: {provider.domains}", provider.version)
        _refuse_taken(session, data.domains, but=provider_id)
        _fill(provider, data)
        provider.version += 1
        _record(session, actor, audit.Event.CHANGE, provider_id)


def set_in_use(actor: Actor, provider_id: uuid.UUID, *, in_use: bool) -> None:
    """End a sign-in page, and every session it opened; or take it into use again."""
    with transaction() as session:
        provider = _load(session, actor, provider_id)
        if in_use is (provider.ended_at is None):
            return
        if in_use:
            _refuse_taken(session, provider.domains, but=provider_id)
        else:
            links = select(LinkedIdentity.id).where(LinkedIdentity.provider_id == provider_id)
            providers.end_sessions(session, list(session.scalars(links)))
        provider.ended_at = None if in_use else clock.now()
        provider.version += 1
        _record(session, actor, audit.Event.AUTHORISE, provider_id)


def set_link(actor: Actor, provider_id: uuid.UUID, link_id: uuid.UUID, *, in_use: bool) -> None:
    """End somebody's link, with the sessions it opened, or restore it; the person is told.

    Refusal PROVIDER_TAKEN when the person is linked anew under another subject.
    """
    with transaction() as session:
        _load(session, actor, provider_id)
        link = session.scalars(
            select(LinkedIdentity)
            .where(LinkedIdentity.id == link_id, LinkedIdentity.provider_id == provider_id)
            .with_for_update()
        ).one_or_none()
        if link is None:
            raise NotVisible
        if in_use is (link.ended_at is None):
            return
        if in_use and session.scalar(select(_another(link))):
            raise Refusal(Reason.PROVIDER_TAKEN)
        link.ended_at = None if in_use else clock.now()
        if not in_use:
            providers.end_sessions(session, [link.id])
        tell_of_way(session, link.person_id, by=actor.person_id)
        audit.record(
            session,
            actor,
            audit.Entry(
                event=audit.Event.AUTHORISE,
                object_kind="linked-identity",
                object_id=link.person_id,
                outcome="done" if in_use else "ended",
            ),
        )


def _another(link: LinkedIdentity) -> Exists:
    return exists().where(
        LinkedIdentity.person_id == link.person_id,
        LinkedIdentity.provider_id == link.provider_id,
        LinkedIdentity.id != link.id,
        LinkedIdentity.ended_at.is_(None),
    )


def _load(session: Session, actor: Actor, provider_id: uuid.UUID) -> IdentityProvider:
    provider: IdentityProvider = load_managed(
        session, actor, IdentityProvider, provider_id, Permission.PROVIDER_MANAGE
    )
    session.refresh(provider, with_for_update=True)
    return provider


def _fill(provider: IdentityProvider, data: ProviderData) -> None:
    provider.name = data.name
    provider.client_id = data.client_id
    provider.domains = data.domains
    provider.second_factors = data.second_factors
    provider.asks_acr = data.asks_acr
    if data.client_secret:
        provider.client_secret_ct = crypto.seal(
            crypto.ACCOUNTS, data.client_secret, belongs_to=providers.secret_binding(provider.id)
        )


def _refuse_taken(session: Session, domains: str, *, but: uuid.UUID | None) -> None:
    """Of one address there is one sign-in page."""
    others = select(IdentityProvider.domains).where(
        IdentityProvider.ended_at.is_(None), IdentityProvider.id != but
    )
    taken = {one for held in session.scalars(others) for one in known_domains(held)}
    if taken & set(known_domains(domains)):
        raise Refusal(Reason.PROVIDER_TAKEN, "domains")


def _record(session: Session, actor: Actor, event: audit.Event, provider_id: uuid.UUID) -> None:
    audit.record(
        session,
        actor,
        audit.Entry(event=event, object_kind="identity-provider", object_id=provider_id),
    )
