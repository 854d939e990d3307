"""Reading what an identity provider signed: only asymmetric algorithms, every claim looked at.

Moments are aware UTC, claims seconds since 1970. Raises ProviderRefusal with what was wrong.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from app.domain.openid import ProviderFault, ProviderRefusal
from app.infra import clock

ALGORITHMS: Final = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
)  # fmt: skip
LEEWAY: Final = timedelta(seconds=30)
# A word that somebody left is sent at once; an older one is a replay.
LOGOUT_VALID: Final = timedelta(minutes=5)
LOGOUT_EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
LONGEST_SUBJECT: Final = 255
LONGEST_TOKEN: Final = 64 * 1024

Keys = Callable[[str | None], KeySet]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is by the word of a provider; ``factors`` are the values of acr and amr."""

    subject: str
    session: str
    email: str
    email_confirmed: bool
    factors: frozenset[str]


@dataclass(frozen=True, slots=True)
class LeftWord:
    """A provider's word that somebody signed out or left; of one session, or of all of somebody."""

    token_id: str
    subject: str
    session: str


def read_identity(
    token: str,
    keys: Keys,
    *,
    issuer: str,
    client_id: str,
    nonce: str,
    proved_after: datetime | None,
) -> Identity:
    """The identity of an ID token; ``proved_after`` asks for a proof made since."""
    claims = _signed(token, keys)
    _check_origin(claims, issuer=issuer, client_id=client_id)
    _check_time(claims)
    given = claims.get("nonce")
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):
        raise ProviderRefusal(ProviderFault.NONCE)
    if proved_after is not None:
        proved = _moment(claims, "auth_time", ProviderFault.OLD_PROOF)
        if proved < proved_after - LEEWAY:
            raise ProviderRefusal(ProviderFault.OLD_PROOF)
    return Identity(
        subject=_subject(claims),
        session=_text(claims, "sid"),
        email=_text(claims, "email").strip().lower(),
        email_confirmed=claims.get("email_verified") is True,
        factors=frozenset(_factors(claims)) - {""},
    )


def read_logout(token: str, keys: Keys, *, issuer: str, client_id: str) -> LeftWord:
    """What a logout token says (OpenID Connect Back-Channel Logout 1.0, section 2.6)."""
    claims = _signed(token, keys)
    _check_origin(claims, issuer=issuer, client_id=client_id)
    _check_time(claims)
    if _moment(claims, "iat", ProviderFault.TOKEN) < clock.now() - LOGOUT_VALID - LEEWAY:
        raise ProviderRefusal(ProviderFault.EXPIRED)
    events = claims.get("events")
    token_id, session = _text(claims, "jti"), _text(claims, "sid")
    subject = _subject(claims) if "sub" in claims else ""
    is_logout = isinstance(events, dict) and isinstance(events.get(LOGOUT_EVENT), dict)
    if not is_logout or "nonce" in claims or not token_id or not (subject or session):
        raise ProviderRefusal(ProviderFault.TOKEN)
    return LeftWord(token_id, subject, session)


def _signed(token: str, keys: Keys) -> Mapping[str, Any]:
    """The claims of a token signed by one of the provider's keys."""
    try:
        header = jws.extract_compact(token[:LONGEST_TOKEN].encode()).headers()
    except (JoseError, ValueError):
        raise ProviderRefusal(ProviderFault.TOKEN) from None
    if header.get("alg") not in ALGORITHMS:
        raise ProviderRefusal(ProviderFault.ALGORITHM)
    kid = header.get("kid")
    known = keys(kid if isinstance(kid, str) else None)
    try:
        return jwt.decode(token, known, algorithms=list(ALGORITHMS)).claims
    except (JoseError, ValueError, TypeError):
        raise ProviderRefusal(ProviderFault.SIGNATURE) from None


def _check_origin(claims: Mapping[str, Any], *, issuer: str, client_id: str) -> None:
    if claims.get("iss") != issuer:
        raise ProviderRefusal(ProviderFault.ISSUER)
    audience = claims.get("aud")
    meant = [audience] if isinstance(audience, str) else audience
    if not isinstance(meant, list) or client_id not in meant:
        raise ProviderRefusal(ProviderFault.AUDIENCE)
    for_whom = claims.get("azp")
    if for_whom != client_id and (for_whom is not None or len(meant) > 1):
        raise ProviderRefusal(ProviderFault.AUDIENCE)


def _check_time(claims: Mapping[str, Any]) -> None:
    now = clock.now()
    if _moment(claims, "exp", ProviderFault.EXPIRED) <= now - LEEWAY:
        raise ProviderRefusal(ProviderFault.EXPIRED)
    for name in ("iat", "nbf") if "nbf" in claims else ("iat",):
        if _moment(claims, name, ProviderFault.FUTURE) > now + LEEWAY:
            raise ProviderRefusal(ProviderFault.FUTURE)


def _moment(claims: Mapping[str, Any], name: str, fault: ProviderFault) -> datetime:
    found = claims.get(name)
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise ProviderRefusal(fault)
    try:
        return datetime.fromtimestamp(found, UTC)
    except (OverflowError, OSError, ValueError):
        raise ProviderRefusal(fault) from None


def _subject(claims: Mapping[str, Any]) -> str:
    found = claims.get("sub")
    if not isinstance(found, str) or not 0 < len(found) <= LONGEST_SUBJECT:
        raise ProviderRefusal(ProviderFault.SUBJECT)
    return found


def _text(claims: Mapping[str, Any], name: str) -> str:
    found = claims.get(name)
    return found if isinstance(found, str) and len(found) <= LONGEST_SUBJECT else ""


def _factors(claims: Mapping[str, Any]) -> Iterable[str]:
    yield _text(claims, "acr")
    given = claims.get("amr")
    yield from (one for one in given if isinstance(one, str)) if isinstance(given, list) else ()
