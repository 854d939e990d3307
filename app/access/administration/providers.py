"""Identity providers of partner organisations where several rooms touch them.

The secret shared with a provider is sealed and goes to that provider alone.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.domain.addresses import is_at_home
from app.infra import clock, crypto, letters
from app.models import IdentityProvider, LogoutToken, SignInCeremony, WebSession

# A word that somebody left is refused minutes after it was signed; the rest is margin.
WORDS_KEPT: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ByProvider:
    """What a session keeps of the provider it was started by; moments are aware UTC."""

    identity_id: uuid.UUID
    session: str
    asked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownProvider:
    """A provider as the services need it, read at one moment; the secret still sealed."""

    id: uuid.UUID
    organisation_id: uuid.UUID
    name: str
    issuer: str
    client_id: str
    sealed_secret: crypto.Sealed
    domains: str
    second_factors: frozenset[str]
    asks_acr: str

    @property
    def redirect_uri(self) -> str:
        """Where it sends the browser back to; each provider has its own."""
        return letters.address_of(f"/sign-in/provider/{self.id}/answer")

    def speaks_for(self, email: str) -> bool:
        """Whether an address is of the domains it was set up for."""
        return is_at_home(email, self.domains)


def known(row: IdentityProvider) -> KnownProvider:
    """A stored provider as the services need it."""
    return KnownProvider(
        id=row.id,
        organisation_id=row.organisation_id,
        name=row.name,
        issuer=row.issuer,
        client_id=row.client_id,
        sealed_secret=crypto.Sealed(row.client_secret_ct, secret_binding(row.id)),
        domains=row.domains,
        second_factors=frozenset(row.second_factors.split()),
        asks_acr=row.asks_acr,
    )


def secret_binding(provider_id: uuid.UUID) -> str:
    """The row and column the sealed secret belongs to."""
    return f"identity_provider:{provider_id}:client_secret"


def find_for(session: Session, email: str) -> KnownProvider | None:
    """The provider in use for the domain of an address, the longest domain first; one statement."""
    in_use = select(IdentityProvider).where(
        IdentityProvider.ended_at.is_(None), IdentityProvider.client_id != ""
    )
    fitting = [one for one in session.scalars(in_use) if is_at_home(email, one.domains)]
    return known(max(fitting, key=lambda one: _nearest(email, one))) if fitting else None


def _nearest(email: str, row: IdentityProvider) -> int:
    """How much of the address the best domain of a provider covers."""
    return max(len(one) for one in row.domains.split() if is_at_home(email, one))


def end_sessions(
    session: Session, identity_ids: Sequence[uuid.UUID], *, provider_session: str = ""
) -> Sequence[uuid.UUID]:
    """End what was started by these identities, or one session of the provider; gives whose."""
    ended = update(WebSession).where(
        WebSession.identity_id.in_(identity_ids), WebSession.revoked_at.is_(None)
    )
    if provider_session:
        ended = ended.where(WebSession.provider_session == provider_session)
    return session.scalars(
        ended.values(revoked_at=clock.now(), ended_reason="provider").returning(
            WebSession.person_id
        )
    ).all()


def forget_past(session: Session, *, now: datetime) -> None:
    """Delete questions that can be answered no more, and words too old to be told again."""
    session.execute(delete(SignInCeremony).where(SignInCeremony.expires_at <= now))
    session.execute(delete(LogoutToken).where(LogoutToken.taken_at <= now - WORDS_KEPT))
