"""The pages on which staff hand over what somebody who is gone left open."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import ngettext

from app.access import Permission
from app.access.records.takeover_people import proposed
from app.domain.errors import Reason, Refusal
from app.features.takeovers import queries, service
from app.web import labels
from app.web.answers import Answer
from app.web.forms import BaseForm
from app.web.guard import current_actor, requires

bp = Blueprint("takeovers", __name__)

FIELD = "to-"


@bp.get("/takeovers")
@requires(Permission.SEAT_ASSIGN)
def listing() -> str:
    """Who left something open at the tables one serves."""
    page = queries.gone_page(current_actor(), asked_page=request.args.get("page"))
    return render_template("takeovers/listing.html", page=page, states=labels.ACCOUNT_STATE)


@bp.route("/takeovers/<uuid:person_id>", methods=["GET", "POST"])
@requires(Permission.SEAT_ASSIGN)
def show(person_id: uuid.UUID) -> Answer:
    """Everything one person left open, each with who is proposed to take it over."""
    form, done = BaseForm(), []
    if form.does(lambda: done.append(service.hand_over(current_actor(), person_id, _chosen()))):
        flash(ngettext("%(num)d overgedragen.", "%(num)d overgedragen.", done[0]), "ok")
        return redirect(url_for(".listing"), code=303)
    page = render_template(
        "takeovers/show.html",
        form=form,
        page=queries.open_page(current_actor(), person_id),
        proposed=proposed,
        typed=request.form if request.method == "POST" else None,
        kinds=labels.TASK_KIND,
        states=labels.ACCOUNT_STATE,
    )
    return page, form.status


def _chosen() -> dict[uuid.UUID, uuid.UUID]:
    """Per line who was chosen; a line without a choice stays as it is."""
    typed = [(name, value) for name, value in request.form.items() if name.startswith(FIELD)]
    try:
        return {uuid.UUID(name[len(FIELD) :]): uuid.UUID(value) for name, value in typed if value}
    except ValueError:
        raise Refusal(Reason.VALUE_UNKNOWN) from None
