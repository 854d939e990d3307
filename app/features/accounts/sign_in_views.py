"""Signing in: password, second factor, first enrolment, and the buttons of the demo region."""

from __future__ import annotations

import uuid
from functools import partial

from flask import (
    Response,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import SignInMethod, TableRoleName
from app.domain.text import clean_line
from app.features.accounts import demo, passkeys
from app.features.accounts.blueprint import bp
from app.features.accounts.forms import CodeForm, PasskeyForm, SignInForm
from app.features.accounts.opening import OpenSession
from app.features.accounts.sign_in import (
    check_code,
    check_password,
    confirm_enrolment,
    enrolment_of,
)
from app.web import sessions
from app.web.answers import Answer
from app.web.forms import BaseForm
from app.web.guard import public
from app.web.redirects import next_or_home, next_path
from config import Mode

GROUP_LABELS = {
    TableRoleName.CHAIR: _l("Voorzitters"),
    TableRoleName.COORDINATOR: _l("Procesregisseurs"),
    TableRoleName.REPRESENTATIVE: _l("Ketenpartners"),
    demo.OFFICE: _l("Beheer en toezicht"),
    demo.NO_ROLE: _l("Collega's zonder vaste rol"),
}


def address() -> str:
    """From where the request comes, for session rows and the log."""
    return request.remote_addr or ""


def agent() -> str:
    """What the browser calls itself."""
    return clean_line(request.headers.get("User-Agent", "")[:200])


def opener(
    stage: str,
    *,
    after: uuid.UUID | None = None,
    method: SignInMethod = SignInMethod.PASSWORD,
) -> OpenSession:
    """Makes a session row of this stage for this browser, inside the service's transaction.

    ``after`` is the session of the step before: a provider it came from stays known.
    """
    return partial(
        sessions.start,
        stage=stage,
        address=address(),
        agent=agent(),
        after=after,
        method=method,
    )


def with_session(target: str, token: str) -> BaseResponse:
    """Send on with a new session; the form token of before is left behind."""
    session.clear()
    response = redirect(target, code=303)
    sessions.give_cookie(response, token)
    return response


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> Answer:
    """E-mail address and password; in the demo region a button per person."""
    if g.actor is not None:
        return redirect(next_or_home(), code=303)
    form = SignInForm()
    status = 200
    if form.validate_on_submit():
        try:
            passed = check_password(
                form.email.data or "",
                form.password.data,
                address=address(),
                open_pending=opener(sessions.STAGE_PASSWORD),
                open_enrol=opener(sessions.STAGE_ENROL),
            )
        except Refusal as refusal:
            status = refused(form, refusal)
        else:
            step = "accounts.enrol" if passed.must_enrol else "accounts.code"
            return with_session(url_for(step, next=next_path()), passed.token)
    elif form.errors:
        status = 422
    is_demo = sessions.settings().mode is Mode.DEMO
    page = render_template(
        "accounts/sign_in.html",
        form=form,
        groups=demo.demo_groups() if is_demo else (),
        group_labels=GROUP_LABELS,
        next_path=next_path() or "",
    )
    return page, status


def refused(form: BaseForm, refusal: Refusal) -> int:
    """Show why; the status is 429 while waiting, else 422."""
    form.refuse(refusal)
    return 429 if refusal.reason is Reason.TOO_MANY_TRIES else 422


def pending(stage: str) -> sessions.KnownSession | None:
    """The session that has passed the steps before ``stage`` in this browser."""
    known: sessions.KnownSession | None = g.known_session
    return known if known and known.live and known.stage == stage else None


@bp.route("/sign-in/code", methods=["GET", "POST"])
@public
def code() -> Answer:
    """The second step: a code of the app, or a recovery code."""
    known = pending(sessions.STAGE_PASSWORD)
    if known is None:
        return redirect(url_for("accounts.sign_in", next=next_path()), code=303)
    form = CodeForm()
    status = 200
    if form.validate_on_submit():
        try:
            token = check_code(
                known.id,
                known.person_id,
                form.code.data or "",
                address=address(),
                open_full=opener(sessions.STAGE_FULL, after=known.id),
            )
        except Refusal as refusal:
            status = refused(form, refusal)
        else:
            return with_session(next_or_home(), token)
    elif form.errors:
        status = 422
    with_recovery = "recovery" in request.args
    if with_recovery:
        form.code.label.text = _("Herstelcode")
    return render_template(
        "accounts/code.html",
        form=form,
        next_path=next_path(),
        with_recovery=with_recovery,
        has_passkey=passkeys.has_any(known.person_id),
    ), status


@bp.route("/sign-in/enrol", methods=["GET", "POST"])
@public
def enrol() -> Answer:
    """The first sign-in: copy the secret into an app and prove it with a code."""
    known = pending(sessions.STAGE_ENROL)
    if known is None:
        return redirect(url_for("accounts.sign_in", next=next_path()), code=303)
    form = CodeForm()
    status = 200
    if form.validate_on_submit():
        try:
            token, codes = confirm_enrolment(
                known.id,
                known.person_id,
                form.code.data or "",
                address=address(),
                open_full=opener(sessions.STAGE_FULL, after=known.id),
            )
        except Refusal as refusal:
            status = refused(form, refusal)
        else:
            return show_codes(token, codes)
    elif form.errors:
        status = 422
    return render_template(
        "accounts/enrol.html",
        form=form,
        key_form=PasskeyForm(formdata=None),
        next_path=next_path(),
        page=enrolment_of(known.person_id),
    ), status


def show_codes(token: str, codes: tuple[str, ...]) -> Response:
    """The ten codes, shown in this one answer only: nothing could show them again."""
    session.clear()
    page = render_template("accounts/recovery_codes.html", codes=codes, onward=next_or_home())
    response = make_response(page)
    sessions.give_cookie(response, token)
    return response


@bp.get("/sign-in/enrol/qr.svg")
@public
def enrol_qr() -> Response:
    """The QR code of the pending enrolment of this browser; 404 for everybody else."""
    known = pending(sessions.STAGE_ENROL)
    if known is None:
        raise NotVisible
    return Response(enrolment_of(known.person_id).qr_svg(), mimetype="image/svg+xml")


@bp.post("/sign-in/demo")
@public
def sign_in_demo() -> Answer:
    """Sign a made-up person in; exists in demo mode only."""
    if sessions.settings().mode is not Mode.DEMO:
        raise NotVisible
    try:
        person_id = uuid.UUID(request.form.get("person_id", ""))
    except ValueError:
        raise NotVisible from None
    token = demo.sign_in_demo(person_id, address=address(), open_full=opener(sessions.STAGE_FULL))
    return with_session(next_or_home(), token)
