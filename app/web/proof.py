"""Proving both factors again, for what only the person behind the screen may do.

Rooms ask for it by making their form of ``ProofForm``; the room of accounts knows how to check and
says so with ``set_prover``. The demo region has no passwords, so it asks nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField

from app.access import Actor
from app.web import sessions
from app.web.forms import BaseForm, SecretField, at_most, needed
from config import Mode

LONGEST_CODE = 60

Prover = Callable[[Actor, str, str], None]
_provers: list[Prover] = []


def set_prover(prover: Prover) -> None:
    """Name what checks password and code; it raises Refusal when one is wrong."""
    _provers[:] = [prover]


def is_asked() -> bool:
    """Whether this installation has anything to prove with."""
    return sessions.settings().mode is not Mode.DEMO


class ProofForm(BaseForm):
    """A form that asks for the password and a code of the app."""

    current_password = SecretField(_l("Wachtwoord"), [needed()])
    code = StringField(_l("Code uit uw app"), [needed(), at_most(LONGEST_CODE)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - WTForms' signature
        """Ask nothing in the demo region."""
        super().__init__(*args, **kwargs)
        if not is_asked():
            del self.current_password
            del self.code

    def prove(self, actor: Actor) -> None:
        """Check what was typed; Refusal PASSWORD_WRONG, CODE_WRONG or TOO_MANY_TRIES."""
        if is_asked():
            (prover,) = _provers
            prover(actor, self.current_password.data or "", self.code.data or "")
