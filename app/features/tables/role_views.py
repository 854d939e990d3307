"""The pages of who is what at a table."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.domain.errors import Refusal
from app.features.tables import queries
from app.features.tables import roles as service
from app.features.tables.blueprint import bp
from app.features.tables.forms import RoleEndForm, RoleForm, offer
from app.web import labels
from app.web.answers import Answer
from app.web.guard import current_actor, requires
from app.web.stepping_up import fresh


@bp.route("/admin/tables/<uuid:table_id>/roles/new", methods=["GET", "POST"])
@requires(Permission.TABLE_MANAGE)
@fresh
def add_role(table_id: uuid.UUID) -> Answer:
    """Give a role: first the organisation, then the person."""
    frame = queries.table_frame(current_actor(), table_id)
    chosen = request.args.get("organisation", type=uuid.UUID)
    form = RoleForm()
    offer(form.person, queries.person_options(chosen))
    if form.validate_on_submit():
        try:
            given = service.give_role(current_actor(), table_id, form.to_command())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            asked = _("De aanvraag wacht op een tweede persoon.")
            flash(_("De rol is gegeven.") if given else asked, "ok")
            return redirect(url_for("tables.table", table_id=table_id), code=303)
    page = render_template(
        "tables/role.html",
        form=form,
        page=frame,
        organisations=queries.organisation_options(),
        chosen=chosen,
    )
    return page, 422 if form.errors else 200


@bp.route("/admin/tables/<uuid:table_id>/roles/<uuid:role_id>/last-day", methods=["GET", "POST"])
@requires(Permission.TABLE_MANAGE)
@fresh
def role_end(table_id: uuid.UUID, role_id: uuid.UUID) -> Answer:
    """Change the last day of a role, or take it away."""
    frame = queries.table_frame(current_actor(), table_id)
    stored = service.named_role(current_actor(), table_id, role_id)
    last_on = stored.last_on.strftime("%d-%m-%Y") if stored.last_on else ""
    form = RoleEndForm(data={"last_on": last_on})
    if form.does(
        lambda: service.change_end(current_actor(), table_id, role_id, last_on=form.last_on.parsed)
    ):
        flash(_("De wijziging is opgeslagen."), "ok")
        return redirect(url_for("tables.table", table_id=table_id), code=303)
    page = render_template(
        "tables/role_end.html", form=form, page=frame, stored=stored, roles=labels.TABLE_ROLE
    )
    return page, form.status


@bp.post("/admin/tables/<uuid:table_id>/roles/<uuid:role_id>/end")
@requires(Permission.TABLE_MANAGE)
@fresh
def end_role(table_id: uuid.UUID, role_id: uuid.UUID) -> Answer:
    """End a role from the next request on."""
    service.end_role(current_actor(), table_id, role_id)
    flash(_("De rol is beëindigd."), "ok")
    return redirect(url_for("tables.table", table_id=table_id), code=303)
