"""The pages of the room for agenda: who sits at which item, and what each seat is shown."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.access import Permission
from app.domain.errors import Refusal, StaleEdit
from app.features.agenda import (  # noqa: F401 - the matrix hangs its pages on bp
    disclosing,
    matrix_views,
    previewing,
    queries,
    seating,
)
from app.features.agenda.blueprint import bp
from app.features.agenda.forms import OccupantForm, SeatForm, StandardForm
from app.web import labels
from app.web.answers import Answer
from app.web.forms import BaseForm
from app.web.guard import current_actor, requires


@bp.get("/items/<uuid:item_id>/seats")
@requires(Permission.MEETING_READ)
def item(item_id: uuid.UUID) -> Answer:
    """All seats at one item."""
    page = queries.read_item_seats(current_actor(), item_id)
    return render_template("agenda/item.html", page=page)


@bp.route("/items/<uuid:item_id>/seats/<uuid:organisation_id>", methods=["GET", "POST"])
@requires(Permission.SEAT_ASSIGN)
def cell(item_id: uuid.UUID, organisation_id: uuid.UUID) -> Answer:
    """One organisation at one item: straight to its only seat, else the form to give one."""
    page = queries.read_cell(current_actor(), item_id, organisation_id)
    if request.method == "GET" and len(page.seats) == 1 and "more" not in request.args:
        return redirect(url_for(".seat", seat_id=page.seats[0].id), 303)
    form = OccupantForm()
    form.offer(page.people)
    if form.validate_on_submit():
        try:
            seat_id = seating.give_seat(
                current_actor(),
                item_id,
                organisation_id,
                person_id=form.to_person_id(),
                staff_only=bool(form.staff_only.data),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for(".seat", seat_id=seat_id), 303)
    return render_template("agenda/cell.html", page=page, form=form), _status(form)


@bp.route("/seats/<uuid:seat_id>/plan", methods=["GET", "POST"])
@requires(Permission.SEAT_ASSIGN)
def seat(seat_id: uuid.UUID) -> Answer:
    """One seat: its occupant and the sections it is shown."""
    page = queries.read_seat(current_actor(), seat_id)
    form = SeatForm(
        data={
            "standing": page.standing,
            "occupant": str(page.occupant_id or ""),
            "staff_only": page.is_staff_only,
            "sections": page.ticked,
        }
    )
    form.offer_seat(page)
    stale = False
    if form.validate_on_submit():
        try:
            disclosing.save_seat(current_actor(), seat_id, form.to_plan())
        except Refusal as refusal:
            form.refuse(refusal)
        except StaleEdit:
            stale = True
            form.catch_up(page)
        else:
            flash(_("Bewaard. Dit geldt direct."), "ok")
            return redirect(url_for(".item", item_id=page.head.item_id), 303)
    answer = render_template("agenda/seat.html", page=page, form=form, labels=labels, stale=stale)
    return answer, 409 if stale else _status(form)


@bp.post("/seats/<uuid:seat_id>/accept")
@requires(Permission.SEAT_ASSIGN)
def accept(seat_id: uuid.UUID) -> Answer:
    """Let a proposed organisation take part."""
    seating.accept_proposal(current_actor(), seat_id)
    return redirect(url_for(".seat", seat_id=seat_id), 303)


@bp.post("/seats/<uuid:seat_id>/remove")
@requires(Permission.SEAT_ASSIGN)
def remove(seat_id: uuid.UUID) -> Answer:
    """Take a seat away; its page says what that does."""
    item_id = seating.remove_seat(current_actor(), seat_id)
    flash(_("De deelname is weggehaald."), "ok")
    return redirect(url_for(".item", item_id=item_id), 303)


@bp.route("/items/<uuid:item_id>/standard", methods=["GET", "POST"])
@requires(Permission.DISCLOSURE_DECIDE)
def standard(item_id: uuid.UUID) -> Answer:
    """Confirm the standard disclosures of an item in one act, after seeing the list."""
    page = queries.read_standard(current_actor(), item_id)
    form = StandardForm(data={"pairs": [row.pair for row in page.rows if not row.was_withdrawn]})
    form.offer(page.rows)
    if form.validate_on_submit():
        try:
            count = disclosing.confirm_standard(current_actor(), item_id, form.to_pairs())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(ngettext("%(num)d rubriek opengesteld.", "%(num)d rubrieken opengesteld.", count))
            return redirect(url_for(".item", item_id=item_id), 303)
    answer = render_template("agenda/standard.html", page=page, form=form, labels=labels)
    return answer, _status(form)


def _status(form: BaseForm) -> int:
    return 422 if form.errors else 200


@bp.get("/seats/<uuid:seat_id>/preview")
@requires(Permission.MEETING_READ)
def preview(seat_id: uuid.UUID) -> Answer:
    """View as seat: what its occupant gets once the papers are open and accepted."""
    page = previewing.read_preview(current_actor(), seat_id)
    return render_template("agenda/preview.html", page=page, labels=labels)
