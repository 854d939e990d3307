"""Whether somebody is still there by the word of the provider: asked each hour, or told by it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access import Actor, audit
from app.access.administration import providers
from app.access.administration.providers import KnownProvider
from app.domain.errors import NotVisible
from app.domain.kinds import CeremonyPurpose
from app.domain.openid import ProviderFault, ProviderRefusal
from app.features.accounts.provider_sign_in import Answered, Question, Sent, send_to
from app.infra import clock, openid
from app.infra.db import reading, transaction
from app.infra.openid_tokens import Identity, LeftWord
from app.models import IdentityProvider, LinkedIdentity, LogoutToken, WebSession


class NoteProof(Protocol):
    """Writes down, in the current transaction, that the person of a session proved to be there."""

    def __call__(self, session: Session, actor: Actor, session_id: uuid.UUID, /) -> None:
        """Add it to the current transaction."""


@dataclass(frozen=True, slots=True)
class Own:
    """Under what name the person of a session is known at which provider."""

    provider: KnownProvider
    identity_id: uuid.UUID
    subject: str


def own(session_id: uuid.UUID) -> Own | None:
    """The provider a session came by, as long as it and the link are in use."""
    with reading() as session:
        return _own(session, WebSession.id == session_id)


def _own(session: Session, condition: ColumnElement[bool]) -> Own | None:
    found = session.execute(
        select(LinkedIdentity, IdentityProvider)
        .join(WebSession, WebSession.identity_id == LinkedIdentity.id)
        .join(IdentityProvider, IdentityProvider.id == LinkedIdentity.provider_id)
        .where(condition, LinkedIdentity.ended_at.is_(None), IdentityProvider.ended_at.is_(None))
    ).one_or_none()
    if found is None:
        return None
    link = found.LinkedIdentity
    return Own(providers.known(found.IdentityProvider), link.id, link.subject)


def ask_again(actor: Actor, *, browser: str, onward: str) -> Sent:
    """Ask the provider without a page whether the person is still there. Raises ProviderRefusal.

    LEFT when link or provider was ended: the session is over then.
    """
    known = own(_session_of(actor))
    if known is None:
        end_session(actor, None)
        raise ProviderRefusal(ProviderFault.LEFT)
    question = _about(actor, CeremonyPurpose.RECHECK, browser=browser, onward=onward)
    return send_to(known.provider, question, prompt="none")


def ask_proof(actor: Actor, *, browser: str, onward: str) -> Sent:
    """Have the person sign in there anew. NotVisible for who did not come by a provider."""
    known = own(_session_of(actor))
    if known is None:
        raise NotVisible
    question = _about(actor, CeremonyPurpose.STEP_UP, browser=browser, onward=onward)
    return send_to(known.provider, question, prompt="login", max_age="0", login_hint=actor.email)


def _about(actor: Actor, purpose: CeremonyPurpose, *, browser: str, onward: str) -> Question:
    return Question(
        purpose=purpose,
        browser=browser,
        onward=onward,
        person_id=actor.person_id,
        session_id=actor.session_id,
    )


def _session_of(actor: Actor) -> uuid.UUID:
    if actor.session_id is None:
        raise NotVisible
    return actor.session_id


def _whose(actor: Actor | None, answered: Answered) -> Actor:
    """The actor, in the session the question was asked in."""
    if actor is None or actor.session_id != answered.question.session_id:
        raise ProviderRefusal(ProviderFault.BROWSER)
    return actor


def prove(actor: Actor | None, answered: Answered, identity: Identity, *, note: NoteProof) -> None:
    """Have it noted that the person signed in anew, with a second factor that counts.

    ProviderRefusal ONE_FACTOR when that alone was wanting.
    """
    actor = _whose(actor, answered)
    session_id = _session_of(actor)
    known = own(session_id)
    if known is None or known.subject != identity.subject:
        raise ProviderRefusal(ProviderFault.OTHER_PERSON)
    if not identity.factors & answered.provider.second_factors:
        raise ProviderRefusal(ProviderFault.ONE_FACTOR)
    with transaction() as session:
        note(session, actor, session_id)


def still_there(actor: Actor | None, answered: Answered, identity: Identity) -> None:
    """Note that the person is there; another one, or nobody, ends the session with LEFT."""
    actor = _whose(actor, answered)
    known = own(_session_of(actor))
    if known is None or known.subject != identity.subject:
        end_session(actor, answered.provider.id)
        raise ProviderRefusal(ProviderFault.LEFT)
    with transaction() as session:
        session.execute(
            update(WebSession)
            .where(WebSession.id == actor.session_id, WebSession.revoked_at.is_(None))
            .values(provider_asked_at=clock.now(), provider_session=identity.session)
        )


def end_session(actor: Actor, provider_id: uuid.UUID | None) -> None:
    """End this session: the provider knows the person no longer."""
    with transaction() as session:
        session.execute(
            update(WebSession)
            .where(WebSession.id == actor.session_id, WebSession.revoked_at.is_(None))
            .values(revoked_at=clock.now(), ended_reason="provider")
        )
        _record(session, actor.person_id, "provider", actor=actor)
        if provider_id is not None:
            audit.record(
                session,
                actor,
                audit.Entry(
                    event=audit.Event.SIGN_IN_FAILED,
                    object_kind="identity-provider",
                    object_id=provider_id,
                    outcome=ProviderFault.LEFT.value,
                ),
            )


def take_in(provider_id: uuid.UUID, token: str) -> int:
    """End what a provider says is over (back-channel logout); gives how many sessions.

    Raises ProviderRefusal, and NotVisible for a provider that is not in use.
    """
    with reading() as session:
        row = session.get(IdentityProvider, provider_id)
        if row is None or row.ended_at is not None:
            raise NotVisible
        provider = providers.known(row)
    word = openid.read_logout(provider.issuer, provider.client_id, token)
    with transaction() as session:
        _count_once(session, provider_id, word.token_id)
        ended = providers.end_sessions(
            session, _meant(session, provider_id, word), provider_session=word.session
        )
        for person_id in dict.fromkeys(ended):
            _record(session, person_id, "provider", actor=None)
    return len(ended)


def _count_once(session: Session, provider_id: uuid.UUID, token_id: str) -> None:
    session.add(LogoutToken(provider_id=provider_id, token_id=token_id, taken_at=clock.now()))
    try:
        session.flush()
    except IntegrityError:
        raise ProviderRefusal(ProviderFault.STATE) from None


def _meant(session: Session, provider_id: uuid.UUID, word: LeftWord) -> list[uuid.UUID]:
    """The identities a word may be about: of its subject, else any with the session it names."""
    of_provider = select(LinkedIdentity.id).where(LinkedIdentity.provider_id == provider_id)
    if word.subject:
        of_provider = of_provider.where(LinkedIdentity.subject == word.subject)
    else:
        of_provider = of_provider.join(
            WebSession, WebSession.identity_id == LinkedIdentity.id
        ).where(WebSession.provider_session == word.session, WebSession.revoked_at.is_(None))
    return list(session.scalars(of_provider))


def _record(session: Session, person_id: uuid.UUID, outcome: str, *, actor: Actor | None) -> None:
    audit.record(
        session,
        actor,
        audit.Entry(
            event=audit.Event.SIGN_OUT,
            object_kind="person",
            object_id=person_id,
            outcome=outcome,
        ),
    )
