"""The page that asks who is there, before what only the person behind the screen may do."""

from __future__ import annotations

from functools import partial

from flask import redirect, render_template
from werkzeug.wrappers import Response as BaseResponse

from app.access import Actor, Permission
from app.domain.errors import Refusal
from app.features.accounts import own
from app.features.accounts.blueprint import bp
from app.features.accounts.forms import ProofForm
from app.features.accounts.sign_in_views import refused
from app.web import stepping_up
from app.web.answers import Answer
from app.web.guard import current_actor, requires
from app.web.redirects import next_or_home, next_path


def _typed(actor: Actor) -> ProofForm | None:
    return ProofForm() if own.types_both(actor) else None


stepping_up.offer(stepping_up.Way("password", "accounts/_prove_by_password.html", _typed))


@bp.route("/step-up", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def step_up() -> Answer:
    """Password and a code; the other ways of this person lead from here."""
    actor = current_actor()
    ways, status = stepping_up.ways_of(actor), 200
    form = next((shows for _way, shows in ways if isinstance(shows, ProofForm)), None)
    if form is not None and form.validate_on_submit():
        note = partial(
            stepping_up.note_proof, actor=actor, session_id=actor.session_id, by="password"
        )
        try:
            own.prove(actor, form.current_password.data or "", form.code.data or "", note=note)
        except Refusal as refusal:
            status = refused(form, refusal)
        else:
            return proved()
    elif form is not None and form.errors:
        status = 422
    return render_template(
        "accounts/step_up.html", form=form, ways=ways, next_path=next_path() or ""
    ), status


def proved() -> BaseResponse:
    """Back to where the proof was asked, with what was typed there."""
    return redirect(next_or_home(), code=303)
