"""Answering who asks for more time, and confirming with one press that an action is done."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.domain.errors import Refusal, StaleEdit
from app.features.actions import answering, more_time
from app.features.actions.answer_forms import AnswerTimeForm, TimeAnswer
from app.features.actions.blueprint import bp
from app.infra import clock
from app.web import labels
from app.web.answers import Answer
from app.web.errors import sentence_of
from app.web.guard import current_actor, requires


@bp.route("/actions/<uuid:action_id>/more-time", methods=["GET", "POST"])
@requires(Permission.ACTION_FOLLOW)
def answer_time(action_id: uuid.UUID) -> Answer:
    """Give the time asked for, give another day, or refuse and say why.

    An old page answers no newer request: 409.
    """
    page = answering.asked_page(current_actor(), action_id)
    form = AnswerTimeForm(
        request_id=str(page.request_id),
        answer=TimeAnswer.GRANT.value,
        until_on=f"{page.until_on:%d-%m-%Y}",
    )
    if form.validate_on_submit():
        try:
            _answer(action_id, form)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Beantwoord. De actiehouder krijgt bericht."), "ok")
            return redirect(url_for(".detail", action_id=action_id), 303)
    code = 422 if form.errors else 200
    return render_template("actions/answer_time.html", page=page, form=form, labels=labels), code


@bp.post("/actions/<uuid:action_id>/verify")
@requires(Permission.ACTION_FOLLOW)
def verify(action_id: uuid.UUID) -> Answer:
    """Confirm that what was reported as done is done."""
    try:
        version = request.form.get("version", 0, type=int)
        answering.verify(current_actor(), action_id, version=version)
    except Refusal as refusal:
        flash(sentence_of(refusal), "err")
    except StaleEdit:
        flash(_("Deze actie is intussen gewijzigd. Kijk eerst hoe het er nu mee staat."), "warn")
    else:
        flash(_("Bevestigd."), "ok")
    return redirect(url_for(".detail", action_id=action_id), 303)


def _answer(action_id: uuid.UUID, form: AnswerTimeForm) -> None:
    remark, request_id = form.remark.data or "", form.request_id.data or ""
    if form.answer.data == TimeAnswer.GRANT:
        until_on = form.until_on.parsed or clock.today()
        more_time.grant(current_actor(), action_id, request_id, until_on=until_on, remark=remark)
    else:
        more_time.refuse(current_actor(), action_id, request_id, reason=remark)
