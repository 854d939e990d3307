"""What a passkey is asked to sign: a challenge for one answer, within five minutes, in one browser.

The name of the site and its address come from the settings: a key signs for this address alone.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

import webauthn
from cbor2 import dumps
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import parse_client_data_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from app.domain.errors import Reason, Refusal
from app.domain.kinds import CeremonyPurpose
from app.infra import clock, crypto
from app.infra.db import transaction
from app.models import Passkey, SignInCeremony

VALID: Final = timedelta(minutes=5)
NAME: Final = "Casustafel"
LONGEST_ANSWER: Final = 20_000
# A well-formed public key (the base point of P-256): an unknown key is checked against it, so that
# it takes as long; what it says is refused whatever comes out.
NOBODYS: Final = dumps(
    {
        1: 2,
        3: -7,
        -1: 1,
        -2: bytes.fromhex("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"),
        -3: bytes.fromhex("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"),
    }
)


@dataclass(frozen=True, slots=True)
class Site:
    """The address people see; a passkey is bound to its host."""

    origin: str

    @property
    def host(self) -> str:
        """The host without its port."""
        return urlsplit(self.origin).hostname or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Why a passkey is asked, of whom if that is known; ``browser`` is what the browser holds."""

    purpose: CeremonyPurpose
    browser: str
    person_id: uuid.UUID | None = None


def ask_to_sign(site: Site, question: Question, keys: list[Passkey], *, verified: bool) -> str:
    """The options for signing, as JSON; ``keys`` that may, any for an empty list.

    ``verified``: the key must also check who touches it, by PIN or finger.
    """
    wanted = UserVerificationRequirement.REQUIRED if verified else _PREFERRED
    options = webauthn.generate_authentication_options(
        rp_id=site.host,
        allow_credentials=[PublicKeyCredentialDescriptor(id=one.credential_id) for one in keys],
        user_verification=wanted,
    )
    _keep(question, options.challenge)
    return webauthn.options_to_json(options)


def ask_to_register(
    site: Site, question: Question, user: str, keys: list[Passkey], *, alone: bool = False
) -> str:
    """The options for a new key of ``user``, as JSON; none of those there are.

    ``alone``: it has to sign in by itself, so it keeps whose it is and checks who touches it.
    """
    assert question.person_id is not None  # noqa: S101 - only somebody known registers
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=NAME,
        user_id=question.person_id.bytes,
        user_name=user,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one.credential_id) for one in keys],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=(
                ResidentKeyRequirement.REQUIRED if alone else ResidentKeyRequirement.PREFERRED
            ),
            user_verification=UserVerificationRequirement.REQUIRED if alone else _PREFERRED,
        ),
    )
    _keep(question, options.challenge)
    return webauthn.options_to_json(options)


_PREFERRED: Final = UserVerificationRequirement.PREFERRED


def _hashed(challenge: bytes) -> str:
    return hashlib.sha256(challenge).hexdigest()


def _binding(challenge: bytes) -> str:
    return f"sign_in_ceremony:{_hashed(challenge)}:secret"


def _keep(question: Question, challenge: bytes) -> None:
    sealed = crypto.seal(crypto.ACCOUNTS, question.browser, belongs_to=_binding(challenge))
    with transaction() as session:
        session.add(
            SignInCeremony(
                token_hash=_hashed(challenge),
                purpose=question.purpose,
                person_id=question.person_id,
                secret_ct=sealed,
                made_at=clock.now(),
                expires_at=clock.now() + VALID,
            )
        )


def challenge_in(client_data: bytes) -> bytes:
    """The challenge an answer is to. Refusal PASSKEY_REFUSED."""
    try:
        return parse_client_data_json(client_data).challenge
    except WebAuthnException:
        raise Refusal(Reason.PASSKEY_REFUSED) from None


def take(session: Session, question: Question, challenge: bytes) -> None:
    """Use the question of an answer up. Refusal PASSKEY_REFUSED when it was not asked so."""
    used = session.scalars(
        update(SignInCeremony)
        .where(
            SignInCeremony.token_hash == _hashed(challenge),
            SignInCeremony.purpose == question.purpose,
            SignInCeremony.person_id.is_not_distinct_from(question.person_id),
            SignInCeremony.used_at.is_(None),
            SignInCeremony.expires_at > clock.now(),
        )
        .values(used_at=clock.now())
        .returning(SignInCeremony.secret_ct)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    held = crypto.unseal(crypto.Sealed(used, _binding(challenge))) if used else ""
    if not held or not hmac.compare_digest(held.encode(), question.browser.encode()):
        raise Refusal(Reason.PASSKEY_REFUSED)


def registered(
    site: Site, answer: str, challenge: bytes, *, verified: bool = False
) -> VerifiedRegistration:
    """What a new key says of itself. Refusal PASSKEY_REFUSED."""
    try:
        return webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=verified,
        )
    except WebAuthnException:
        raise Refusal(Reason.PASSKEY_REFUSED) from None


def signed(
    site: Site, answer: str, challenge: bytes, key: Passkey | None, *, verified: bool
) -> VerifiedAuthentication:
    """What a key signed; an unknown one is looked at as long. Refusal PASSKEY_REFUSED.

    The counter is for the caller to compare: one that went back means a copy.
    """
    try:
        found = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=key.public_key if key else NOBODYS,
            credential_current_sign_count=0,
            require_user_verification=verified,
        )
    except WebAuthnException:
        raise Refusal(Reason.PASSKEY_REFUSED) from None
    if key is None:
        raise Refusal(Reason.PASSKEY_REFUSED)
    return found


def keys_of(session: Session, person_id: uuid.UUID) -> list[Passkey]:
    """The keys of somebody that were not revoked, oldest first."""
    live = (
        select(Passkey)
        .where(Passkey.person_id == person_id, Passkey.revoked_at.is_(None))
        .order_by(Passkey.made_at, Passkey.id)
    )
    return list(session.scalars(live))
