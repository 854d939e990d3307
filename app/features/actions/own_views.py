"""The pages of an action's holder: the own list, one action, and how it goes."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.access import Actor, Permission
from app.domain.errors import Refusal, StaleEdit
from app.features.actions import (
    disclosing,
    own,
    own_acts_views,  # noqa: F401 - they hang their pages on bp
    own_page,
    service,
)
from app.features.actions.blueprint import bp
from app.features.actions.forms import ReportForm
from app.web import labels
from app.web.answers import Answer, page_number
from app.web.errors import sentence_of
from app.web.guard import current_actor, requires


@bp.get("/my-actions")
@requires(Permission.ACTION_REPORT)
def mine() -> Answer:
    """Own actions; after a report also the way back."""
    page = own.own_list(
        current_actor(),
        finished="finished" in request.args,
        number=page_number(),
        saved_id=request.args.get("saved", None, type=uuid.UUID),
    )
    return render_template("actions/mine.html", page=page, labels=labels)


@bp.route("/my-actions/<uuid:action_id>", methods=["GET", "POST"])
@requires(Permission.ACTION_REPORT)
def own_action(action_id: uuid.UUID) -> Answer:
    """One own action; ``?state=`` of a mail preselects and changes nothing by itself."""
    page = own_page.own_action(current_actor(), action_id)
    form = ReportForm(version=page.version, state=request.args.get("state", ""))
    form.offer(page.states)
    stale = False
    if form.validate_on_submit():
        try:
            service.report(current_actor(), action_id, form.to_report())
        except Refusal as refusal:
            form.refuse(refusal)
        except StaleEdit as edit:
            form.catch_up(edit.version)
            stale = True
        else:
            flash(_saved(current_actor()), "ok")
            return redirect(url_for(".mine", saved=action_id), 303)
    code = 409 if stale else 422 if form.errors else 200
    return render_template(
        "actions/own_action.html", page=page, form=form, labels=labels, stale=stale
    ), code


@bp.post("/my-actions/<uuid:action_id>/accept")
@requires(Permission.CONFIDENTIALITY_ACCEPT)
def accept(action_id: uuid.UUID) -> Answer:
    """Accept confidentiality for the meeting this action comes from."""
    version = request.form.get("version", type=int)
    try:
        disclosing.accept(current_actor(), action_id, read_version=version)
    except Refusal as refusal:
        flash(sentence_of(refusal), "err")
    return redirect(url_for(".own_action", action_id=action_id), 303)


@bp.post("/my-actions/<uuid:action_id>/undo")
@requires(Permission.ACTION_REPORT)
def undo(action_id: uuid.UUID) -> Answer:
    """Take the report of just now back."""
    try:
        service.undo(current_actor(), action_id)
    except Refusal as refusal:
        flash(sentence_of(refusal), "warn")
    else:
        flash(_("Ongedaan gemaakt."), "ok")
    return redirect(url_for(".own_action", action_id=action_id), 303)


@bp.post("/my-actions/<uuid:action_id>/confirm")
@requires(Permission.ACTION_REPORT)
def confirm(action_id: uuid.UUID) -> Answer:
    """What was taken down by telephone is right."""
    service.confirm(current_actor(), action_id)
    flash(_("Bevestigd."), "ok")
    return redirect(url_for(".mine"), 303)


def _saved(actor: Actor) -> str:
    left = own.count_unfinished(actor)
    if not left:
        return str(_("Bewaard. U hebt geen openstaande acties meer."))
    return str(
        ngettext("Bewaard. Nog %(num)s actie open.", "Bewaard. Nog %(num)s acties open.", left)
    )
