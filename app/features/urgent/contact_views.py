"""Whom to call of each partner: the page where a table's staff put them in order."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.domain.agenda import Direction
from app.domain.errors import Reason, Refusal
from app.features.urgent.blueprint import bp
from app.features.urgent.contacts import (
    add_contact,
    move_contact,
    read_contacts,
    remove_contact,
)
from app.features.urgent.forms import ContactForm
from app.web.answers import Answer, id_typed
from app.web.guard import current_actor, requires


@bp.route("/tables/<uuid:table_id>/contacts", methods=["GET", "POST"])
@requires(Permission.MEETING_PLAN)
def contacts(table_id: uuid.UUID) -> Answer:
    """The list, and the form to add somebody."""
    page = read_contacts(current_actor(), table_id)
    form = ContactForm()
    form.offer(page)
    if form.does(lambda: add_contact(current_actor(), table_id, form.to_contact())):
        flash(_("Toegevoegd aan de bellijst."), "ok")
        return redirect(url_for(".contacts", table_id=table_id), 303)
    return render_template("urgent/contacts.html", page=page, form=form), form.status


@bp.post("/tables/<uuid:table_id>/contacts/move")
@requires(Permission.MEETING_PLAN)
def move_contact_in_list(table_id: uuid.UUID) -> Answer:
    """Earlier or later."""
    direction = request.form.get("direction", "")
    if direction not in set(Direction):
        raise Refusal(Reason.VALUE_UNKNOWN)
    move_contact(current_actor(), table_id, id_typed("contact"), Direction(direction))
    return redirect(url_for(".contacts", table_id=table_id), 303)


@bp.post("/tables/<uuid:table_id>/contacts/remove")
@requires(Permission.MEETING_PLAN)
def remove_contact_from_list(table_id: uuid.UUID) -> Answer:
    """Off the list."""
    remove_contact(current_actor(), table_id, id_typed("contact"))
    flash(_("Van de bellijst gehaald."), "ok")
    return redirect(url_for(".contacts", table_id=table_id), 303)
