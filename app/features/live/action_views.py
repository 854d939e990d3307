"""Changing and dropping an action from the working page."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.features.live import mending
from app.features.live.blueprint import bp
from app.features.live.forms import ActionTextForm
from app.web import formats
from app.web.answers import Answer
from app.web.forms import VersionForm
from app.web.guard import current_actor, requires


@bp.route("/actions/<uuid:action_id>/words", methods=["GET", "POST"])
@requires(Permission.ACTION_RECORD)
def edit_action(action_id: uuid.UUID) -> Answer:
    """Change the texts or the date of an action."""
    page = mending.action_to_edit(current_actor(), action_id)
    form = ActionTextForm(data=_typed(page))
    if form.does(lambda: mending.change_action(current_actor(), action_id, form.to_words())):
        there = url_for(".worksheet", meeting_id=page.meeting_id, item=page.item_id)
        return redirect(there, 303)
    return render_template("live/action.html", page=page, form=form), form.status


@bp.post("/actions/<uuid:action_id>/drop")
@requires(Permission.ACTION_RECORD)
def drop_action(action_id: uuid.UUID) -> Answer:
    """Let an action lapse."""
    page = mending.action_to_edit(current_actor(), action_id)
    mending.drop_action(current_actor(), action_id, version=VersionForm().known_version)
    flash(_("De actie is vervallen."), "ok")
    return redirect(url_for(".worksheet", meeting_id=page.meeting_id, item=page.item_id), 303)


def _typed(page: mending.ActionToEdit) -> dict[str, str]:
    return {
        "safe": page.safe,
        "full": page.full,
        "due_on": formats.date_short(page.due_on, "nl"),
        "version": str(page.version),
    }
