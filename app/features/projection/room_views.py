"""The window in the room: it gives a code, shows one screen and can empty it; nothing else.

No account is asked for, and who is signed in on the same computer plays no role.
"""

from __future__ import annotations

import hmac

from flask import abort, make_response, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from app.access.meetings.room_windows import form_token
from app.domain.errors import NotVisible
from app.features.projection import windows
from app.features.projection.blueprint import bp
from app.features.projection.forms import CodeForm
from app.infra import crypto
from app.web.answers import Answer
from app.web.guard import anonymous
from app.web.i18n import language
from app.web.window_cookie import give_cookie, take_cookie, token_of_window


@bp.route("/projection", methods=["GET", "POST"])
@anonymous
def enter() -> Answer:
    """Type the code."""
    form = CodeForm()
    tokens: list[str] = []
    address = request.remote_addr or ""
    if form.does(lambda: tokens.append(windows.pair(form.code.data or "", address=address))):
        answer = redirect(url_for(".screen"), 303)
        give_cookie(answer, tokens[0])
        return answer
    has_ended = "ended" in request.args
    return render_template("projection/enter.html", form=form, has_ended=has_ended), form.status


@bp.get("/projection/screen")
@anonymous
def screen() -> Answer:
    """What the room sees; 304 as long as nothing of that changed."""
    token = token_of_window()
    try:
        read = windows.read(token)
    except NotVisible:
        return _gone()
    state = read.state(language())
    if request.if_none_match.contains_weak(state):
        answer = Response(status=304)
    else:
        view = read.opened(iter(crypto.unseal_left(read.sealed)))
        page = render_template("projection/screen.html", view=view, form_token=form_token(token))
        answer = make_response(page)
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.set_etag(state, weak=True)
    return answer


@bp.post("/projection/dark")
@anonymous
def go_dark() -> Answer:
    """Empty the screen, from the window itself; its form is known by its own token."""
    token = token_of_window()
    typed = request.form.get("csrf_token", "").encode()
    if not token or not hmac.compare_digest(typed, form_token(token).encode()):
        abort(400)
    try:
        windows.darken(token, address=request.remote_addr or "")
    except NotVisible:
        return _gone()
    return redirect(url_for(".screen"), 303)


def _gone() -> Response:
    answer = redirect(url_for(".enter", ended=1 if token_of_window() else None), 303)
    take_cookie(answer)
    return answer


@bp.record_once
def _own_form_token(setup: BlueprintSetupState) -> None:
    """The token of sign-in forms ends with a session; this window has none, and must go on."""
    setup.app.extensions["csrf"].exempt(go_dark)
