"""A code of our app, after signing in anew at an organisation that asks no second step there.

That one did so is noted in the signed cookie of the browser, for one session, and lasts as long as
a proof does.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from flask import flash, redirect, session, url_for

from app.access import Actor, Permission
from app.domain.errors import Refusal
from app.features.accounts import half_proofs
from app.features.accounts.blueprint import bp
from app.features.accounts.forms import CodeForm
from app.infra import clock
from app.web import stepping_up
from app.web.answers import Answer
from app.web.errors import sentence_of
from app.web.guard import current_actor, requires
from app.web.redirects import next_or_home, next_path

_HALF: Final = "half_proved"


def note_half(actor: Actor) -> None:
    """Keep that the actor signed in anew just now."""
    session[_HALF] = [str(actor.session_id), clock.now().timestamp()]


def has_half(actor: Actor) -> bool:
    """Whether the actor did so in this session, at most five minutes ago."""
    whose, at = session.get(_HALF, ("", 0))
    age = clock.now().timestamp() - at
    return bool(whose == str(actor.session_id) and 0 <= age < stepping_up.FRESH_FOR.seconds)


def _asked(actor: Actor) -> CodeForm | None:
    return CodeForm() if has_half(actor) else None


stepping_up.offer(stepping_up.Way("provider-code", "accounts/_prove_by_code.html", _asked))


@bp.post("/step-up/code")
@requires(Permission.OWN_ACCOUNT)
def step_up_code() -> Answer:
    """The other half of the proof."""
    actor, form = current_actor(), CodeForm()
    back = redirect(url_for("accounts.step_up", next=next_path()), code=303)
    if not has_half(actor):
        return back
    note = partial(
        stepping_up.note_proof, actor=actor, session_id=actor.session_id, by="provider-code"
    )
    try:
        half_proofs.make_whole(actor, form.code.data or "", note=note)
    except Refusal as refusal:
        flash(sentence_of(refusal), "err")
        return back
    del session[_HALF]
    return redirect(next_or_home(), code=303)
