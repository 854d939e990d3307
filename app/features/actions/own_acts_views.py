"""What else a holder may do with an action: ask for more time, hand it over, take it on."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.domain.errors import Refusal, StaleEdit
from app.features.actions import more_time, own_page, passing_on
from app.features.actions.blueprint import bp
from app.features.actions.own_forms import HandOverForm, MoreTimeForm
from app.web import labels
from app.web.answers import Answer
from app.web.errors import sentence_of
from app.web.guard import current_actor, requires


@bp.route("/my-actions/<uuid:action_id>/more-time", methods=["GET", "POST"])
@requires(Permission.ACTION_REPORT)
def more(action_id: uuid.UUID) -> Answer:
    """Ask for more time."""
    actor, stale = current_actor(), False
    page = own_page.own_action(actor, action_id)
    form = MoreTimeForm(version=page.version)
    if form.validate_on_submit():
        try:
            more_time.ask(
                actor, action_id,
                until_on=form.day, reason=form.remark.data or "", version=form.version.data or 0,
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        except StaleEdit as edit:
            form.catch_up(edit.version)
            stale = True
        else:
            flash(_("Gevraagd. De procesregisseur krijgt bericht; tot die tijd blijft de termijn."))
            return redirect(url_for(".own_action", action_id=action_id), 303)
    return _form_page("actions/more_time.html", page, form, stale=stale)


@bp.post("/my-actions/<uuid:action_id>/more-time/withdraw")
@requires(Permission.ACTION_REPORT)
def withdraw_more(action_id: uuid.UUID) -> Answer:
    """Take the own request for more time back."""
    more_time.withdraw(current_actor(), action_id)
    flash(_("Uw vraag om meer tijd is ingetrokken."), "ok")
    return redirect(url_for(".own_action", action_id=action_id), 303)


@bp.route("/my-actions/<uuid:action_id>/hand-over", methods=["GET", "POST"])
@requires(Permission.ACTION_REPORT)
def hand_over(action_id: uuid.UUID) -> Answer:
    """Hand the action over to a colleague."""
    actor, stale = current_actor(), False
    page = passing_on.choices(actor, action_id)
    form = HandOverForm(version=page.version)
    form.offer(page.colleagues)
    if form.validate_on_submit():
        try:
            passing_on.hand_over(
                actor, action_id, form.colleague_id,
                remark=form.remark.data or "", version=form.version.data or 0,
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        except StaleEdit as edit:
            form.catch_up(edit.version)
            stale = True
        else:
            flash(_("Overgedragen. Uw collega krijgt bericht; u bent geen actiehouder meer."), "ok")
            return redirect(url_for(".mine"), 303)
    return _form_page("actions/hand_over.html", page, form, stale=stale)


@bp.post("/my-actions/<uuid:action_id>/take-on")
@requires(Permission.ACTION_REPORT)
def take_on(action_id: uuid.UUID) -> Answer:
    """Become the holder of an action of the whole organisation."""
    try:
        passing_on.take_on(current_actor(), action_id)
    except Refusal as refusal:
        flash(sentence_of(refusal), "warn")
    else:
        flash(_("U bent nu de actiehouder."), "ok")
    return redirect(url_for(".own_action", action_id=action_id), 303)


def _form_page(
    template: str,
    page: own_page.OwnAction | passing_on.HandOver,
    form: MoreTimeForm | HandOverForm,
    *,
    stale: bool,
) -> Answer:
    code = 409 if stale else 422 if form.errors else 200
    return render_template(template, page=page, form=form, labels=labels, stale=stale), code
