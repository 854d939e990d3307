"""New passkeys, and ending them; each change is told to the person and the staff of the tables.

Nobody is left without a way in: of whom nothing else signs in, the last key stays.
"""

from __future__ import annotations

import uuid

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session
from webauthn.helpers import parse_registration_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import RegistrationCredential
from webauthn.registration.verify_registration_response import VerifiedRegistration

from app.access import Actor, audit
from app.access.administration import factors
from app.access.administration.ways_in import tell_of_way
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import CeremonyPurpose
from app.features.accounts import passkey_ceremonies as ceremonies
from app.features.accounts.passkey_ceremonies import Question, Site
from app.infra import clock
from app.infra.db import reading, transaction
from app.models import IdentityProvider, LinkedIdentity, Passkey, Person

MOST_KEYS = 10


def question(person_id: uuid.UUID, browser: str) -> Question:
    """What a new key of this person answers, in this browser."""
    return Question(purpose=CeremonyPurpose.REGISTER, browser=browser, person_id=person_id)


def ask_for_new(actor: Actor, site: Site, browser: str) -> str:
    """The options for a new key, as JSON. Refusal TOO_MANY_PASSKEYS."""
    with reading() as session:
        keys = ceremonies.keys_of(session, actor.person_id)
    if len(keys) >= MOST_KEYS:
        raise Refusal(Reason.TOO_MANY_PASSKEYS)
    asked = question(actor.person_id, browser)
    return ceremonies.ask_to_register(site, asked, actor.email, keys)


def add(actor: Actor, site: Site, answer: str, name: str, *, browser: str) -> None:
    """Keep a new key under a name. Refusal PASSKEY_REFUSED."""
    made = Made.checked(site, answer, question(actor.person_id, browser))
    with transaction() as session:
        made.keep(session, actor.person_id, name)
        tell(session, actor, "added", by=actor.person_id)


class Made:
    """A new key whose answer was checked, not kept yet."""

    def __init__(self, given: RegistrationCredential, verified: VerifiedRegistration) -> None:
        self._given = given
        self._verified = verified

    @classmethod
    def checked(cls, site: Site, answer: str, asked: Question, *, verified: bool = False) -> Made:
        """Check an answer and use its question up. Refusal PASSKEY_REFUSED.

        ``verified``: the key must also check who touches it, as it will be all that is asked.
        """
        try:
            given = parse_registration_credential_json(answer[: ceremonies.LONGEST_ANSWER])
        except (WebAuthnException, ValueError, TypeError):
            raise Refusal(Reason.PASSKEY_REFUSED) from None
        challenge = ceremonies.challenge_in(given.response.client_data_json)
        with transaction() as session:
            ceremonies.take(session, asked, challenge)
        return cls(given, ceremonies.registered(site, answer, challenge, verified=verified))

    def keep(self, session: Session, person_id: uuid.UUID, name: str) -> None:
        """Keep it as a key of this person. Refusal PASSKEY_REFUSED for one that is known."""
        made, transports = self._verified, self._given.response.transports or []
        known = select(Passkey.id).where(Passkey.credential_id == made.credential_id)
        if session.scalar(known) is not None:
            raise Refusal(Reason.PASSKEY_REFUSED)
        session.add(
            Passkey(
                person_id=person_id,
                credential_id=made.credential_id,
                public_key=made.credential_public_key,
                sign_count=made.sign_count,
                name=name,
                transports=" ".join(one.value for one in transports)[:120],
                is_synced=made.credential_backed_up,
                made_at=clock.now(),
            )
        )


def revoke(actor: Actor, passkey_id: uuid.UUID) -> None:
    """End an own key at once. NotVisible for a key of others, or one that ended.

    Refusal LAST_WAY_IN for the last key of somebody whom nothing else signs in.
    """
    with transaction() as session:
        # Of two last keys ended at once, the second waits here and is refused.
        person = session.get_one(Person, actor.person_id, with_for_update=True)
        if not end_key(session, passkey_id, actor.person_id, reason="revoked"):
            raise NotVisible
        if not ceremonies.keys_of(session, actor.person_id) and not _comes_in(session, person):
            raise Refusal(Reason.LAST_WAY_IN)
        tell(session, actor, "revoked", by=actor.person_id)


def _comes_in(session: Session, person: Person) -> bool:
    """Whether somebody without keys signs in by two factors all the same.

    A password without an app does not count: whoever knew it would set the second factor.
    """
    at_provider = exists().where(
        LinkedIdentity.person_id == person.id,
        LinkedIdentity.ended_at.is_(None),
        IdentityProvider.id == LinkedIdentity.provider_id,
        IdentityProvider.ended_at.is_(None),
    )
    if factors.has_app(person):
        return person.password_hash is not None or bool(session.scalar(select(at_provider)))
    counts = at_provider.where(IdentityProvider.second_factors != "")
    return person.password_hash is None and bool(session.scalar(select(counts)))


def end_key(session: Session, passkey_id: uuid.UUID, person_id: uuid.UUID, *, reason: str) -> bool:
    """End a key of somebody in the current transaction; says whether there was one."""
    ended = session.execute(
        update(Passkey)
        .where(
            Passkey.id == passkey_id,
            Passkey.person_id == person_id,
            Passkey.revoked_at.is_(None),
        )
        .values(revoked_at=clock.now(), revoked_reason=reason)
    )
    return bool(ended.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result has it


def tell(session: Session, actor: Actor, outcome: str, *, by: uuid.UUID | None) -> None:
    """Log what became of a key of the actor, and tell of it."""
    entry = audit.Entry(
        event=audit.Event.AUTHORISE,
        object_kind="passkey",
        object_id=actor.person_id,
        outcome=outcome,
    )
    audit.record(session, actor, entry)
    tell_of_way(session, actor.person_id, by=by)
