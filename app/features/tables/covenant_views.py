"""The pages of covenants under a table."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.domain.errors import NotVisible, Refusal
from app.features.tables import covenants as service
from app.features.tables import queries, scheme_queries
from app.features.tables.blueprint import bp
from app.features.tables.forms import CovenantChangeForm, CovenantForm, offer
from app.web.answers import Answer
from app.web.guard import current_actor, requires


@bp.get("/admin/tables/<uuid:table_id>/covenants")
@requires(Permission.TABLE_MANAGE)
def covenants(table_id: uuid.UUID) -> str:
    """Which organisations take part, from when until when."""
    frame = queries.table_frame(current_actor(), table_id)
    return render_template(
        "tables/covenants.html", page=frame, rows=scheme_queries.covenant_rows(table_id)
    )


@bp.route("/admin/tables/<uuid:table_id>/covenants/new", methods=["GET", "POST"])
@requires(Permission.TABLE_MANAGE)
def add_covenant(table_id: uuid.UUID) -> Answer:
    """Add a covenant."""
    frame = queries.table_frame(current_actor(), table_id)
    form = CovenantForm()
    offer(form.organisation, queries.organisation_options())
    if form.validate_on_submit():
        try:
            service.add_covenant(current_actor(), table_id, form.to_command())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Het convenant is toegevoegd."), "ok")
            return redirect(url_for("tables.covenants", table_id=table_id), code=303)
    page = render_template("tables/covenant.html", form=form, page=frame, stored=None, behind=None)
    return page, 422 if form.errors else 200


@bp.route("/admin/tables/<uuid:table_id>/covenants/<uuid:covenant_id>", methods=["GET", "POST"])
@requires(Permission.TABLE_MANAGE)
def covenant(table_id: uuid.UUID, covenant_id: uuid.UUID) -> Answer:
    """Change the dates of a covenant."""
    frame = queries.table_frame(current_actor(), table_id)
    stored = _row(table_id, covenant_id)
    form = CovenantChangeForm(
        data={
            "from_on": stored.from_on.strftime("%d-%m-%Y"),
            "until_on": stored.until_on.strftime("%d-%m-%Y") if stored.until_on else "",
        }
    )
    ends_on = stored.until_on
    if form.validate_on_submit() and form.from_on.parsed is not None:
        try:
            service.change_covenant(
                current_actor(),
                table_id,
                covenant_id,
                from_on=form.from_on.parsed,
                until_on=form.until_on.parsed,
                seen_until=form.seen_until.parsed,
            )
        except Refusal as refusal:
            form.refuse(refusal)
            ends_on = form.until_on.parsed
            form.seen_until.data = form.until_on.data
        else:
            flash(_("De wijziging is opgeslagen."), "ok")
            return redirect(url_for("tables.covenants", table_id=table_id), code=303)
    page = render_template(
        "tables/covenant.html",
        form=form,
        page=frame,
        stored=stored,
        ends_on=ends_on,
        behind=service.what_ends(current_actor(), table_id, covenant_id, last_on=ends_on)
        if ends_on
        else None,
    )
    return page, 422 if form.errors else 200


def _row(table_id: uuid.UUID, covenant_id: uuid.UUID) -> scheme_queries.CovenantRow:
    for row in scheme_queries.covenant_rows(table_id):
        if row.covenant_id == covenant_id:
            return row
    raise NotVisible
