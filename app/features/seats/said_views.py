"""Confirming or correcting what was taken down by telephone."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.domain.errors import Refusal
from app.features.seats import giving, said
from app.features.seats.blueprint import bp
from app.features.seats.forms import ANSWERS, InputForm
from app.web.answers import Answer
from app.web.guard import current_actor, requires


@bp.route("/my-input/<uuid:request_id>/said", methods=["GET", "POST"])
@requires(Permission.INPUT_GIVE)
def said_input(request_id: uuid.UUID) -> Answer:
    """What was taken down, with a form to correct it."""
    page = said.read_said(current_actor(), request_id)
    form = InputForm(
        answer=page.answer.value,
        text=page.text,
        regime=page.regime.value,
        no_passing_on=page.no_passing_on,
    )
    if page.only_known:
        form.ask_only_known()
    if form.validate_on_submit():
        try:
            said.correct(current_actor(), request_id, form.to_input())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Uw inbreng is verbeterd. Dank u."))
            return redirect(url_for("home.start"), 303)
    answer = render_template(
        "seats/said.html", page=page, form=form, most=giving.MOST_TEXT, answers=ANSWERS
    )
    return answer, 422 if form.errors else 200


@bp.post("/my-input/<uuid:request_id>/said/right")
@requires(Permission.INPUT_GIVE)
def said_right(request_id: uuid.UUID) -> Answer:
    """Confirm what was taken down."""
    said.confirm(current_actor(), request_id)
    flash(_("Bevestigd. Dank u."))
    return redirect(url_for("home.start"), 303)
