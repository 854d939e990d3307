"""Taking down an invitation answer or input by telephone; for staff."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.domain.errors import Refusal
from app.features.seats import giving, telephone
from app.features.seats.blueprint import bp
from app.features.seats.forms import InputForm, SpokenAnswerForm
from app.web.answers import Answer
from app.web.guard import current_actor, requires


@bp.route("/seats/<uuid:seat_id>/by-telephone", methods=["GET", "POST"])
@requires(Permission.SEAT_ASSIGN)
def spoken_answer(seat_id: uuid.UUID) -> Answer:
    """An answer to the invitation, given by telephone."""
    page = telephone.read_seat_call(current_actor(), seat_id)
    form = SpokenAnswerForm()
    if form.validate_on_submit():
        try:
            telephone.record_answer(current_actor(), seat_id, form.to_answer())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Vastgelegd. %(name)s krijgt de vraag of dit klopt.", name=page.holder))
            return redirect(url_for("meetings.invitations", meeting_id=page.meeting_id), 303)
    status = 422 if form.errors else 200
    return render_template("seats/spoken_answer.html", page=page, form=form), status


@bp.route("/requests/<uuid:request_id>/by-telephone", methods=["GET", "POST"])
@requires(Permission.INPUT_ASK)
def spoken_input(request_id: uuid.UUID) -> Answer:
    """Input, given by telephone."""
    page = telephone.read_request_call(current_actor(), request_id)
    form = InputForm()
    if page.only_known:
        form.ask_only_known()
    if form.validate_on_submit():
        try:
            giving.record_by_telephone(current_actor(), request_id, page.holder_id, form.to_input())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Vastgelegd. %(name)s krijgt de vraag of dit klopt.", name=page.holder))
            return redirect(url_for("meetings.asked", meeting_id=page.meeting_id), 303)
    status = 422 if form.errors else 200
    return render_template(
        "seats/spoken_input.html", page=page, form=form, most=giving.MOST_TEXT
    ), status
