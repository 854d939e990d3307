"""The pages of the section scheme and the standard disclosures under a table."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.domain.agenda import Direction
from app.domain.errors import NotVisible, Refusal
from app.features.tables import queries, scheme, scheme_queries
from app.features.tables.blueprint import bp
from app.features.tables.forms import SectionForm, StandardForm
from app.web import labels
from app.web.answers import Answer
from app.web.guard import current_actor, requires


@bp.get("/admin/tables/<uuid:table_id>/sections")
@requires(Permission.TABLE_MANAGE)
def sections(table_id: uuid.UUID) -> str:
    """The section scheme in its order."""
    return render_template(
        "tables/sections.html",
        page=queries.table_frame(current_actor(), table_id),
        rows=scheme_queries.section_rows(table_id),
        classes=labels.RETENTION_CLASS,
    )


@bp.route("/admin/tables/<uuid:table_id>/sections/new", methods=["GET", "POST"])
@requires(Permission.TABLE_MANAGE)
def add_section(table_id: uuid.UUID) -> Answer:
    """Add a section at the end."""
    frame = queries.table_frame(current_actor(), table_id)
    form = SectionForm()
    if form.validate_on_submit():
        try:
            scheme.add_section(current_actor(), table_id, form.to_command())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("De rubriek is toegevoegd."), "ok")
            return redirect(url_for("tables.sections", table_id=table_id), code=303)
    page = render_template("tables/section.html", form=form, page=frame, stored=None)
    return page, 422 if form.errors else 200


@bp.route("/admin/tables/<uuid:table_id>/sections/<uuid:section_id>", methods=["GET", "POST"])
@requires(Permission.TABLE_MANAGE)
def section(table_id: uuid.UUID, section_id: uuid.UUID) -> Answer:
    """Change a section."""
    frame = queries.table_frame(current_actor(), table_id)
    found = [row for row in scheme_queries.section_rows(table_id) if row.section_id == section_id]
    if not found:
        raise NotVisible
    form = SectionForm(obj=found[0])
    if form.validate_on_submit():
        try:
            scheme.change_section(current_actor(), table_id, section_id, form.to_command())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("De wijziging is opgeslagen."), "ok")
            return redirect(url_for("tables.sections", table_id=table_id), code=303)
    page = render_template("tables/section.html", form=form, page=frame, stored=found[0])
    return page, 422 if form.errors else 200


@bp.post("/admin/tables/<uuid:table_id>/sections/<uuid:section_id>/move")
@requires(Permission.TABLE_MANAGE)
def move_section(table_id: uuid.UUID, section_id: uuid.UUID) -> Answer:
    """Move a section one place up or down."""
    if request.form.get("direction") not in set(Direction):
        raise NotVisible
    direction = Direction(request.form["direction"])
    scheme.move_section(current_actor(), table_id, section_id, direction)
    return redirect(url_for("tables.sections", table_id=table_id), code=303)


@bp.get("/admin/tables/<uuid:table_id>/standards")
@requires(Permission.TABLE_MANAGE)
def standards(table_id: uuid.UUID) -> str:
    """What each kind of organisation gets by standard."""
    return render_template(
        "tables/standards.html",
        page=queries.table_frame(current_actor(), table_id),
        groups=scheme_queries.standard_groups(table_id),
        kinds=labels.ORGANISATION_KIND,
    )


@bp.route("/admin/tables/<uuid:table_id>/standards/new", methods=["GET", "POST"])
@requires(Permission.TABLE_MANAGE)
def add_standard(table_id: uuid.UUID) -> Answer:
    """Add a standard disclosure."""
    frame = queries.table_frame(current_actor(), table_id)
    form = StandardForm()
    form.offer_sections(scheme_queries.section_rows(table_id))
    if form.validate_on_submit():
        try:
            scheme.add_standard(current_actor(), table_id, form.to_command())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("De standaardverstrekking is toegevoegd."), "ok")
            return redirect(url_for("tables.standards", table_id=table_id), code=303)
    page = render_template("tables/standard.html", form=form, page=frame, stored=None)
    return page, 422 if form.errors else 200


@bp.route("/admin/tables/<uuid:table_id>/standards/<uuid:standard_id>", methods=["GET", "POST"])
@requires(Permission.TABLE_MANAGE)
def standard(table_id: uuid.UUID, standard_id: uuid.UUID) -> Answer:
    """Change a standard disclosure."""
    frame = queries.table_frame(current_actor(), table_id)
    found = [
        row for row in scheme_queries.standard_rows(table_id) if row.standard_id == standard_id
    ]
    if not found:
        raise NotVisible
    form = StandardForm(obj=found[0])
    form.offer_sections(scheme_queries.section_rows(table_id))
    if not form.is_submitted():
        form.section.data = str(found[0].section_id)
    if form.validate_on_submit():
        try:
            scheme.change_standard(current_actor(), table_id, standard_id, form.to_command())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("De wijziging is opgeslagen."), "ok")
            return redirect(url_for("tables.standards", table_id=table_id), code=303)
    page = render_template("tables/standard.html", form=form, page=frame, stored=found[0])
    return page, 422 if form.errors else 200


@bp.post("/admin/tables/<uuid:table_id>/standards/<uuid:standard_id>/remove")
@requires(Permission.TABLE_MANAGE)
def remove_standard(table_id: uuid.UUID, standard_id: uuid.UUID) -> Answer:
    """Remove a standard disclosure."""
    scheme.remove_standard(current_actor(), table_id, standard_id)
    flash(_("De standaardverstrekking is verwijderd."), "ok")
    return redirect(url_for("tables.standards", table_id=table_id), code=303)
