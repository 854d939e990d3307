"""One-time links: to a first password, a new one, or recovery; only a token's hash is stored.

A link is looked at by GET as often as one likes and used up by POST only, so that a mail scanner
opens nothing. It never changes the second factor.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app.access import audit
from app.access.administration import factors
from app.access.administration.accounts import expire_links, revoke_sessions
from app.access.administration.ways_in import tell_of_way
from app.domain.errors import Reason, Refusal
from app.domain.kinds import AccountState
from app.domain.passwords import PasswordFault, find_fault
from app.features.accounts import hashing
from app.features.accounts.opening import OpenSession
from app.features.accounts.sign_in import start_enrolment
from app.infra import clock, crypto
from app.infra.db import reading, transaction
from app.models import OneTimeLink, Organisation, Person

VALID = timedelta(days=7)
PURPOSE = "password"


class WeakPasswordError(Exception):
    """The password breaks a rule; ``fault`` says which."""

    def __init__(self, fault: PasswordFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Welcome:
    """For whom a link is, as its holder may see; ``may_choose`` where no second factor stands.

    ``elsewhere``: there is one at an organisation alone, and this link opens nothing beside it.
    """

    name: str
    email: str
    may_choose: bool
    elsewhere: bool


def make_link(session: Session, person_id: uuid.UUID) -> str:
    """A fresh link for the person, in the current transaction; earlier ones stop working."""
    token = secrets.token_urlsafe(32)
    _open_link(session, person_id, token)
    return token


def repeat_link(
    session: Session,
    person_id: uuid.UUID,
    mail_id: str,
    *,
    purpose: str = PURPOSE,
    valid: timedelta = VALID,
) -> str | None:
    """The one link of a mail, made at its first try; None once it was used up or replaced.

    A mail whose answer was lost may have arrived: its second copy has to hold the same link.
    """
    token = urlsafe_b64encode(crypto.store().fingerprint(f"link:{mail_id}")).decode().rstrip("=")
    link = session.scalars(
        select(OneTimeLink).where(OneTimeLink.token_hash == _hashed(token))
    ).one_or_none()
    if link is None:
        _open_link(session, person_id, token, purpose=purpose, valid=valid)
    elif link.used_at is not None or link.expires_at <= clock.now():
        return None
    return token


def _open_link(
    session: Session,
    person_id: uuid.UUID,
    token: str,
    *,
    purpose: str = PURPOSE,
    valid: timedelta = VALID,
) -> None:
    now = clock.now()
    if purpose == PURPOSE:  # anybody may ask for a mail to recover: it ends nothing else
        expire_links(session, person_id)
    session.add(
        OneTimeLink(
            token_hash=_hashed(token),
            person_id=person_id,
            purpose=purpose,
            created_at=now,
            expires_at=now + valid,
        )
    )


def look_at(token: str) -> Welcome | None:
    """For whom the link is; None when it is unknown, used up or too old."""
    with reading() as session:
        person = person_of(session, token)
        if person is None:
            return None
        may_choose = factors.may_choose(session, person.id)
        elsewhere = not may_choose and not factors.has_factor(session, person.id)
        return Welcome(person.name, person.email, may_choose, elsewhere)


def choose_password(token: str, password: str, *, open_enrol: OpenSession) -> str | None:
    """Set the password and use the link up; gives the token of a session in which to enrol.

    None when the second factor stands already: sign in with it. Raises Refusal LINK_EXPIRED, also
    where the link opens nothing, and WeakPasswordError, after which the link still works.
    """
    welcome = look_at(token)
    if welcome is None or welcome.elsewhere:
        raise Refusal(Reason.LINK_EXPIRED)
    refuse_weak(password, (welcome.name, welcome.email, _organisation_name(token)))
    hashed = hashing.hash_password(password)
    with transaction() as session:
        person = person_of(session, token)
        if person is None or not use_up(session, token):
            raise Refusal(Reason.LINK_EXPIRED)
        person.password_hash = hashed
        was_invited = person.state is AccountState.INVITED
        person.state = AccountState.ACTIVE
        session.flush()
        revoke_sessions(session, person.id, reason="password")
        if not was_invited:  # who opens an account hears of it once the second factor is there
            tell_of_way(session, person.id, by=person.id)
        audit.record(
            session,
            None,
            audit.Entry(
                event=audit.Event.CHANGE, object_kind="person-password", object_id=person.id
            ),
        )
        if factors.has_factor(session, person.id):
            return None
        return start_enrolment(session, person.id, open_enrol)


def refuse_weak(password: str, own_words: tuple[str, ...]) -> None:
    """Raise WeakPasswordError when a rule for passwords is broken."""
    fault = find_fault(password, own_words=own_words)
    if fault is not None:
        raise WeakPasswordError(fault)


def use_up(session: Session, token: str) -> bool:
    """Of two that send the same link at once, one wins."""
    used = session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.token_hash == _hashed(token), OneTimeLink.used_at.is_(None))
        .values(used_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    return bool(used.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result has it


def person_of(session: Session, token: str, *, purpose: str = PURPOSE) -> Person | None:
    """Whose the link is, as long as it works and the account may be opened."""
    return session.scalars(
        select(Person)
        .join(OneTimeLink, OneTimeLink.person_id == Person.id)
        .where(
            OneTimeLink.token_hash == _hashed(token),
            OneTimeLink.purpose == purpose,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > clock.now(),
            Person.state.in_((AccountState.INVITED, AccountState.ACTIVE)),
            or_(Person.ends_at.is_(None), Person.ends_at > clock.now()),
        )
    ).one_or_none()


def _organisation_name(token: str) -> str:
    with reading() as session:
        found = session.scalar(
            select(Organisation.name)
            .join(Person, Person.organisation_id == Organisation.id)
            .join(OneTimeLink, OneTimeLink.person_id == Person.id)
            .where(OneTimeLink.token_hash == _hashed(token))
        )
    return found or ""


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
