"""A passkey instead of a password and an app: by the link of an invitation, or as second step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, flash, redirect, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.domain.errors import NotVisible, Refusal
from app.domain.kinds import SignInMethod
from app.features.accounts import passkey_opening
from app.features.accounts.blueprint import bp
from app.features.accounts.forms import PasskeyForm
from app.features.accounts.passkey_opening import Opened
from app.features.accounts.passkey_views import answer, as_json, browser_key, site
from app.features.accounts.sign_in import enrolment_of
from app.features.accounts.sign_in_views import address, opener, pending, show_codes
from app.web import sessions
from app.web.answers import Answer
from app.web.errors import sentence_of
from app.web.guard import public
from app.web.redirects import next_path


@bp.post("/welcome/<token>/passkey/asked")
@public
def welcome_passkey_asked(token: str) -> Response:
    """What the first key of who holds a link is to sign."""
    return as_json(passkey_opening.ask_invited(token, site(), browser_key()))


@bp.post("/welcome/<token>/passkey")
@public
def welcome_passkey(token: str) -> Answer:
    """Open the account by a passkey alone; uses the link up."""
    open_full = opener(sessions.STAGE_FULL, method=SignInMethod.PASSKEY)

    def opened(name: str) -> Opened:
        return passkey_opening.open_invited(
            token, site(), answer(), name,
            browser=browser_key(), address=address(), open_full=open_full,
        )  # fmt: skip

    return _open(opened, url_for("accounts.welcome", token=token))


@bp.post("/sign-in/enrol/passkey/asked")
@public
def enrol_passkey_asked() -> Response:
    """What a key is to sign that is to be the second step of who has none."""
    known = pending(sessions.STAGE_ENROL)
    if known is None:
        raise NotVisible
    email = enrolment_of(known.person_id).email
    return as_json(passkey_opening.ask_enrolling(known.person_id, email, site(), browser_key()))


@bp.post("/sign-in/enrol/passkey")
@public
def enrol_passkey() -> Answer:
    """Have a passkey as second step from now on."""
    known = pending(sessions.STAGE_ENROL)
    if known is None:
        return redirect(url_for("accounts.sign_in", next=next_path()), code=303)
    open_full = opener(sessions.STAGE_FULL, after=known.id, method=SignInMethod.PASSKEY)

    def opened(name: str) -> Opened:
        return passkey_opening.open_enrolling(
            known.id, known.person_id, site(), answer(), name,
            browser=browser_key(), address=address(), open_full=open_full,
        )  # fmt: skip

    return _open(opened, url_for("accounts.enrol", next=next_path()))


def _open(opened: Callable[[str], Opened], back: str) -> Response | BaseResponse:
    """Hand out the recovery codes, or go back to the page of the button with what went wrong."""
    form = PasskeyForm()
    if not form.validate_on_submit():
        said: Any = next(iter(form.errors.values()))[0]
        flash(said, "err")
        return redirect(back, code=303)
    try:
        token, codes = opened(form.chosen)
    except Refusal as refusal:
        flash(sentence_of(refusal), "err")
        return redirect(back, code=303)
    return show_codes(token, codes)
