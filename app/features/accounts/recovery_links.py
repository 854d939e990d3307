"""Coming back in without a password and without one's only passkey: a mailbox and a recovery code.

Whether an address is known shows in nothing: each gets the same answer, and the mail is made later.
The link alone opens nothing; with a code of the ten it opens as a password and such a code do.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.administration.accounts import has_ended
from app.access.messages.mail_log import following, note_mail
from app.domain.errors import Reason, Refusal
from app.domain.kinds import AccountState
from app.features.accounts import links, throttling
from app.features.accounts.opening import OpenSession
from app.features.accounts.recovery import count_left, tell_of_recovery
from app.features.accounts.sign_in import burn_code, finish, normalised_email
from app.infra import letters, outbox
from app.infra.db import reading, transaction
from app.infra.letters import Recipient
from app.models import Person

PURPOSE: Final = "recovery"
VALID: Final = timedelta(hours=1)


def ask(email: str, *, address: str) -> None:
    """Have a link sent if the address is of who may use one. Refusal TOO_MANY_TRIES."""
    email = normalised_email(email)
    throttling.count_try(throttling.for_recovery(email, address))
    with transaction() as session:
        known = session.scalar(select(Person.id).where(Person.email == email))
        outbox.add(
            session,
            "account.recover",
            unique_key=f"account.recover:{uuid.uuid4().hex}",
            payload={"person_id": known or uuid.uuid4()},
        )


def _recovers(session: Session, person: Person | None) -> bool:
    """Who signs in without a password and has a code left; a password has its own page."""
    if person is None or person.state is not AccountState.ACTIVE or has_ended(person):
        return False
    return person.password_hash is None and count_left(session, person.id) > 0


@outbox.handler("account.recover")
def send_link(payload: Mapping[str, str]) -> None:
    """Send the link to who may use it, and nothing to anybody else."""
    row = payload["row"]
    identifier = letters.message_id("recovery", row)
    with transaction() as session:
        person = session.get(Person, uuid.UUID(payload["person_id"]))
        if person is None or not _recovers(session, person):
            return
        token = links.repeat_link(session, person.id, row, purpose=PURPOSE, valid=VALID)
        if token is None:
            return
        note_mail(session, person.id, kind="account.recovery_link", identifier=identifier)
        recipient = Recipient(email=person.email, name=person.name, language=person.language)
    with following(identifier):
        letters.send(
            "recovery_link",
            recipient,
            identifier=identifier,
            values={
                "name": recipient.name,
                "url": letters.address_of(f"/sign-in/recovery/{token}"),
            },
            about=None,
        )


def is_open(token: str) -> bool:
    """Whether the link of a recovery mail works still."""
    with reading() as session:
        return _recovers(session, links.person_of(session, token, purpose=PURPOSE))


def use(token: str, code: str, *, address: str, open_full: OpenSession) -> str:
    """Use link and code up: the token of the full session.

    Refusal LINK_EXPIRED, CODE_WRONG or TOO_MANY_TRIES.
    """
    with reading() as session:
        person = links.person_of(session, token, purpose=PURPOSE)
        if person is None or not _recovers(session, person):
            raise Refusal(Reason.LINK_EXPIRED)
        person_id = person.id
    burn_code(person_id, code, address=address, recovery=True)
    with transaction() as session:
        if not links.use_up(session, token):
            raise Refusal(Reason.LINK_EXPIRED)
        tell_of_recovery(session, person_id)
        return finish(session, None, person_id, address=address, open_full=open_full)
