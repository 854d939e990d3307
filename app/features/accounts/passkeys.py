"""The passkeys of a person in use: alone, after a password, and to prove who is there.

A key whose counter went back is a copy: it is refused and revoked, and those concerned are told.
Every refusal of a key is the same in words, whether it is known or not.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException

from app.access import Actor, load_actor
from app.access.administration.accounts import has_ended
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import AccountState, CeremonyPurpose
from app.features.accounts import passkey_ceremonies as ceremonies
from app.features.accounts import throttling
from app.features.accounts.opening import OpenSession
from app.features.accounts.passkey_ceremonies import Question, Site
from app.features.accounts.passkey_making import end_key, tell
from app.features.accounts.sign_in import finish, record_failure
from app.infra import clock
from app.infra.db import reading, transaction
from app.models import Passkey, Person

COPIED = "copied"


@dataclass(frozen=True, slots=True)
class OwnPasskey:
    """One key as its owner sees it."""

    id: uuid.UUID
    name: str
    is_synced: bool
    made_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Signed:
    """A key that signed, and whose it is."""

    passkey_id: uuid.UUID
    person_id: uuid.UUID
    count_before: int
    count: int


def own_passkeys(actor: Actor) -> tuple[OwnPasskey, ...]:
    """The keys of the actor that were not revoked, oldest first."""
    with reading() as session:
        return tuple(
            OwnPasskey(one.id, one.name, one.is_synced, one.made_at, one.last_used_at)
            for one in ceremonies.keys_of(session, actor.person_id)
        )


def has_any(person_id: uuid.UUID) -> bool:
    """Whether somebody whose password was right could use a key as second step."""
    with reading() as session:
        return bool(ceremonies.keys_of(session, person_id))


def ask_anybody(site: Site, browser: str) -> str:
    """The options for signing in by a key alone: it says itself whose it is."""
    question = Question(purpose=CeremonyPurpose.SIGN_IN, browser=browser)
    return ceremonies.ask_to_sign(site, question, [], verified=True)


def ask_person(person_id: uuid.UUID, purpose: CeremonyPurpose, site: Site, browser: str) -> str:
    """The options for a key of this person; NotVisible without any."""
    with reading() as session:
        keys = ceremonies.keys_of(session, person_id)
    if not keys:
        raise NotVisible
    question = Question(purpose=purpose, browser=browser, person_id=person_id)
    verified = purpose is CeremonyPurpose.STEP_UP
    return ceremonies.ask_to_sign(site, question, keys, verified=verified)


def sign_in(site: Site, answer: str, *, browser: str, address: str, open_full: OpenSession) -> str:
    """By a key alone: the token of the full session. Refusal PASSKEY_REFUSED, TOO_MANY_TRIES."""
    question = Question(purpose=CeremonyPurpose.SIGN_IN, browser=browser)
    try:
        found = _signed(site, answer, question, verified=True, address=address)
    except Refusal:
        # No signature is guessed: only what is wrong waits, so nobody keeps a colleague out.
        throttling.count_try(throttling.for_passkey(address))
        raise
    with transaction() as session:
        _note_use(session, found)
        return finish(session, None, found.person_id, address=address, open_full=open_full)


def second_factor(
    session_id: uuid.UUID, person_id: uuid.UUID, site: Site, answer: str, *,
    browser: str, address: str, open_full: OpenSession,
) -> str:  # fmt: skip
    """After the password: the token of the full session.

    Refusal PASSKEY_REFUSED or TOO_MANY_TRIES.
    """
    counted = throttling.for_second_factor(str(person_id))
    throttling.count_try(counted)
    question = Question(purpose=CeremonyPurpose.SECOND_FACTOR, browser=browser, person_id=person_id)
    found = _signed(site, answer, question, verified=False, address=address)
    with transaction() as session:
        _note_use(session, found)
        throttling.forgive(session, counted)
        return finish(session, session_id, person_id, address=address, open_full=open_full)


def prove(actor: Actor, site: Site, answer: str, *, browser: str, note: throttling.Note) -> None:
    """Prove to be there by a key; ``note`` keeps it. Refusal PASSKEY_REFUSED, TOO_MANY_TRIES."""
    counted = throttling.for_second_factor(str(actor.person_id))
    throttling.count_try(counted)
    question = Question(purpose=CeremonyPurpose.STEP_UP, browser=browser, person_id=actor.person_id)
    found = _signed(site, answer, question, verified=True, address=actor.address)
    with transaction() as session:
        _note_use(session, found)
        throttling.forgive(session, counted)
        note(session)


def _signed(
    site: Site, answer: str, question: Question, *, verified: bool, address: str
) -> _Signed:
    """The key behind an answer, checked. Refusal PASSKEY_REFUSED, after a line in the log."""
    try:
        found = _checked(site, answer, question, verified=verified)
    except Refusal:
        record_failure(question.person_id, address)
        raise
    if (found.count or found.count_before) and found.count <= found.count_before:
        _refuse_copy(found, address)
    return found


def _checked(site: Site, answer: str, question: Question, *, verified: bool) -> _Signed:
    try:
        given = parse_authentication_credential_json(answer[: ceremonies.LONGEST_ANSWER])
    except (WebAuthnException, ValueError, TypeError):
        raise Refusal(Reason.PASSKEY_REFUSED) from None
    challenge = ceremonies.challenge_in(given.response.client_data_json)
    with transaction() as session:
        # On its own: a wrong answer uses the question up as a right one does.
        ceremonies.take(session, question, challenge)
    with reading() as session:
        row = session.execute(
            select(Passkey, Person)
            .join(Person, Person.id == Passkey.person_id)
            .where(Passkey.credential_id == given.raw_id, Passkey.revoked_at.is_(None))
        ).one_or_none()
        key = row.Passkey if row and _counts(row.Person, question) else None
        passkey_id, person_id = (key.id, key.person_id) if key else (None, None)
        before = key.sign_count if key else 0
        said = ceremonies.signed(site, answer, challenge, key, verified=verified)
    assert passkey_id is not None and person_id is not None  # noqa: S101, PT018 - signed saw to it
    return _Signed(passkey_id, person_id, before, said.new_sign_count)


def _counts(person: Person, question: Question) -> bool:
    """The account is in use, and it is whom the question was for."""
    in_use = person.state is AccountState.ACTIVE and not has_ended(person)
    return in_use and question.person_id in (None, person.id)


def _note_use(session: Session, found: _Signed) -> None:
    """Move the counter on; of two answers with one count, one is too late."""
    moved = session.execute(
        update(Passkey)
        .where(
            Passkey.id == found.passkey_id,
            Passkey.sign_count == found.count_before,
            Passkey.revoked_at.is_(None),
        )
        .values(sign_count=found.count, last_used_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    if not moved.rowcount:  # type: ignore[attr-defined]  # an UPDATE's result has it
        raise Refusal(Reason.PASSKEY_REFUSED)


def _refuse_copy(found: _Signed, address: str) -> None:
    record_failure(found.person_id, address)
    with transaction() as session:
        actor = load_actor(session, found.person_id, now=clock.now(), address=address)
        if end_key(session, found.passkey_id, found.person_id, reason=COPIED):
            tell(session, actor, COPIED, by=None)
    raise Refusal(Reason.PASSKEY_REFUSED)
