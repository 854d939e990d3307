"""What an administrator reads about sign-in pages and who is linked there; never a secret."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.access import Actor, Permission, load_managed
from app.access.administration import providers
from app.domain.paging import Paging, page_of
from app.infra import letters
from app.infra.db import reading
from app.models import IdentityProvider, LinkedIdentity, Organisation, Person

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class ProviderRow:
    """One line of the list."""

    provider_id: uuid.UUID
    name: str
    organisation: str
    domains: str
    is_complete: bool
    has_ended: bool


@dataclass(frozen=True, slots=True)
class ProviderList:
    """One page of the list."""

    rows: tuple[ProviderRow, ...]
    paging: Paging


@dataclass(frozen=True, slots=True)
class LinkRow:
    """Somebody who signs in there."""

    link_id: uuid.UUID
    person_id: uuid.UUID
    name: str
    linked_at: datetime
    last_used_at: datetime | None
    has_ended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderPage:
    """One sign-in page as its form and its facts show it."""

    provider_id: uuid.UUID
    name: str
    organisation: str
    issuer: str
    client_id: str
    has_secret: bool
    domains: str
    second_factors: str
    asks_acr: str
    redirect_uri: str
    logout_uri: str
    has_ended: bool
    version: int
    links: tuple[LinkRow, ...]
    paging: Paging


def list_providers(asked: str | None) -> ProviderList:
    """All sign-in pages, those in use first."""
    with reading() as session:
        found = session.scalar(select(func.count(IdentityProvider.id))) or 0
        paging = page_of(found, asked, size=PER_PAGE)
        rows = session.execute(
            select(IdentityProvider, Organisation.name)
            .join(Organisation, Organisation.id == IdentityProvider.organisation_id)
            .order_by(
                IdentityProvider.ended_at.is_not(None), Organisation.name, IdentityProvider.id
            )
            .limit(paging.size)
            .offset(paging.offset)
        ).all()
        return ProviderList(tuple(_row(one, name) for one, name in rows), paging)


def _row(one: IdentityProvider, organisation: str) -> ProviderRow:
    return ProviderRow(
        one.id,
        one.name,
        organisation,
        one.domains,
        bool(one.client_id),
        one.ended_at is not None,
    )


def organisation_choices() -> list[tuple[str, str]]:
    """All organisations in use by name, for a select field."""
    in_use = select(Organisation.id, Organisation.name, Organisation.code).where(
        Organisation.ended_at.is_(None)
    )
    with reading() as session:
        rows = session.execute(in_use.order_by(Organisation.name)).all()
    return [(str(row.id), f"{row.name} ({row.code})") for row in rows]


def provider_page(actor: Actor, provider_id: uuid.UUID, asked: str | None) -> ProviderPage:
    """One sign-in page with who is linked there. NotVisible."""
    with reading() as session:
        found: IdentityProvider = load_managed(
            session, actor, IdentityProvider, provider_id, Permission.PROVIDER_MANAGE
        )
        organisation = session.get_one(Organisation, found.organisation_id)
        of_it = LinkedIdentity.provider_id == provider_id
        number = session.scalar(select(func.count(LinkedIdentity.id)).where(of_it)) or 0
        paging = page_of(number, asked, size=PER_PAGE)
        links = session.execute(
            select(LinkedIdentity, Person.name)
            .join(Person, Person.id == LinkedIdentity.person_id)
            .where(of_it)
            .order_by(LinkedIdentity.ended_at.is_not(None), Person.name, LinkedIdentity.id)
            .limit(paging.size)
            .offset(paging.offset)
        ).all()
        known = providers.known(found)
        return ProviderPage(
            provider_id=found.id,
            name=found.name,
            organisation=organisation.name,
            issuer=found.issuer,
            client_id=found.client_id,
            has_secret=found.client_secret_ct is not None,
            domains=found.domains,
            second_factors=found.second_factors,
            asks_acr=found.asks_acr,
            redirect_uri=known.redirect_uri,
            logout_uri=letters.address_of(f"/sign-in/provider/{found.id}/signed-out"),
            has_ended=found.ended_at is not None,
            version=found.version,
            links=tuple(_link(one, name) for one, name in links),
            paging=paging,
        )


def _link(one: LinkedIdentity, name: str) -> LinkRow:
    return LinkRow(
        one.id, one.person_id, name, one.linked_at, one.last_used_at, one.ended_at is not None
    )
