"""Signing in at one's own organisation: sending there, and what its answer opens.

Each question is answered once, within ten minutes, by the browser that asked. No account appears
by itself: an identity is linked to somebody who was invited (provider_links.py). Raises
ProviderRefusal with what was wrong; nothing is opened then.
"""

from __future__ import annotations

import hmac
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.access import audit, load_actor
from app.access.administration import providers
from app.access.administration.providers import ByProvider, KnownProvider
from app.domain.kinds import CeremonyPurpose
from app.domain.openid import ProviderFault, ProviderRefusal
from app.features.accounts import provider_links
from app.features.accounts.sign_in import normalised_email, start_enrolment
from app.infra import clock, crypto, openid
from app.infra.db import reading, transaction
from app.infra.openid import Asked
from app.infra.openid_tokens import Identity
from app.models import IdentityProvider, Person, SignInCeremony

VALID: Final = timedelta(minutes=10)
# What a provider answers when somebody is signed in there no longer (OpenID Connect Core 3.1.2.6).
GONE: Final = frozenset({
    "access_denied", "account_selection_required", "consent_required", "interaction_required",
    "login_required",
})  # fmt: skip


class OpenBy(Protocol):
    """Makes a session row of one stage for the asking browser; gives the token for its cookie."""

    def __call__(
        self, session: Session, person_id: uuid.UUID, *, stage: str, by: ByProvider
    ) -> str:
        """Add the row to the current transaction."""


