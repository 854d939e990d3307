"""What everybody does with the own account: language, theme, sessions, signing out."""

from __future__ import annotations

import uuid
from datetime import timedelta

from flask import Response, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from app.access import Permission
from app.features.accounts import own
from app.features.accounts.blueprint import bp
from app.infra import clock
from app.web import sessions
from app.web.guard import current_actor, public, requires
from app.web.i18n import COOKIE, LANGUAGES
from app.web.redirects import next_or_home
from app.web.window_cookie import token_of_window

A_YEAR = 365 * 24 * 3600  # seconds
THEMES = ("", "licht", "donker")


@bp.post("/language")
@public
def language() -> BaseResponse:
    """Show everything in the chosen language from now on."""
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES and g.actor is not None:
        own.prefer_language(g.actor, chosen)
    return _remember(COOKIE, chosen, LANGUAGES)


@bp.post("/theme")
@public
def theme() -> BaseResponse:
    """Light, dark, or as the device asks."""
    chosen = request.form.get("theme", "")
    if chosen in THEMES and g.actor is not None:
        own.prefer_theme(g.actor, chosen)
    return _remember("theme", chosen, THEMES)


def _remember(name: str, value: str, known: tuple[str, ...]) -> BaseResponse:
    response = redirect(next_or_home(), code=303)
    if value in known:
        secure = sessions.is_secure()
        response.set_cookie(
            name, value, max_age=A_YEAR, secure=secure, httponly=True, samesite="Lax"
        )
    return response


@bp.post("/stay")
@requires(Permission.OWN_ACCOUNT)
def stay() -> BaseResponse | dict[str, int]:
    """Keep the session alive; the script on the page learns how many seconds it has."""
    known = g.known_session
    sessions.touch(known.id)
    now = clock.now()
    ends_at = min(now + timedelta(seconds=known.idle_seconds), known.absolute_until)
    if request.accept_mimetypes.best == "application/json":
        return {"seconds": int((ends_at - now).total_seconds())}
    if "next" not in request.form:
        return Response(status=204, mimetype="text/plain")
    return redirect(next_or_home(), code=303)


@bp.get("/sessions", endpoint="sessions")
@requires(Permission.OWN_ACCOUNT)
def own_sessions() -> str:
    """The browsers in which one is signed in."""
    usual = timedelta(seconds=sessions.settings().idle_seconds)
    longer = timedelta(seconds=sessions.settings().worksheet_idle_seconds)
    return render_template(
        "accounts/sessions.html",
        page=own.own_sessions(
            current_actor(), seen_after=clock.now() - usual, lingered_after=clock.now() - longer
        ),
        recovery=own.own_recovery(current_actor()),
        subscription=own.own_subscription(current_actor()),
    )


@bp.post("/sessions/<uuid:session_id>/end")
@requires(Permission.OWN_ACCOUNT)
def end_session(session_id: uuid.UUID) -> BaseResponse:
    """Sign another browser out."""
    actor = current_actor()
    if session_id == actor.session_id:
        return sign_out()
    own.end_session(actor, session_id)
    flash(_("Dat apparaat is uitgelogd."), "ok")
    return redirect(url_for("accounts.sessions"), code=303)


@bp.post("/sessions/end-others")
@requires(Permission.OWN_ACCOUNT)
def end_other_sessions() -> BaseResponse:
    """Sign every other browser out."""
    own.end_other_sessions(current_actor())
    flash(_("U bent op alle andere apparaten uitgelogd."), "ok")
    return redirect(url_for("accounts.sessions"), code=303)


@bp.post("/sign-out")
@requires(Permission.OWN_ACCOUNT)
def sign_out() -> BaseResponse:
    """Leave; the browser forgets what it held."""
    own.sign_out(current_actor(), window=token_of_window())
    session.clear()
    flash(_("U bent uitgelogd."), "ok")
    response = redirect(url_for("accounts.sign_in"), code=303)
    sessions.take_cookie(response)
    return response
