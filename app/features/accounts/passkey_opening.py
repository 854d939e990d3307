"""Opening an account by a passkey, instead of a password and an app; recovery codes come with it.

By the link of an invitation the key is all there is, so it has to check who touches it. After a
password, or a provider that asked no second step, it is the second factor. Neither adds a key to
an account that has a second factor: the link of a mailbox never changes that.
"""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from app.access import load_actor
from app.access.administration import factors
from app.access.administration.accounts import revoke_sessions
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import AccountState
from app.features.accounts import links, passkey_making, sign_in
from app.features.accounts import passkey_ceremonies as ceremonies
from app.features.accounts.opening import OpenSession
from app.features.accounts.passkey_ceremonies import Site
from app.features.accounts.passkey_making import Made
from app.features.accounts.recovery import replace_codes
from app.infra import clock
from app.infra.db import reading, transaction
from app.models import Person

Opened = tuple[str, tuple[str, ...]]


def ask_invited(token: str, site: Site, browser: str) -> str:
    """The options for the key of who holds a link, as JSON. NotVisible when the link is gone."""
    with reading() as session:
        person = links.person_of(session, token)
        if person is None or not factors.may_choose(session, person.id):
            raise NotVisible
        asked = passkey_making.question(person.id, browser)
        email = person.email
    return ceremonies.ask_to_register(site, asked, email, [], alone=True)


def open_invited(
    token: str, site: Site, answer: str, name: str, *,
    browser: str, address: str, open_full: OpenSession,
) -> Opened:  # fmt: skip
    """Use the link up: gives the token of the full session and ten recovery codes.

    Refusal LINK_EXPIRED, or PASSKEY_REFUSED after which the link still works.
    """
    with reading() as session:
        holder = links.person_of(session, token)
        person_id = holder.id if holder else None
    if person_id is None:
        raise Refusal(Reason.LINK_EXPIRED)
    asked = passkey_making.question(person_id, browser)
    made = Made.checked(site, answer, asked, verified=True)
    with transaction() as session:
        person = links.person_of(session, token)
        if person is None or not factors.may_choose(session, person_id):
            raise Refusal(Reason.LINK_EXPIRED)
        if not links.use_up(session, token):
            raise Refusal(Reason.LINK_EXPIRED)
        person.state = AccountState.ACTIVE
        # Whatever password there was is nobody's any more: the key is what signs in.
        person.password_hash = None
        session.flush()
        revoke_sessions(session, person_id, reason="factor")
        return _open(session, made, person_id, name, None, address=address, open_full=open_full)


def ask_enrolling(person_id: uuid.UUID, email: str, site: Site, browser: str) -> str:
    """The options for a key as second factor of who has none, as JSON; NotVisible otherwise."""
    _refuse_enrolled(person_id)
    asked = passkey_making.question(person_id, browser)
    return ceremonies.ask_to_register(site, asked, email, [])


def open_enrolling(
    session_id: uuid.UUID, person_id: uuid.UUID, site: Site, answer: str, name: str, *,
    browser: str, address: str, open_full: OpenSession,
) -> Opened:  # fmt: skip
    """The key as second factor: gives the token of the full session and ten recovery codes."""
    _refuse_enrolled(person_id)
    made = Made.checked(site, answer, passkey_making.question(person_id, browser))
    with transaction() as session:
        session.get_one(Person, person_id, with_for_update=True)
        if factors.has_factor(session, person_id):
            raise NotVisible
        return _open(
            session, made, person_id, name, session_id, address=address, open_full=open_full
        )


def _refuse_enrolled(person_id: uuid.UUID) -> None:
    with reading() as session:
        if factors.has_factor(session, person_id):
            raise NotVisible


def _open(
    session: Session, made: Made, person_id: uuid.UUID, name: str, session_id: uuid.UUID | None, *,
    address: str, open_full: OpenSession,
) -> Opened:  # fmt: skip
    made.keep(session, person_id, name)
    codes = replace_codes(session, person_id)
    token = sign_in.finish(session, session_id, person_id, address=address, open_full=open_full)
    actor = load_actor(session, person_id, now=clock.now(), address=address)
    passkey_making.tell(session, actor, "added", by=person_id)
    return token, codes