@dataclass(frozen=True, slots=True)
class Sent:
    """Where the browser goes to sign in, and whose page that is."""

    address: str
    provider: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Why a provider is asked; ``browser`` is the hash of what the browser holds."""

    purpose: CeremonyPurpose
    browser: str
    onward: str
    person_id: uuid.UUID | None = None
    session_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A question as it was asked, used up by its answer."""

    provider: KnownProvider
    question: Question
    asked: Asked
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The token of the session that was opened, and its stage."""

    token: str
    stage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """How the web floor calls a whole session, one that needs a code, one that must enrol."""

    full: str
    code: str
    enrol: str


def send_for(email: str, question: Question) -> Sent | None:
    """To the provider of the domain of an address, whoever it is of; None where there is none."""
    email = normalised_email(email)
    with reading() as session:
        provider = providers.find_for(session, email)
    return send_to(provider, question, login_hint=email) if provider else None


def send_to(provider: KnownProvider, question: Question, **more: str) -> Sent:
    """To one provider; ``more`` goes along as it is."""
    asked = openid.asked_with(openid.new_state())
    if provider.asks_acr:
        more["acr_values"] = provider.asks_acr
    address = openid.address_to_ask(client_of(provider), asked, **more)
    row = SignInCeremony(
        token_hash=provider_links.hashed(asked.state),
        purpose=question.purpose,
        provider_id=provider.id,
        person_id=question.person_id,
        session_id=question.session_id,
        secret_ct=_bound(asked.state, question.browser),
        onward=question.onward,
        made_at=clock.now(),
        expires_at=clock.now() + VALID,
    )
    with transaction() as session:
        session.add(row)
    return Sent(address, provider.name)


def client_of(provider: KnownProvider, *, secret: str = "") -> openid.Client:
    """The application as this provider knows it; its secret is for the exchange alone."""
    return openid.Client(
        issuer=provider.issuer,
        client_id=provider.client_id,
        client_secret=secret or None,
        redirect_uri=provider.redirect_uri,
    )


def _bound(state: str, browser: str) -> bytes:
    """What shows that an answer comes by the browser that asked."""
    return crypto.store().fingerprint(f"openid:browser:{browser}:{state}")


def take_answer(provider_id: uuid.UUID, state: str, browser: str) -> Answered:
    """The question an answer belongs to, used up by it. ProviderRefusal STATE, BROWSER, EXPIRED."""
    with transaction() as session:
        found = session.execute(
            select(SignInCeremony, IdentityProvider)
            .join(IdentityProvider, IdentityProvider.id == SignInCeremony.provider_id)
            .where(
                SignInCeremony.token_hash == provider_links.hashed(state),
                SignInCeremony.provider_id == provider_id,
                IdentityProvider.ended_at.is_(None),
            )
        ).one_or_none()
        if found is None:
            raise ProviderRefusal(ProviderFault.STATE)
        ceremony, provider = found.SignInCeremony, providers.known(found.IdentityProvider)
        if not hmac.compare_digest(ceremony.secret_ct, _bound(state, browser)):
            raise ProviderRefusal(ProviderFault.BROWSER)
        if ceremony.expires_at <= clock.now():
            raise ProviderRefusal(ProviderFault.EXPIRED)
        used = session.execute(
            update(SignInCeremony)
            .where(
                SignInCeremony.token_hash == ceremony.token_hash, SignInCeremony.used_at.is_(None)
            )
            .values(used_at=clock.now())
            .execution_options(synchronize_session=False)
        )
        if not used.rowcount:  # type: ignore[attr-defined]  # an UPDATE's result has it
            raise ProviderRefusal(ProviderFault.STATE)
        question = Question(
            purpose=ceremony.purpose,
            browser=browser,
            onward=ceremony.onward,
            person_id=ceremony.person_id,
            session_id=ceremony.session_id,
        )
        asked_at = ceremony.made_at
    return Answered(
        provider=provider, question=question, asked=openid.asked_with(state), asked_at=asked_at
    )


def identity_of(answered: Answered, given: Mapping[str, Any], *, anew: bool = False) -> Identity:
    """Who the answer says was there; ``anew`` asks for a proof made since the question."""
    openid.check_answerer(answered.provider.issuer, given.get("iss"))
    error, code = given.get("error"), given.get("code")
    if error in GONE:
        raise ProviderRefusal(ProviderFault.DENIED)
    if error:
        raise ProviderRefusal(ProviderFault.UNREACHABLE)
    if not isinstance(code, str) or not code:
        raise ProviderRefusal(ProviderFault.TOKEN)
    return openid.exchange(
        client_of(answered.provider, secret=crypto.unseal(answered.provider.sealed_secret)),
        answered.asked,
        code,
        proved_after=answered.asked_at if anew else None,
    )


def sign_in(
    answered: Answered, identity: Identity, *, stages: Stages, address: str, open_by: OpenBy
) -> SignedIn:
    """Open a session for the person behind an identity: whole where the second factor counts."""
    now, provider = clock.now(), answered.provider
    with transaction() as session:
        found = provider_links.person_behind(session, provider, identity, address=address)
        by = ByProvider(found.identity_id, identity.session, now)
        if identity.factors & provider.second_factors:
            actor = load_actor(session, found.person_id, now=now, address=address)
            session.execute(
                update(Person).where(Person.id == found.person_id).values(last_sign_in_at=now)
            )
            entry = audit.Entry(
                event=audit.Event.SIGN_IN, object_kind="person", object_id=found.person_id
            )
            audit.record(session, actor, entry)
            return SignedIn(
                open_by(session, found.person_id, stage=stages.full, by=by), stages.full
            )
        if found.has_factor:
            token = open_by(session, found.person_id, stage=stages.code, by=by)
            return SignedIn(token, stages.code)

        def open_enrol(session: Session, person_id: uuid.UUID) -> str:
            return open_by(session, person_id, stage=stages.enrol, by=by)

        return SignedIn(start_enrolment(session, found.person_id, open_enrol), stages.enrol)


def record_failure(provider_id: uuid.UUID | None, fault: ProviderFault, *, address: str) -> None:
    """Note that somebody did not get in by a provider, and why."""
    with transaction() as session:
        audit.record(
            session,
            None,
            audit.Entry(
                event=audit.Event.SIGN_IN_FAILED,
                object_kind="identity-provider",
                object_id=provider_id,
                outcome=fault.value,
                address=address,
            ),
        )
