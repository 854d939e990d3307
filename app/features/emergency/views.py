"""The pages for opening a case in an emergency and for the review of it."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.access import Actor, Permission
from app.features.emergency import queries, service
from app.features.emergency.forms import JUSTIFIED, OpenForm, ReviewForm
from app.web import labels, names, stepping_up
from app.web.answers import Answer
from app.web.guard import current_actor, requires

bp = Blueprint("emergency", __name__)


@bp.route("/emergency", methods=["GET", "POST"])
@requires(Permission.EMERGENCY_OPEN)
@stepping_up.own_proof
def start() -> Answer:
    """Ask to open one case; each opening uses up a proof of its own."""
    actor, form = current_actor(), OpenForm()
    opened: list[uuid.UUID] = []
    if form.does(lambda: opened.append(_open(actor, form))):
        return redirect(url_for(".show", reading_id=opened[0]), 303)
    page = queries.own_readings(actor)
    return render_template(
        "emergency/start.html", form=form, page=page, proved=stepping_up.has_own_proof()
    ), form.status


def _open(actor: Actor, form: OpenForm) -> uuid.UUID:
    stepping_up.use_up()
    return service.open_case(actor, form.reference.data or "", form.reason.data or "")


@bp.get("/emergency/<uuid:reading_id>")
@requires(Permission.EMERGENCY_OPEN)
def show(reading_id: uuid.UUID) -> Answer:
    """All sections of the case, to read and nothing else, until the quarter of an hour is over."""
    shown = names.are_shown(reading_id)
    page = queries.read_case(current_actor(), reading_id, names=shown)
    return render_template(
        "emergency/show.html", page=page, labels=labels, names=names.strip(reading_id=reading_id)
    )


@bp.post("/emergency/<uuid:reading_id>/end")
@requires(Permission.EMERGENCY_OPEN)
def end(reading_id: uuid.UUID) -> Response:
    """Close the case before the time is over."""
    service.end(current_actor(), reading_id)
    flash(_("De casus is weer dicht."), "ok")
    return redirect(url_for(".start"), 303)


@bp.get("/emergency/readings")
@requires(Permission.EMERGENCY_FOLLOW)
def followed() -> str:
    """What was opened in an emergency at the tables served."""
    page = queries.followed_page(current_actor(), request.args.get("page"))
    return render_template("emergency/followed.html", page=page)


@bp.get("/emergency/readings/<uuid:reading_id>")
@requires(Permission.EMERGENCY_FOLLOW)
def one(reading_id: uuid.UUID) -> Answer:
    """One reading: who, when and why; and the review, by another person."""
    return _review_page(reading_id, ReviewForm())


@bp.post("/emergency/readings/<uuid:reading_id>")
@requires(Permission.EMERGENCY_REVIEW)
def review(reading_id: uuid.UUID) -> Answer:
    """Say whether it was justified."""
    form = ReviewForm()
    justified, text = form.verdict.data == JUSTIFIED, form.text.data or ""
    actor = current_actor()
    if form.does(lambda: service.review(actor, reading_id, justified=justified, text=text)):
        flash(_("De beoordeling is vastgelegd."), "ok")
        return redirect(url_for(".one", reading_id=reading_id), 303)
    return _review_page(reading_id, form)


def _review_page(reading_id: uuid.UUID, form: ReviewForm) -> Answer:
    page = queries.review_page(current_actor(), reading_id)
    return render_template("emergency/review.html", page=page, form=form), form.status
