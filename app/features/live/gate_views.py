"""The gate on the working page: noting somebody without a seat, sending out, letting in."""

from __future__ import annotations

import uuid

from flask import redirect, render_template, url_for

from app.access import LoadedItem, Permission
from app.domain.errors import Refusal
from app.features.live import gate
from app.features.live.blueprint import bp
from app.features.live.forms import AdmitForm, BystanderForm
from app.web.answers import Answer
from app.web.guard import current_actor, requires


@bp.post("/items/<uuid:item_id>/bystanders")
@requires(Permission.MEETING_CLOSE)
def note_bystander(item_id: uuid.UUID) -> Answer:
    """Somebody is in the room without a seat."""
    form = BystanderForm()
    meeting_id = gate.note(current_actor(), item_id, form.who.data or "")
    return redirect(url_for(".worksheet", meeting_id=meeting_id, item=item_id), 303)


@bp.post("/bystanders/<uuid:bystander_id>/left")
@requires(Permission.MEETING_CLOSE)
def send_out(bystander_id: uuid.UUID) -> Answer:
    """The person left."""
    return _back(gate.send_out(current_actor(), bystander_id))


@bp.route("/bystanders/<uuid:bystander_id>/admit", methods=["GET", "POST"])
@requires(Permission.MEETING_CLOSE)
def admit(bystander_id: uuid.UUID) -> Answer:
    """The person stays, with a reason."""
    page = gate.read_waiting(current_actor(), bystander_id)
    form = AdmitForm()
    if form.validate_on_submit():
        try:
            return _back(gate.admit(current_actor(), bystander_id, form.reason.data or ""))
        except Refusal as refusal:
            form.refuse(refusal)
    return render_template("live/admit.html", page=page, form=form), 422 if form.errors else 200


def _back(loaded: LoadedItem) -> Answer:
    there = url_for(".worksheet", meeting_id=loaded.meeting.id, item=loaded.item.id)
    return redirect(there, 303)
