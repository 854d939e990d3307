"""Correcting, approving, settling and adding to: item by item."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.features.minutes import correcting, service, settling
from app.features.minutes.blueprint import bp
from app.features.minutes.forms import MOST_TEXT, AdditionForm, CorrectionForm, SettleForm
from app.web.answers import Answer
from app.web.guard import current_actor, requires


@bp.route(
    "/my-meetings/<uuid:meeting_id>/extract/<uuid:item_id>/correction", methods=["GET", "POST"]
)
@requires(Permission.MINUTES_CORRECT)
def correct(meeting_id: uuid.UUID, item_id: uuid.UUID) -> Answer:
    """Say what is wrong in one's own part of an item."""
    page = correcting.correction_page(current_actor(), meeting_id, item_id)
    form = CorrectionForm()
    if form.does(
        lambda: correcting.correct(current_actor(), meeting_id, item_id, form.text.data or "")
    ):
        flash(_("Uw opmerking is doorgegeven."), "ok")
        return redirect(url_for(".extract", meeting_id=meeting_id), 303)
    answer = render_template("minutes/correct.html", page=page, form=form, most=MOST_TEXT)
    return answer, form.status


@bp.post("/my-meetings/<uuid:meeting_id>/extract/<uuid:item_id>/approval")
@requires(Permission.MINUTES_CORRECT)
def approve(meeting_id: uuid.UUID, item_id: uuid.UUID) -> Answer:
    """Approve the minutes of one item."""
    correcting.approve(current_actor(), meeting_id, item_id)
    flash(_("Uw akkoord is vastgelegd."), "ok")
    return redirect(url_for(".extract", meeting_id=meeting_id), 303)


@bp.route("/corrections/<uuid:correction_id>", methods=["GET", "POST"])
@requires(Permission.MEETING_CLOSE)
def settle(correction_id: uuid.UUID) -> Answer:
    """Read a correction, and take it over or say why not."""
    page = settling.settle_page(current_actor(), correction_id)
    form = SettleForm()
    if form.does(
        lambda: settling.settle(
            current_actor(),
            correction_id,
            is_taken_over=form.is_taken_over,
            answer=form.answer.data or "",
        )
    ):
        return redirect(_after_settling(page, taken_over=form.is_taken_over), 303)
    answer = render_template("minutes/settle.html", page=page, form=form, most=MOST_TEXT)
    return answer, form.status


def _after_settling(page: settling.SettlePage, *, taken_over: bool) -> str:
    """What is taken over is mended where it was written down."""
    if taken_over:
        flash(_("Overgenomen. Pas nu hier de tekst aan."), "ok")
        return url_for("live.worksheet", meeting_id=page.meeting_id, item=page.item_id)
    flash(_("Uw antwoord is doorgegeven."), "ok")
    return url_for(".overview", meeting_id=page.meeting_id)


@bp.post("/items/<uuid:item_id>/minutes/adopt")
@requires(Permission.MEETING_CLOSE)
def adopt_item(item_id: uuid.UUID) -> Answer:
    """Adopt the minutes of one item."""
    meeting_id = service.adopt_item(current_actor(), item_id)
    flash(_("Dit verslagdeel is vastgesteld."), "ok")
    return redirect(url_for(".overview", meeting_id=meeting_id), 303)


@bp.route("/items/<uuid:item_id>/minutes/additions", methods=["GET", "POST"])
@requires(Permission.MEETING_CLOSE)
def add(item_id: uuid.UUID) -> Answer:
    """Add to adopted minutes."""
    page = service.addition_page(current_actor(), item_id)
    chosen = [str(one.seat_id) for one in page.places if one.is_chosen]
    form = AdditionForm(seats=chosen)
    form.offer(page.places)
    if form.does(
        lambda: service.add(current_actor(), item_id, form.text.data or "", form.seat_ids)
    ):
        flash(_("De aanvulling is vastgelegd."), "ok")
        return redirect(url_for(".overview", meeting_id=page.meeting_id), 303)
    answer = render_template("minutes/add.html", page=page, form=form, most=MOST_TEXT)
    return answer, form.status
