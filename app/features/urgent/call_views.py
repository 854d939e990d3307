"""The call sheet: one tap per try, on a phone, without a script."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.domain.errors import NotVisible, Reason, Refusal
from app.features.urgent.blueprint import bp
from app.features.urgent.calls import make_holder, note_try, read_calls
from app.features.urgent.forms import OUTCOME_WORDS, TryForm
from app.web.answers import Answer, id_typed
from app.web.errors import sentence_of
from app.web.guard import current_actor, requires


@bp.get("/meetings/<uuid:meeting_id>/calls")
@requires(Permission.MEETING_READ)
def calls(meeting_id: uuid.UUID) -> Answer:
    """The sheet."""
    page = read_calls(current_actor(), meeting_id)
    return render_template("urgent/calls.html", page=page, form=TryForm(), words=OUTCOME_WORDS)


@bp.post("/meetings/<uuid:meeting_id>/calls")
@requires(Permission.SEAT_ASSIGN)
def note_call(meeting_id: uuid.UUID) -> Answer:
    """Note what came of a try, and back to the same organisation."""
    form = TryForm()
    seat_id = id_typed("seat")
    new = form.to_try(seat_id) if form.validate_on_submit() else None
    if new is None:
        raise Refusal(Reason.VALUE_UNKNOWN)
    try:
        note_try(current_actor(), meeting_id, new)
    except Refusal as refusal:
        flash(sentence_of(refusal), "err")
    return redirect(url_for(".calls", meeting_id=meeting_id, _anchor=f"s-{seat_id}"), 303)


@bp.post("/meetings/<uuid:meeting_id>/calls/holder")
@requires(Permission.SEAT_ASSIGN)
def hold(meeting_id: uuid.UUID) -> Answer:
    """Make somebody who comes the holder of the seat."""
    form, seat_id = TryForm(), id_typed("seat")
    if not form.validate_on_submit():
        raise NotVisible
    try:
        make_holder(current_actor(), meeting_id, seat_id, form.contact.data or "")
    except Refusal as refusal:
        flash(sentence_of(refusal), "err")
    else:
        flash(_("Aangewezen. De uitnodiging gaat nu meteen uit."), "ok")
    return redirect(url_for(".calls", meeting_id=meeting_id, _anchor=f"s-{seat_id}"), 303)
