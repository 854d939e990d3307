"""The check page before everybody at an item reads an action from before in full."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.features.live import carried
from app.features.live.blueprint import bp
from app.web.answers import Answer
from app.web.guard import current_actor, requires


@bp.get("/items/<uuid:item_id>/actions/<uuid:action_id>/show")
@requires(Permission.MEETING_CLOSE)
def show_carried(item_id: uuid.UUID, action_id: uuid.UUID) -> Answer:
    """Who would read what."""
    page = carried.page_of(current_actor(), item_id, action_id)
    return render_template("live/show_action.html", page=page)


@bp.post("/items/<uuid:item_id>/actions/<uuid:action_id>/show")
@requires(Permission.MEETING_CLOSE)
def agree_to_show(item_id: uuid.UUID, action_id: uuid.UUID) -> Answer:
    """The chair agrees."""
    meeting_id = carried.show(current_actor(), item_id, action_id)
    flash(_("De deelnemers aan deze bespreking lezen nu de inhoudelijke tekst."), "ok")
    return redirect(url_for(".worksheet", meeting_id=meeting_id, item=item_id), 303)


@bp.post("/items/<uuid:item_id>/actions/<uuid:action_id>/show/withdraw")
@requires(Permission.MEETING_CLOSE)
def hide_carried(item_id: uuid.UUID, action_id: uuid.UUID) -> Answer:
    """The chair takes that back."""
    meeting_id = carried.hide(current_actor(), item_id, action_id)
    flash(_("De deelnemers lezen weer alleen de neutrale tekst."), "ok")
    return redirect(url_for(".worksheet", meeting_id=meeting_id, item=item_id), 303)
