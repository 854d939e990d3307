"""The way in for every request: session, rule, CSRF and the promise that access was decided.

Every endpoint declares ``@requires(Permission.X)`` or ``@public``; the application refuses to start
otherwise. A non-public success during which nothing decided on access is not sent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

from flask import Flask, Response, current_app, g, redirect, request, url_for
from flask_login import LoginManager
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response as BaseResponse

from app.access import Actor, Audience, Permission, audience_of, checks
from app.domain.errors import NotVisible
from app.infra import wall
from app.infra.db import reading
from app.web import drafts, sessions, stepping_up
from config import Mode

View = TypeVar("View", bound=Callable[..., Any])
_RULE = "__casustafel_rule__"
_RESTING = "__casustafel_resting__"
_LINGERING = "__casustafel_lingering__"
_PUBLIC = "public"
_ANONYMOUS = "__casustafel_anonymous__"
SUCCESS = 2
# Whoever leaves need not be there.
_LEAVING = "accounts.sign_out"
LOOPBACK = ("127.0.0.1", "::1")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class MissingRuleError(RuntimeError):
    """An endpoint declares neither a permission nor that it is public."""


def requires(permission: Permission) -> Callable[[View], View]:
    """Declare which permission an endpoint asks for."""

    def declare(view: View) -> View:
        setattr(view, _RULE, permission)
        return view

    return declare


def public(view: View) -> View:
    """Declare that an endpoint is for everybody; it must then show nothing of any case."""
    setattr(view, _RULE, _PUBLIC)
    return view


def anonymous(view: View) -> View:
    """Declare an endpoint public that never learns who is signed in, nor keeps their session going.

    What a browser shows there must be the same for whoever sits at it.
    """
    setattr(view, _ANONYMOUS, True)
    return public(view)


def resting(view: View) -> View:
    """Declare that a page asks this by itself: no sign of anybody, the session goes on ending."""
    setattr(view, _RESTING, True)
    return view


def is_resting(app: Flask, endpoint: str) -> bool:
    """Whether asking for an endpoint leaves the session to its end."""
    return bool(getattr(app.view_functions.get(endpoint), _RESTING, False))


def lingering(view: View) -> View:
    """Declare the page on which a session may be idle for longer; any other ends that."""
    setattr(view, _LINGERING, True)
    return view


def current_actor() -> Actor:
    """The signed-in actor of this request; NotVisible when there is none."""
    actor: Actor | None = g.get("actor")
    if actor is None:
        raise NotVisible
    return actor


def rule_of(app: Flask, endpoint: str) -> Permission | str | None:
    """The declared rule of an endpoint; None when it has none."""
    if endpoint == "static":
        return _PUBLIC
    rule: Permission | str | None = getattr(app.view_functions[endpoint], _RULE, None)
    return rule


def refuse_undeclared(app: Flask) -> None:
    """Refuse to start with an endpoint that has no rule; names it and the fix."""
    bare = [name for name in app.view_functions if rule_of(app, name) is None]
    if bare:
        message = f"{', '.join(bare)}: add @requires(Permission.…) or @public to the view"
        raise MissingRuleError(message)


def install(app: Flask) -> None:
    """Put the guard in front of and behind every view of the application."""
    login = LoginManager(app)
    login.request_loader(lambda _request: g.get("actor_user"))
    app.before_request(_before)
    app.after_request(_refuse_unchecked)
    app.teardown_request(_nobody_acts)
    app.register_error_handler(stepping_up.NotProved, _to_prove)


def _before() -> BaseResponse | None:
    checks.forget()
    g.acting = wall.enter(None)
    g.actor = None
    g.known_session = None
    if request.endpoint is None or request.endpoint == "static":
        return None
    _refuse_strangers_to_the_demo()
    _refuse_cross_site()
    if getattr(_view(), _ANONYMOUS, False):
        return None
    _identify()
    if g.actor is not None:
        wall.enter(g.actor.person_id)
    rule = getattr(_view(), _RULE, None)
    if rule == _PUBLIC:
        return None
    if g.actor is None:
        return _to_sign_in()
    assert isinstance(rule, Permission)  # noqa: S101 - refuse_undeclared saw to it
    return _let_in(rule)


def _let_in(rule: Permission) -> BaseResponse | None:
    """Past the door, unless the provider or the person is to be asked something first."""
    if g.known_session.ask_provider and request.endpoint != _LEAVING:
        return _to_provider()
    _knock(g.actor, rule)
    if stepping_up.is_due(_view(), rule, sends=request.method not in SAFE):
        # What is kept until then is typed by whoever proves it, on a page of ours.
        current_app.extensions["csrf"].protect()
        return _to_prove()
    _end_lingering()
    return None


def _end_lingering() -> None:
    """Whoever reads another page has left the worksheet; what that page sends or asks has not."""
    stays = hasattr(_view(), _LINGERING) or hasattr(_view(), _RESTING)
    if request.method in SAFE and not stays:
        g.known_session = sessions.linger_no_more(g.known_session)


def _nobody_acts(_fault: BaseException | None) -> None:
    acting = g.pop("acting", None)
    if acting is not None:
        wall.leave(acting)


def _view() -> Callable[..., Any]:
    return current_app.view_functions[str(request.endpoint)]


def _refuse_strangers_to_the_demo() -> None:
    """Demo accounts open with one click: only this very machine may reach them."""
    if sessions.settings().mode is Mode.DEMO and request.remote_addr not in LOOPBACK:
        raise Forbidden


def _refuse_cross_site() -> None:
    site = request.headers.get("Sec-Fetch-Site")
    if request.method not in SAFE and site not in (None, "same-origin", "none"):
        raise Forbidden


def _identify() -> None:
    """Find the session and its actor; a touch comes after, in its own short transaction."""
    token = sessions.token_of(request)
    if not token:
        return
    with reading() as session:
        found = sessions.find(session, token, address=request.remote_addr or "")
    if found is None:
        return
    g.known_session, g.actor = found
    if is_resting(current_app, str(request.endpoint)):
        g.known_session = replace(g.known_session, needs_touch=False)
    if g.actor is not None and g.known_session.needs_touch:
        sessions.touch(g.known_session.id)


def _knock(actor: Actor, permission: Permission) -> None:
    audience = audience_of(permission)
    if not actor.belongs_to(audience):
        raise NotVisible
    if audience in (Audience.ADMINISTRATOR, Audience.SIGNED_IN):
        # These see no case by being there; what they see beyond it passes the loaders.
        checks.note()


def _to_sign_in() -> BaseResponse:
    """Send to sign-in and back; what a timed-out session had typed is kept for its owner."""
    known: sessions.KnownSession | None = g.known_session
    page = _page_to_return_to(keep=known is not None and known.timed_out)
    return redirect(url_for("accounts.sign_in", next=page), code=303)


def _to_provider() -> BaseResponse:
    """Have the organisation asked whether somebody is still there; what was typed is kept."""
    return redirect(url_for("accounts.ask_again", next=_page_to_return_to(keep=True)), code=303)


def _to_prove(_fault: stepping_up.NotProved | None = None) -> BaseResponse:
    """Have the person prove to be there, and come back; what was typed is kept."""
    return stepping_up.to_prove(_page_to_return_to(keep=True))


def _page_to_return_to(*, keep: bool) -> str:
    """The page that was asked for, or the one a form stood on; with ``keep`` what it held stays."""
    if request.method in SAFE:
        return request.full_path.rstrip("?")
    page = _page_of_form()
    if keep:
        drafts.keep(g.known_session.person_id, page, request.form)
        page += "&restored=1" if "?" in page else "?restored=1"
    return page


def _page_of_form() -> str:
    """The page a posted form stood on: our own Referer, else the posted address itself.

    A page that shows one item after another comes back at the one that was posted to: what was
    typed there must not come up in the form of another case.
    """
    came_from = urlsplit(request.referrer or "")
    if not came_from.path or came_from.netloc != request.host:
        return drafts.page_key(request.path, request.args.get("item", ""))
    posted_to = (request.view_args or {}).get("item_id") or request.args.get("item", "")
    shown = parse_qs(came_from.query).get("item", [""])[0]
    return drafts.page_key(came_from.path, str(posted_to or shown))


def _refuse_unchecked(response: Response) -> Response:
    if request.endpoint is None or response.status_code // 100 != SUCCESS:
        return response
    if rule_of(current_app, request.endpoint) == _PUBLIC or checks.was_noted():
        return response
    current_app.logger.error("endpoint %s answered without an access check", request.endpoint)
    return Response("500", status=500, mimetype="text/plain")
