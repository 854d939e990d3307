"""The page on which one meeting is handed over to an acting chair."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.features.live import chairing
from app.features.live.blueprint import bp
from app.features.live.chairing_forms import HandOverForm
from app.web.answers import Answer
from app.web.forms import given
from app.web.guard import current_actor, requires


@bp.route("/meetings/<uuid:meeting_id>/chair", methods=["GET", "POST"])
@requires(Permission.MEETING_CLOSE)
def hand_over(meeting_id: uuid.UUID) -> Answer:
    """Hand the meeting over, at once."""
    page = chairing.chair_page(current_actor(), meeting_id)
    form = HandOverForm()
    form.offer(page)
    if form.does(lambda: _hand_over(meeting_id, form)):
        flash(_("Het overleg is overgedragen. De leiding van de casustafel krijgt bericht."), "ok")
        return redirect(url_for("meetings.show", meeting_id=meeting_id), 303)
    return render_template("live/chair.html", page=page, form=form), form.status


def _hand_over(meeting_id: uuid.UUID, form: HandOverForm) -> None:
    chairing.hand_over(
        current_actor(),
        meeting_id,
        uuid.UUID(form.person.data),
        day=given(form.until_day.parsed, "until_day"),
        at=form.until_time.parsed,
    )


@bp.post("/meetings/<uuid:meeting_id>/chair/end")
@requires(Permission.MEETING_CLOSE)
def take_back(meeting_id: uuid.UUID) -> Answer:
    """End it before its time."""
    chairing.take_back(current_actor(), meeting_id)
    flash(_("De waarneming is beëindigd. De leiding van de casustafel krijgt bericht."), "ok")
    return redirect(url_for("meetings.show", meeting_id=meeting_id), 303)
