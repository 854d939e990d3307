"""Half a proof: somebody signed in anew at an organisation that asks no second step there.

The other half is a code of our app.
"""

from __future__ import annotations

from app.access import Actor
from app.access.administration import factors
from app.features.accounts import throttling
from app.features.accounts.sign_in import burn_code
from app.infra.db import reading, transaction
from app.models import Person


def can_be_made_whole(actor: Actor) -> bool:
    """Whether the actor has an app; who has a password too proves by those two."""
    with reading() as session:
        person = session.get_one(Person, actor.person_id)
        return factors.has_app(person) and person.password_hash is None


def make_whole(actor: Actor, code: str, *, note: throttling.Note) -> None:
    """Add a code of the app; ``note`` keeps the proof. Refusal CODE_WRONG or TOO_MANY_TRIES."""
    burn_code(actor.person_id, code, address=actor.address, recovery=False)
    with transaction() as session:
        note(session)
