"""The pages of who lost the only passkey: asking for a mail, and its link with a recovery code."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _

from app.domain.errors import Refusal
from app.features.accounts import recovery_links
from app.features.accounts.blueprint import bp
from app.features.accounts.forms import LostKeyForm, RecoveryCodeForm
from app.features.accounts.sign_in_views import address, opener, refused, with_session
from app.web import sessions
from app.web.answers import Answer
from app.web.guard import public
from app.web.redirects import next_or_home


@bp.route("/sign-in/recovery", methods=["GET", "POST"])
@public
def lost_key() -> Answer:
    """Ask for the mail; the answer is the same for every address."""
    if g.actor is not None:
        return redirect(next_or_home(), code=303)
    form = LostKeyForm()
    status = 200
    if form.validate_on_submit():
        try:
            recovery_links.ask(form.email.data or "", address=address())
        except Refusal as refusal:
            status = refused(form, refusal)
        else:
            flash(_("Hoort bij dit adres een account met alleen een passkey? Dan is er nu een mail "
                    "onderweg met een link die een uur werkt."), "ok")  # fmt: skip
            return redirect(url_for("accounts.sign_in"), code=303)
    elif form.errors:
        status = 422
    return render_template("accounts/lost_key.html", form=form), status


@bp.route("/sign-in/recovery/<token>", methods=["GET", "POST"])
@public
def recover(token: str) -> Answer:
    """The link and a recovery code together sign in; looking at the link changes nothing."""
    if not recovery_links.is_open(token):
        return render_template("accounts/recovery_link_gone.html"), 410
    form = RecoveryCodeForm()
    status = 200
    if form.validate_on_submit():
        open_full = opener(sessions.STAGE_FULL)
        code = form.code.data or ""
        try:
            session = recovery_links.use(token, code, address=address(), open_full=open_full)
        except Refusal as refusal:
            status = refused(form, refusal)
        else:
            return with_session(url_for("accounts.passkeys"), session)
    elif form.errors:
        status = 422
    return render_template("accounts/recover.html", form=form), status
