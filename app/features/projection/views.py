"""Staff at the screen in the room: its windows, dark and light, sentences on and off it."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.features.projection import (
    pushing,
    room_views,  # noqa: F401 - it hangs its pages on bp
    windows,
)
from app.features.projection.blueprint import bp
from app.features.projection.forms import SentenceForm
from app.features.projection.pushing import Source
from app.web.answers import Answer
from app.web.guard import current_actor, requires
from app.web.sessions import settings
from app.web.window_cookie import give_cookie


@bp.get("/meetings/<uuid:meeting_id>/projection")
@requires(Permission.MEETING_CLOSE)
def overview(meeting_id: uuid.UUID) -> Answer:
    """The windows of a meeting."""
    page = windows.overview(current_actor(), meeting_id)
    return render_template("projection/windows.html", page=page, code=None, address="")


@bp.post("/meetings/<uuid:meeting_id>/projection/code")
@requires(Permission.MEETING_CLOSE)
def make_code(meeting_id: uuid.UUID) -> Answer:
    """A code for one window; it shows in this one answer only."""
    code = windows.make_code(current_actor(), meeting_id)
    page = windows.overview(current_actor(), meeting_id)
    # Of the setting, not of the request: whoever names another host reads no other address.
    address = settings().base_url.rstrip("/") + url_for(".enter")
    return render_template("projection/windows.html", page=page, code=code, address=address)


@bp.post("/meetings/<uuid:meeting_id>/projection/here")
@requires(Permission.MEETING_CLOSE)
def open_here(meeting_id: uuid.UUID) -> Answer:
    """A window on this very computer."""
    answer = redirect(url_for(".screen"), 303)
    give_cookie(answer, windows.open_here(current_actor(), meeting_id))
    return answer


@bp.post("/projections/<uuid:window_id>/end")
@requires(Permission.MEETING_CLOSE)
def end(window_id: uuid.UUID) -> Answer:
    """End one window."""
    meeting_id = windows.end(current_actor(), window_id)
    flash(_("Het venster is gestopt."))
    return redirect(url_for(".overview", meeting_id=meeting_id), 303)


@bp.post("/meetings/<uuid:meeting_id>/projection/dark")
@requires(Permission.MEETING_CLOSE)
def darken(meeting_id: uuid.UUID) -> Answer:
    """Empty the screen in the room."""
    windows.cover(current_actor(), meeting_id, is_blank=True)
    return _back(meeting_id)


@bp.post("/meetings/<uuid:meeting_id>/projection/light")
@requires(Permission.MEETING_CLOSE)
def lighten(meeting_id: uuid.UUID) -> Answer:
    """Show again what was on the screen."""
    windows.cover(current_actor(), meeting_id, is_blank=False)
    return _back(meeting_id)


@bp.route("/decisions/<uuid:decision_id>/push", methods=["GET", "POST"])
@requires(Permission.MEETING_CLOSE)
def push_decision(decision_id: uuid.UUID) -> Answer:
    """Put a decision on the screen."""
    return _push(Source(decision_id=decision_id))


@bp.route("/actions/<uuid:action_id>/push", methods=["GET", "POST"])
@requires(Permission.MEETING_CLOSE)
def push_action(action_id: uuid.UUID) -> Answer:
    """Put the neutral text of an action on the screen."""
    return _push(Source(action_id=action_id))


@bp.post("/projected/<uuid:line_id>/take-away")
@requires(Permission.MEETING_CLOSE)
def take_away(line_id: uuid.UUID) -> Answer:
    """Take a sentence off the screen."""
    at = pushing.take_away(current_actor(), line_id)
    return redirect(url_for("live.worksheet", meeting_id=at.meeting.id, item=at.item.id), 303)


def _back(meeting_id: uuid.UUID) -> Answer:
    """The item the worksheet showed: what is typed there goes to it, whatever is on the table."""
    shown = request.args.get("item", None, type=uuid.UUID)
    return redirect(url_for("live.worksheet", meeting_id=meeting_id, item=shown), 303)


def _push(source: Source) -> Answer:
    page = pushing.read(current_actor(), source)
    form = SentenceForm()
    named: tuple[str, ...] = ()
    if form.validate_on_submit():
        named = pushing.push(current_actor(), page, form.sentence.data or "")
        if not named:
            there = url_for("live.worksheet", meeting_id=page.meeting_id, item=page.item_id)
            return redirect(there, 303)
        form.sentence.data = form.sentence.data or page.text
        form.form_errors.append(_("Deze zin noemt iemand of een casus en kan niet op het scherm."))
    return render_template("projection/push.html", page=page, form=form, named=named), form.status
