"""The network half of signing in at an organisation: discovery, keys, sending there, the exchange.

What a provider publishes is kept in the process for a while; its keys are fetched again at an
unknown one, at most once a minute. Raises ProviderRefusal UNREACHABLE or UNUSABLE.
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from app.domain.openid import ProviderFault, ProviderRefusal
from app.infra import clock, crypto, openid_tokens, outward
from app.infra.openid_tokens import Identity, LeftWord
from app.infra.outward import OutwardError

KEPT: Final = timedelta(minutes=30)
KEYS_AT_MOST_EVERY: Final = timedelta(minutes=1)
SCOPE: Final = "openid email"
ENDPOINTS: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")
ASYMMETRIC: Final = ("RSA", "EC")


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """The application as one provider knows it; ``redirect_uri`` is compared to the letter."""

    issuer: str
    client_id: str
    client_secret: str | None
    redirect_uri: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of a provider, and the answer is checked against."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Published:
    """What a provider says of itself, and when it was fetched."""

    facts: Mapping[str, Any]
    fetched_at: datetime

    def address(self, name: str) -> str:
        """One of its endpoints."""
        return str(self.facts[name])

    @property
    def names_itself(self) -> bool:
        """Whether it says in every answer who gives it (RFC 9207)."""
        return self.facts.get("authorization_response_iss_parameter_supported") is True


_published: dict[str, Published] = {}
_keys: dict[str, tuple[KeySet, datetime]] = {}


def new_state() -> str:
    """A fresh name for one question to a provider."""
    return secrets.token_urlsafe(32)


def asked_with(state: str) -> Asked:
    """The secrets of a question, made of its name by the key of the house and stored nowhere."""
    return Asked(state=state, nonce=_made_of(state, "nonce"), verifier=_made_of(state, "verifier"))


def _made_of(state: str, what: str) -> str:
    made = crypto.store().fingerprint(f"openid:{what}:{state}")
    return urlsafe_b64encode(made).decode().rstrip("=")


def forget() -> None:
    """Fetch everything anew at the next question."""
    _published.clear()
    _keys.clear()


def discover(issuer: str) -> Published:
    """What a provider publishes, of this half hour or fetched now."""
    known = _published.get(issuer)
    if known is None or not known.fetched_at <= clock.now() < known.fetched_at + KEPT:
        known = _published[issuer] = examine(issuer)
    return known


def examine(issuer: str) -> Published:
    """What a provider publishes at this moment; OutwardError tells as its cause what is wrong."""
    try:
        facts = outward.fetch_json(issuer.rstrip("/") + "/.well-known/openid-configuration")
    except OutwardError as error:
        raise ProviderRefusal(ProviderFault.UNREACHABLE) from error
    if facts.get("issuer") != issuer:
        raise ProviderRefusal(ProviderFault.ISSUER)
    own = urlsplit(issuer).scheme
    for name in ENDPOINTS:
        found = facts.get(name)
        if not isinstance(found, str) or urlsplit(found).scheme not in ("https", own):
            raise ProviderRefusal(ProviderFault.UNUSABLE)
    return Published(facts, clock.now())


def fetch_keys(issuer: str) -> KeySet:
    """The public keys a provider signs with, fetched now; never one both sides would know."""
    try:
        given = outward.fetch_json(discover(issuer).address("jwks_uri")).get("keys")
    except OutwardError as error:
        raise ProviderRefusal(ProviderFault.UNREACHABLE) from error
    fitting = [
        one
        for one in (given if isinstance(given, list) else [])
        if isinstance(one, dict)
        and one.get("kty") in ASYMMETRIC
        and one.get("use") in (None, "sig")
    ]
    try:
        return KeySet.import_key_set({"keys": fitting})
    except (JoseError, ValueError, TypeError, KeyError):
        raise ProviderRefusal(ProviderFault.UNUSABLE) from None


def _keys_for(issuer: str, kid: str | None) -> KeySet:
    """The keys as kept, or anew at an unknown one: a provider changes its keys now and then."""
    kept, now = _keys.get(issuer), clock.now()
    if kept is not None:
        keys, fetched_at = kept
        knows = kid is None or any(key.kid == kid for key in keys)
        age = now - fetched_at
        if timedelta() <= age < (KEPT if knows else KEYS_AT_MOST_EVERY):
            return keys
    keys = fetch_keys(issuer)
    _keys[issuer] = (keys, now)
    return keys


def address_to_ask(client: Client, asked: Asked, **more: str) -> str:
    """Where the browser goes to sign in there; PKCE with S256."""
    published = discover(client.issuer)
    with _session(client) as session:
        url, _state = session.create_authorization_url(
            published.address("authorization_endpoint"),
            state=asked.state,
            code_verifier=asked.verifier,
            nonce=asked.nonce,
            **more,
        )
    return str(url)


def check_answerer(issuer: str, named: str | None) -> None:
    """Refuse an answer that another provider gave than the one that was asked."""
    if named is None and not discover(issuer).names_itself:
        return
    if named != issuer:
        raise ProviderRefusal(ProviderFault.ISSUER)


def exchange(
    client: Client, asked: Asked, code: str, *, proved_after: datetime | None = None
) -> Identity:
    """The identity behind a code, of a token that passed every check."""
    published = discover(client.issuer)
    methods = published.facts.get("token_endpoint_auth_methods_supported")
    try:
        with _session(client, methods) as session:
            given = session.fetch_token(
                published.address("token_endpoint"),
                grant_type="authorization_code",
                code=code,
                code_verifier=asked.verifier,
            )
    except (OutwardError, requests.HTTPError) as error:
        raise ProviderRefusal(ProviderFault.UNREACHABLE) from error
    except (AuthlibBaseError, requests.RequestException, ValueError, TypeError):
        raise ProviderRefusal(ProviderFault.TOKEN) from None
    token = given.get("id_token")
    if not isinstance(token, str):
        raise ProviderRefusal(ProviderFault.TOKEN)
    return openid_tokens.read_identity(
        token,
        partial(_keys_for, client.issuer),
        issuer=client.issuer,
        client_id=client.client_id,
        nonce=asked.nonce,
        proved_after=proved_after,
    )


def read_logout(issuer: str, client_id: str, token: str) -> LeftWord:
    """Who a provider says is signed out or left."""
    keys = partial(_keys_for, issuer)
    return openid_tokens.read_logout(token, keys, issuer=issuer, client_id=client_id)


def _session(client: Client, methods: object = None) -> OAuth2Session:
    """A session that keeps to the limits of every outward request."""
    listed = methods if isinstance(methods, list) else ["client_secret_basic"]
    basic = "client_secret_basic" in listed or "client_secret_post" not in listed
    secret_by = "client_secret_basic" if basic else "client_secret_post"
    session = OAuth2Session(
        client.client_id,
        client.client_secret,
        token_endpoint_auth_method=secret_by if client.client_secret else "none",
        redirect_uri=client.redirect_uri,
        code_challenge_method="S256",
        scope=SCOPE,
    )
    outward.guard(session)
    return session
