"""Trying a sign-in page without signing in: what it publishes, fetched now, and what is missing."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum

from app.access import Actor, Permission, load_managed
from app.domain.openid import ProviderFault, ProviderRefusal
from app.infra import openid
from app.infra.db import reading
from app.infra.outward import OutwardError, OutwardFault
from app.models import IdentityProvider


class Missing(StrEnum):
    """What a provider does not offer, or nobody filled in yet."""

    CLIENT_ID = "client-id"
    FACTORS = "factors"
    LOGOUT = "logout"
    PKCE = "pkce"


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it: ``fault`` keeps everybody out, ``missing`` is told beside it."""

    fault: ProviderFault | OutwardFault | None
    missing: tuple[Missing, ...]


def try_out(actor: Actor, provider_id: uuid.UUID) -> Trial:
    """Fetch discovery and keys anew. NotVisible."""
    with reading() as session:
        found: IdentityProvider = load_managed(
            session, actor, IdentityProvider, provider_id, Permission.PROVIDER_MANAGE
        )
        issuer, has_client = found.issuer, bool(found.client_id)
        has_factors = bool(found.second_factors)
    openid.forget()
    try:
        facts = openid.discover(issuer).facts
        openid.fetch_keys(issuer)
    except ProviderRefusal as refusal:
        cause = refusal.__cause__
        return Trial(cause.fault if isinstance(cause, OutwardError) else refusal.fault, ())
    offers = {
        Missing.CLIENT_ID: has_client,
        Missing.FACTORS: has_factors,
        Missing.PKCE: _lists(facts.get("code_challenge_methods_supported"), "S256"),
        Missing.LOGOUT: facts.get("backchannel_logout_supported") is True,
    }
    return Trial(None, tuple(one for one, there in offers.items() if not there))


def _lists(given: object, value: str) -> bool:
    return isinstance(given, list) and value in given
