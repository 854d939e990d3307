"""Placing a deputy nobody knows yet, and inviting a guest; for staff."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.domain.errors import Reason, Refusal
from app.features.seats import guests, placing
from app.features.seats.blueprint import bp
from app.features.seats.placing_forms import GuestForm, PlacingForm
from app.web.answers import Answer
from app.web.guard import current_actor, requires


@bp.route("/seats/<uuid:seat_id>/deputy", methods=["GET", "POST"])
@requires(Permission.SEAT_ASSIGN)
def place(seat_id: uuid.UUID) -> Answer:
    """Name, address, and that identity and mandate were checked."""
    page = placing.read_place(current_actor(), seat_id)
    form = PlacingForm()
    asks = bool(form.is_outside.data)
    if form.validate_on_submit():
        try:
            placing.place(current_actor(), seat_id, form.to_newcomer())
        except Refusal as refusal:
            form.refuse(refusal)
            asks = asks or refusal.reason is Reason.OUTSIDE_ORGANISATION
        else:
            flash(_("De vervanger krijgt een mail met een eenmalige link."), "ok")
            return redirect(url_for("agenda.seat", seat_id=seat_id), 303)
    answer = render_template("seats/placing.html", page=page, form=form, asks=asks)
    return answer, 422 if form.errors else 200


@bp.route("/items/<uuid:item_id>/guests/new", methods=["GET", "POST"])
@requires(Permission.SEAT_ASSIGN)
def invite_guest(item_id: uuid.UUID) -> Answer:
    """Invite somebody for one item, with named sections."""
    page = guests.read_page(current_actor(), item_id)
    form = GuestForm()
    form.offer(page, english=current_actor().language == "en")
    asks = bool(form.is_outside.data)
    if form.validate_on_submit():
        try:
            guests.invite(current_actor(), item_id, form.to_guest())
        except Refusal as refusal:
            form.refuse(refusal)
            asks = asks or refusal.reason is Reason.OUTSIDE_ORGANISATION
        else:
            flash(_("De gast krijgt een mail. De taak staat bij de casus."), "ok")
            return redirect(url_for("agenda.item", item_id=item_id), 303)
    answer = render_template("seats/guest.html", page=page, form=form, asks=asks)
    return answer, 422 if form.errors else 200
