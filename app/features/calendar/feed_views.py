"""The calendar subscription: the address itself, and the own page to make and revoke it."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.access.messages.feeds import FoundFeed
from app.domain.errors import NotVisible, Refusal
from app.features.calendar import feeds, subscriptions
from app.features.calendar.blueprint import bp
from app.features.calendar.forms import FeedForm
from app.web.answers import Answer
from app.web.guard import current_actor, public, requires
from app.web.sessions import settings

A_SECOND = timedelta(seconds=1)


@bp.get("/calendar/<token>.ics")
@public
def feed(token: str) -> Response:
    """What calendar programs fetch: the address is the key, so nobody is sent to sign in."""
    try:
        found = feeds.fetch(token, address=request.remote_addr or "")
    except NotVisible:
        answer = Response("404 Not Found\n", 404, mimetype="text/plain")
    except Refusal:
        answer = Response("429 Too Many Requests\n", 429, mimetype="text/plain")
    else:
        answer = _unchanged(found) or Response(
            feeds.render(found), content_type="text/calendar; charset=utf-8"
        )
        answer.set_etag(found.state)
        answer.last_modified = found.changed_at
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _unchanged(found: FoundFeed) -> Response | None:
    """304 for whoever has this already (RFC 9110 13.2.2: the tag counts before the date)."""
    if request.if_none_match:
        is_known = request.if_none_match.contains_weak(found.state)
    else:
        since = request.if_modified_since
        is_known = since is not None and found.changed_at < since + A_SECOND
    return Response(status=304) if is_known else None


@bp.route("/subscription", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def subscription() -> Answer:
    """The own subscription; making one shows its address in this one answer only."""
    actor = current_actor()
    own = subscriptions.read_own(actor)
    form = FeedForm(obj=own)
    if form.validate_on_submit():
        return _made(subscriptions.make(actor, form.to_content()))
    page = render_template("calendar/subscription.html", page=own, form=form)
    return page, 422 if form.errors else 200


@bp.post("/subscription/replace")
@requires(Permission.OWN_ACCOUNT)
def replace_subscription() -> Answer:
    """Another address with the same content; the old one stops."""
    return _made(subscriptions.make(current_actor(), None))


@bp.post("/subscription/content")
@requires(Permission.OWN_ACCOUNT)
def subscription_content() -> Answer:
    """Say less or more."""
    form = FeedForm()
    if form.validate_on_submit():
        subscriptions.choose_content(current_actor(), form.to_content())
        flash(_("Opgeslagen. Uw agenda toont het na de volgende keer ophalen."), "ok")
    return redirect(url_for(".subscription"), 303)


@bp.post("/subscription/revoke")
@requires(Permission.OWN_ACCOUNT)
def revoke_subscription() -> Answer:
    """Stop the subscription."""
    subscriptions.revoke(current_actor())
    flash(_("Het abonnement is ingetrokken. Het adres werkt niet meer."), "ok")
    return redirect(url_for(".subscription"), 303)


@bp.get("/subscription/about")
@requires(Permission.OWN_ACCOUNT)
def about() -> Answer:
    """What comes into calendars, and what never does."""
    return render_template("calendar/about.html")


def _made(token: str) -> str:
    address = settings().base_url.rstrip("/") + url_for(".feed", token=token)
    webcal = "webcal" + address[address.index(":") :]
    return render_template("calendar/subscription_made.html", address=address, webcal=webcal)
