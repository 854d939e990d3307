"""The pages of who is asked: the privacy officer who reviews, and the source of a section."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.features.access_requests import answering, queries, sources
from app.features.access_requests.blueprint import bp
from app.features.access_requests.forms import ReviewForm, ViewForm
from app.web import labels
from app.web.answers import Answer
from app.web.guard import current_actor, requires


@bp.route("/access-requests/<uuid:access_request_id>/review", methods=["GET", "POST"])
@requires(Permission.ACCESS_REQUEST_REVIEW)
def review(access_request_id: uuid.UUID) -> Answer:
    """Approve the answer, or send it back."""
    page = queries.review_page(current_actor(), access_request_id)
    form = ReviewForm()
    if form.does(
        lambda: answering.review(
            current_actor(),
            access_request_id,
            approve=form.decision.data == "approve",
            remark=form.remark.data or "",
        )
    ):
        flash(_("Uw oordeel is vastgelegd."), "ok")
        return redirect(url_for(".listing"), 303)
    return render_template(
        "access_requests/review.html", page=page, form=form, labels=labels
    ), form.status


@bp.post("/access-requests/<uuid:access_request_id>/accept")
@requires(Permission.ACCESS_REQUEST_REVIEW)
def accept(access_request_id: uuid.UUID) -> Answer:
    """Take the task on."""
    answering.accept(current_actor(), access_request_id)
    return redirect(url_for(".review", access_request_id=access_request_id), 303)


@bp.route("/my-views/<uuid:view_id>", methods=["GET", "POST"])
@requires(Permission.ACCESS_REQUEST_VIEW)
def own_view(view_id: uuid.UUID) -> Answer:
    """Say what one thinks of giving one's own sections."""
    page = sources.view_page(current_actor(), view_id)
    form = ViewForm(opinion=page.opinion.value if page.opinion else None)
    if form.does(
        lambda: sources.give_view(
            current_actor(), view_id, form.to_opinion(), form.reason.data or ""
        )
    ):
        flash(_("Uw zienswijze is vastgelegd. Dank u."), "ok")
        return redirect(url_for("home.start"), 303)
    return render_template(
        "access_requests/own_view.html", page=page, form=form, labels=labels
    ), form.status
