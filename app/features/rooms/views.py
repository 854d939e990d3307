"""The pages of the room for rooms."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.features.rooms import queries, service
from app.features.rooms.forms import RoomForm
from app.web.answers import Answer
from app.web.guard import current_actor, requires

bp = Blueprint("rooms", __name__)


@bp.get("/admin/rooms")
@requires(Permission.ROOM_MANAGE)
def listing() -> str:
    """All rooms."""
    page = queries.list_rooms(request.args.get("page"))
    return render_template("rooms/listing.html", page=page)


@bp.route("/admin/rooms/new", methods=["GET", "POST"])
@requires(Permission.ROOM_MANAGE)
def add() -> Answer:
    """Add a room."""
    form = RoomForm()
    if form.does(lambda: service.add_room(current_actor(), form.to_command())):
        flash(_("De ruimte is toegevoegd."), "ok")
        return redirect(url_for(".listing"), code=303)
    return _form_page(form)


@bp.route("/admin/rooms/<uuid:room_id>", methods=["GET", "POST"])
@requires(Permission.ROOM_MANAGE)
def edit(room_id: uuid.UUID) -> Answer:
    """Change a room."""
    stored = queries.room_edit(current_actor(), room_id)
    form = RoomForm(obj=stored)
    if form.does(
        lambda: service.change_room(
            current_actor(), room_id, form.to_command(), version=form.known_version
        )
    ):
        flash(_("De wijziging is opgeslagen."), "ok")
        return redirect(url_for(".listing"), code=303)
    return _form_page(form, stored)


@bp.post("/admin/rooms/<uuid:room_id>/end")
@requires(Permission.ROOM_MANAGE)
def end(room_id: uuid.UUID) -> Answer:
    """No new meetings here."""
    service.set_in_use(current_actor(), room_id, in_use=False)
    flash(_("De ruimte is niet meer te kiezen. Wie er al is gepland, houdt de ruimte."), "ok")
    return redirect(url_for(".listing"), code=303)


@bp.post("/admin/rooms/<uuid:room_id>/reopen")
@requires(Permission.ROOM_MANAGE)
def reopen(room_id: uuid.UUID) -> Answer:
    """To be chosen again."""
    service.set_in_use(current_actor(), room_id, in_use=True)
    flash(_("De ruimte is weer te kiezen."), "ok")
    return redirect(url_for(".listing"), code=303)


def _form_page(form: RoomForm, stored: queries.RoomRow | None = None) -> Answer:
    return render_template("rooms/edit.html", form=form, page=stored), form.status
