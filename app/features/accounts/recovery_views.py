"""The page on which somebody signed in makes new recovery codes."""

from __future__ import annotations

from flask import render_template, url_for

from app.access import Permission
from app.domain.errors import Refusal
from app.features.accounts import own
from app.features.accounts.blueprint import bp
from app.features.accounts.forms import RecoveryForm
from app.features.accounts.sign_in_views import refused
from app.web import proof
from app.web.answers import Answer
from app.web.guard import current_actor, requires

proof.set_prover(own.prove)


@bp.route("/recovery-codes", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def recovery_codes() -> Answer:
    """Ask for the password and a code of the app; the new codes show in this one answer only."""
    form = RecoveryForm()
    status = 200
    if form.validate_on_submit():
        try:
            codes = own.renew_recovery_codes(
                current_actor(), form.current_password.data, form.code.data or ""
            )
        except Refusal as refusal:
            status = refused(form, refusal)
        else:
            return render_template(
                "accounts/recovery_codes.html", codes=codes, onward=url_for("accounts.sessions")
            )
    elif form.errors:
        status = 422
    page = own.own_recovery(current_actor())
    return render_template("accounts/renew_codes.html", form=form, page=page), status
