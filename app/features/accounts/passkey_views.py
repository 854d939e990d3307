"""Passkeys: alone at the door, after the password, to prove who is there, and one's own list.

The browser's script fetches what is to be signed and posts what was; without it no button shows.
"""

from __future__ import annotations

import secrets
import uuid
from functools import partial

from flask import Response, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from app.access import Actor, Permission
from app.domain.errors import NotVisible, Refusal
from app.domain.kinds import CeremonyPurpose, SignInMethod
from app.features.accounts import passkey_making, passkeys
from app.features.accounts.blueprint import bp
from app.features.accounts.forms import PasskeyForm
from app.features.accounts.passkey_ceremonies import Site
from app.features.accounts.sign_in_views import address, opener, pending, with_session
from app.web import sessions, stepping_up
from app.web.answers import Answer
from app.web.errors import sentence_of
from app.web.guard import current_actor, public, requires
from app.web.redirects import next_or_home, next_path

HELD = "passkey_browser"


def site() -> Site:
    """The address people see."""
    return Site(sessions.settings().base_url.rstrip("/"))


def browser_key() -> str:
    """What binds a question to this browser; kept in its signed cookie."""
    held: str = session.setdefault(HELD, secrets.token_urlsafe(32))
    return held


def answer() -> str:
    """What the device signed."""
    return request.form.get("answer", "")


def as_json(options: str) -> Response:
    """What a device is asked, for the script."""
    return Response(options, mimetype="application/json")


@bp.post("/sign-in/passkey/asked")
@public
def passkey_asked() -> Response:
    """What any key is to sign for signing in by it alone."""
    return as_json(passkeys.ask_anybody(site(), browser_key()))


@bp.post("/sign-in/passkey")
@public
def passkey_sign_in() -> Answer:
    """Sign in by a key alone."""
    open_full = opener(sessions.STAGE_FULL, method=SignInMethod.PASSKEY)
    try:
        token = passkeys.sign_in(
            site(), answer(), browser=browser_key(), address=address(), open_full=open_full
        )
    except Refusal as refusal:
        return _say(refusal, "accounts.sign_in")
    return with_session(next_or_home(), token)


@bp.post("/sign-in/code/passkey/asked")
@public
def second_passkey_asked() -> Response:
    """What a key of whom the password was of is to sign."""
    known = pending(sessions.STAGE_PASSWORD)
    if known is None:
        raise NotVisible
    purpose = CeremonyPurpose.SECOND_FACTOR
    return as_json(passkeys.ask_person(known.person_id, purpose, site(), browser_key()))


@bp.post("/sign-in/code/passkey")
@public
def second_passkey() -> Answer:
    """The second step by a key."""
    known = pending(sessions.STAGE_PASSWORD)
    if known is None:
        return redirect(url_for("accounts.sign_in", next=next_path()), code=303)
    open_full = opener(sessions.STAGE_FULL, after=known.id, method=SignInMethod.PASSKEY)
    try:
        token = passkeys.second_factor(
            known.id, known.person_id, site(), answer(),
            browser=browser_key(), address=address(), open_full=open_full,
        )  # fmt: skip
    except Refusal as refusal:
        return _say(refusal, "accounts.code")
    return with_session(next_or_home(), token)


def _has_passkey(actor: Actor) -> object | None:
    return passkeys.own_passkeys(actor) or None


stepping_up.offer(stepping_up.Way("passkey", "accounts/_prove_by_passkey.html", _has_passkey))


@bp.post("/step-up/passkey/asked")
@requires(Permission.OWN_ACCOUNT)
def step_up_passkey_asked() -> Response:
    """What an own key is to sign to prove who is there."""
    purpose = CeremonyPurpose.STEP_UP
    return as_json(passkeys.ask_person(current_actor().person_id, purpose, site(), browser_key()))


@bp.post("/step-up/passkey")
@requires(Permission.OWN_ACCOUNT)
def step_up_passkey() -> Answer:
    """Prove who is there by a key."""
    actor = current_actor()
    note = partial(stepping_up.note_proof, actor=actor, session_id=actor.session_id, by="passkey")
    try:
        passkeys.prove(actor, site(), answer(), browser=browser_key(), note=note)
    except Refusal as refusal:
        return _say(refusal, "accounts.step_up")
    return redirect(next_or_home(), code=303)


def _say(refusal: Refusal, endpoint: str) -> BaseResponse:
    """Back to the page of the button, with what went wrong."""
    flash(sentence_of(refusal), "err")
    return redirect(url_for(endpoint, next=next_path()), code=303)


@bp.get("/passkeys", endpoint="passkeys")
@requires(Permission.OWN_ACCOUNT)
@stepping_up.fresh
def own_passkeys() -> Answer:
    """One's own keys, and a new one."""
    return _own_page(PasskeyForm())


def _own_page(form: PasskeyForm) -> Answer:
    page = passkeys.own_passkeys(current_actor())
    return render_template("accounts/passkeys.html", form=form, page=page), form.status


@bp.post("/passkeys/asked")
@requires(Permission.OWN_ACCOUNT)
@stepping_up.fresh
def new_passkey_asked() -> Response:
    """What a new key is to sign."""
    return as_json(passkey_making.ask_for_new(current_actor(), site(), browser_key()))


@bp.post("/passkeys")
@requires(Permission.OWN_ACCOUNT)
@stepping_up.fresh
def add_passkey() -> Answer:
    """Keep a new key."""
    form, actor = PasskeyForm(), current_actor()

    def keep() -> None:
        passkey_making.add(actor, site(), answer(), form.chosen, browser=browser_key())

    if form.does(keep):
        flash(_("De passkey is toegevoegd."), "ok")
        return redirect(url_for("accounts.passkeys"), code=303)
    return _own_page(form)


@bp.post("/passkeys/<uuid:passkey_id>/end")
@requires(Permission.OWN_ACCOUNT)
@stepping_up.fresh
def end_passkey(passkey_id: uuid.UUID) -> Answer:
    """A key signs in no longer."""
    try:
        passkey_making.revoke(current_actor(), passkey_id)
    except Refusal as refusal:
        flash(sentence_of(refusal), "err")
    else:
        flash(_("De passkey werkt niet meer."), "ok")
    return redirect(url_for("accounts.passkeys"), code=303)
