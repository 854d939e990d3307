"""Changing and dropping an action from the working page."""

from __future__ import annotations

import uuid

from flask import render_template

from app.access import Permission
from app.features.live import capturing, mending
from app.features.live.blueprint import bp
from app.features.live.forms import ActionTextForm
from app.features.live.log_views import back_to, took_back
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
    form.offer(page)

    def change() -> None:
        words = form.to_words()
        if words.safe != page.safe:
            capturing.refuse_telling(current_actor(), page.meeting_id, words.safe)
        mending.change_action(current_actor(), action_id, words)

    if form.does(change):
        return back_to(page.meeting_id, page.item_id, action_id)
    return render_template("live/action.html", page=page, form=form), form.status


@bp.post("/actions/<uuid:action_id>/drop")
@requires(Permission.ACTION_RECORD)
def drop_action(action_id: uuid.UUID) -> Answer:
    """Let an action lapse."""
    page = mending.action_to_edit(current_actor(), action_id)
    removed = mending.drop_action(current_actor(), action_id, version=VersionForm().known_version)
    return took_back(page.meeting_id, removed)


def _typed(page: mending.ActionToEdit) -> dict[str, str]:
    return {
        "safe": page.safe,
        "full": page.full,
        "due_on": formats.date_short(page.due_on, "nl"),
        "due_time": formats.clock(page.due_at, "nl") if page.due_at else "",
        "holder": str(page.seat_id or ""),
        "version": str(page.version),
    }
