"""The own referrals: the list, one of them, and what a referrer may still do with it."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from wtforms import SelectChoice  # type: ignore[attr-defined]  # newer than the published types

from app.access import Permission
from app.features.referrals import (
    followed,
    step_views,  # noqa: F401 - they hang their pages on bp
)
from app.features.referrals.blueprint import bp
from app.features.referrals.forms import AnswerForm, HandOnForm, WithdrawForm
from app.web import line_words, referral_words
from app.web.answers import Answer, id_typed, page_number
from app.web.guard import current_actor, requires


@bp.get("/referrals")
@requires(Permission.REFERRAL_FOLLOW)
def listing() -> Answer:
    """The own referrals and drafts."""
    page = followed.list_page(current_actor(), page_number())
    return render_template("referrals/listing.html", page=page, words=referral_words)


@bp.get("/referrals/<uuid:referral_id>")
@requires(Permission.REFERRAL_FOLLOW)
def show(referral_id: uuid.UUID) -> Answer:
    """Where one own referral stands."""
    return _shown(referral_id, AnswerForm())


@bp.post("/referrals/<uuid:referral_id>")
@requires(Permission.REFERRAL_FOLLOW)
def answer(referral_id: uuid.UUID) -> Answer:
    """Answer what was asked back."""
    form, question_id = AnswerForm(), id_typed("question")
    actor = current_actor()
    if form.does(lambda: followed.answer(actor, referral_id, question_id, form.to_answer())):
        flash(_("Uw antwoord is verstuurd."), "ok")
        return redirect(url_for(".show", referral_id=referral_id), 303)
    return _shown(referral_id, form)


def _shown(referral_id: uuid.UUID, form: AnswerForm) -> Answer:
    page = followed.own_page(current_actor(), referral_id)
    shown = render_template(
        "referrals/show.html", page=page, form=form, words=referral_words, line_words=line_words
    )
    return shown, form.status


@bp.route("/referrals/<uuid:referral_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.REFERRAL_FOLLOW)
def withdraw(referral_id: uuid.UUID) -> Answer:
    """Take it back, with the reason for staff."""
    form, actor = WithdrawForm(), current_actor()
    page = followed.own_page(actor, referral_id)
    if form.does(lambda: followed.withdraw(actor, referral_id, form.to_reason())):
        flash(_("De aanmelding is ingetrokken."), "ok")
        return redirect(url_for(".show", referral_id=referral_id), 303)
    return render_template("referrals/withdraw.html", page=page, form=form), form.status


@bp.route("/referrals/<uuid:referral_id>/hand-on", methods=["GET", "POST"])
@requires(Permission.REFERRAL_FOLLOW)
def hand_on(referral_id: uuid.UUID) -> Answer:
    """Have a colleague follow it from now on."""
    form, actor = HandOnForm(), current_actor()
    form.colleague.choices = [
        SelectChoice("", _("Kies …")),
        *(SelectChoice(str(one.id), one.name) for one in followed.colleagues(actor, referral_id)),
    ]
    if form.does(lambda: followed.hand_on(actor, referral_id, form.to_person())):
        flash(_("Overgedragen. Uw collega volgt de aanmelding nu."), "ok")
        return redirect(url_for(".listing"), 303)
    return render_template(
        "referrals/hand_on.html", form=form, referral_id=referral_id
    ), form.status
