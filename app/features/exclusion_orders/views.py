"""The pages about exclusion orders: one at once, and the order of a case with its clocks."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.access.case_life.exclusion_orders import Moved
from app.features.exclusion_orders import queries, service
from app.features.exclusion_orders.blueprint import bp
from app.features.exclusion_orders.forms import NewOrderForm, ServiceForm
from app.web import formats
from app.web.answers import Answer, id_typed
from app.web.guard import current_actor, requires
from app.web.i18n import language


@bp.route("/exclusion-orders/new", methods=["GET", "POST"])
@requires(Permission.CASE_CREATE)
def new() -> Answer:
    """An order that was just served: case, clocks and meeting in one form."""
    form = NewOrderForm()
    form.offer(queries.new_order_choices(current_actor()))
    made: list[uuid.UUID] = []
    if form.does(lambda: made.append(service.start_at_once(current_actor(), form.to_order()))):
        return _back(made[0], _("Het huisverbod is vastgelegd. De termijnen lopen."))
    return render_template("exclusion_orders/new.html", form=form), form.status


@bp.route("/cases/<uuid:case_id>/exclusion-order", methods=["GET", "POST"])
@requires(Permission.CASE_UPDATE)
def show(case_id: uuid.UUID) -> Answer:
    """The order of a case; its service is recorded or corrected here."""
    page = queries.order_page(current_actor(), case_id)
    typed = {}
    if page.served_at:
        typed = {
            "day": formats.date_short(page.served_at, "nl"),
            "at": formats.clock(page.served_at, "nl"),
        }
    form = ServiceForm(data=typed)
    moved: list[Moved] = []
    if form.does(
        lambda: moved.extend(service.record_service(current_actor(), case_id, form.to_served()))
    ):
        return _back(case_id, _("De uitreiking is vastgelegd."), *(_moved(one) for one in moved))
    return render_template("exclusion_orders/show.html", page=page, form=form), form.status


@bp.post("/cases/<uuid:case_id>/exclusion-order/extend")
@requires(Permission.CASE_UPDATE)
def extend(case_id: uuid.UUID) -> Answer:
    """The order is extended."""
    service.extend(current_actor(), case_id, is_extended=True)
    return _back(case_id, _("De verlenging is vastgelegd."))


@bp.post("/cases/<uuid:case_id>/exclusion-order/not-extended")
@requires(Permission.CASE_UPDATE)
def take_back(case_id: uuid.UUID) -> Answer:
    """The order is not extended after all."""
    service.extend(current_actor(), case_id, is_extended=False)
    return _back(case_id, _("De verlenging is teruggenomen."))


@bp.post("/cases/<uuid:case_id>/exclusion-order/withdraw")
@requires(Permission.CASE_UPDATE)
def withdraw(case_id: uuid.UUID) -> Answer:
    """The order is withdrawn."""
    service.withdraw(current_actor(), case_id)
    return _back(case_id, _("De intrekking is vastgelegd. De termijnen lopen niet meer."))


@bp.post("/cases/<uuid:case_id>/exclusion-order/met")
@requires(Permission.CASE_UPDATE)
def met(case_id: uuid.UUID) -> Answer:
    """What one clock asks for was done."""
    service.meet(current_actor(), case_id, id_typed("clock"))
    return _back(case_id, _("Vastgelegd dat dit is gedaan."))


@bp.post("/cases/<uuid:case_id>/exclusion-order/plan")
@requires(Permission.CASE_UPDATE)
def plan(case_id: uuid.UUID) -> Answer:
    """Plan the meeting that is still missing."""
    service.plan_meetings(current_actor(), case_id)
    return _back(case_id, _("Het overleg staat als concept gepland."))


def _moved(one: Moved) -> str:
    return str(
        _(
            "%(what)s: van %(was)s naar %(now)s.",
            what=one.text.en if language() == "en" else one.text.nl,
            was=formats.stamp(one.was, language()),
            now=formats.stamp(one.now, language()),
        )
    )


def _back(case_id: uuid.UUID, *messages: str) -> Answer:
    for message in messages:
        flash(message, "ok")
    return redirect(url_for(".show", case_id=case_id), 303)
