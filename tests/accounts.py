"""People with a password and a second factor, and their codes, for tests of signing in."""

import uuid
from typing import Any

from app.domain import totp
from app.domain.kinds import AccountState
from app.features.accounts.hashing import hash_password
from app.features.accounts.links import make_link
from app.features.accounts.sign_in import secret_binding
from app.infra import clock, crypto
from app.infra.db import transaction
from app.models import Organisation, Person, RecoveryCode
from tests import builders

PASSWORD = "wandelen langs zeven molens"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def enrolled(of: Organisation, **more: Any) -> Person:
    """Somebody who can sign in with PASSWORD and a code of SECRET."""
    person_id = uuid.uuid4()
    sealed = crypto.seal(crypto.ACCOUNTS, SECRET, belongs_to=secret_binding(person_id))
    return builders.person(
        of,
        id=person_id,
        password_hash=hash_password(PASSWORD),
        totp_ct=sealed,
        totp_last_step=1,
        **more,
    )


def invited(of: Organisation, **more: Any) -> tuple[Person, str]:
    """Somebody invited, and the token of the one-time link."""
    person = builders.person(of, state=AccountState.INVITED, **more)
    with transaction() as session:
        return person, make_link(session, person.id)


def code(secret: str = SECRET) -> str:
    """The code of this moment."""
    return totp.code_at(secret, totp.step_at(clock.now()))


def recovery_code(who: Person) -> str:
    """A fresh recovery code of this person."""
    made = totp.new_recovery_codes(1)[0]
    builders.save(
        RecoveryCode(person_id=who.id, code_hash=totp.hash_recovery_code(made, salt=who.id.bytes))
    )
    return made


def step_up(client: Any, onward: str = "/") -> Any:
    """Prove to be there by password and code; gives the answer, which leads to ``onward``."""
    return client.fill(
        f"/step-up?next={onward}",
        {"current_password": PASSWORD, "code": code()},
        action="",
    )


def pass_password(client: Any, who: Person, *, path: str = "/sign-in") -> Any:
    """The first step; gives the answer."""
    return client.fill(path, {"email": who.email, "password": PASSWORD})
