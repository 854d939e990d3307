"""The page on which somebody signed in makes new recovery codes."""

from __future__ import annotations

from flask import render_template, url_for

from app.access import Permission
from app.features.accounts import own
from app.features.accounts.blueprint import bp
from app.features.accounts.forms import RecoveryForm
from app.web import stepping_up
from app.web.answers import Answer
from app.web.guard import current_actor, requires


@bp.route("/recovery-codes", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
@stepping_up.own_proof
def recovery_codes() -> Answer:
    """Make new codes after a proof of its own; they show in this one answer only."""
    form = RecoveryForm()
    if form.validate_on_submit():
        stepping_up.use_up()
        return render_template(
            "accounts/recovery_codes.html",
            codes=own.renew_recovery_codes(current_actor()),
            onward=url_for("accounts.sessions"),
        )
    page = own.own_recovery(current_actor())
    return render_template(
        "accounts/renew_codes.html", form=form, page=page, proved=stepping_up.has_own_proof()
    ), form.status
