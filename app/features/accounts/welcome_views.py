"""The one-time link of the invitation, and changing one's own password."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.domain.errors import Refusal
from app.features.accounts import links, own
from app.features.accounts.blueprint import bp
from app.features.accounts.forms import (
    ChangePasswordForm,
    NewPasswordForm,
    PasskeyForm,
    show_fault,
)
from app.features.accounts.sign_in_views import opener, with_session
from app.web import sessions
from app.web.answers import Answer
from app.web.guard import current_actor, public, requires


@bp.route("/welcome/<token>", methods=["GET", "POST"])
@public
def welcome(token: str) -> Answer:
    """Choose a password; looking at the link changes nothing, sending the form uses it up."""
    found = links.look_at(token)
    if found is None:
        return render_template("accounts/link_gone.html"), 410
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            pending = links.choose_password(
                token, form.new_password.data, open_enrol=opener(sessions.STAGE_ENROL)
            )
        except links.WeakPasswordError as weak:
            show_fault(form, weak.fault)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _after_choosing(pending)
    status = 422 if form.errors else 200
    return render_template(
        "accounts/welcome.html",
        form=form,
        key_form=PasskeyForm(formdata=None),
        page=found,
        token=token,
    ), status


def _after_choosing(pending: str | None) -> Answer:
    if pending is None:
        flash(_("Uw nieuwe wachtwoord is opgeslagen. Log in met uw tweede stap."), "ok")
        return redirect(url_for("accounts.sign_in"), code=303)
    return with_session(url_for("accounts.enrol"), pending)


@bp.route("/password", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def password() -> Answer:
    """Change one's own password; needs the current one and ends all other sessions."""
    form = ChangePasswordForm()
    if form.validate_on_submit():
        try:
            own.change_password(current_actor(), form.current_password.data, form.new_password.data)
        except links.WeakPasswordError as weak:
            show_fault(form, weak.fault)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Uw wachtwoord is gewijzigd. Overal elders bent u uitgelogd."), "ok")
            return redirect(url_for("accounts.sessions"), code=303)
    return render_template("accounts/password.html", form=form), 422 if form.errors else 200
