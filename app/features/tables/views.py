"""The pages of the room for tables: the list, and one table."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.domain.errors import Refusal
from app.domain.kinds import TableKind
from app.domain.text import clean_line
from app.features.tables import (  # noqa: F401 - they hang their pages on bp
    covenant_views,
    queries,
    role_views,
    scheme_views,
    service,
)
from app.features.tables.blueprint import bp
from app.features.tables.forms import TableForm, as_typed, offer
from app.web import labels
from app.web.answers import Answer
from app.web.guard import current_actor, requires


@bp.get("/admin/tables")
@requires(Permission.TABLE_MANAGE)
def listing() -> str:
    """All tables, searched and paged."""
    words = clean_line(request.args.get("q", "")[:120])
    return render_template(
        "tables/listing.html",
        page=queries.list_tables(words=words, asked_page=request.args.get("page")),
        words=words,
    )


@bp.route("/admin/tables/new", methods=["GET", "POST"])
@requires(Permission.TABLE_MANAGE)
def add() -> Answer:
    """Add a table; it starts with the sections of its kind."""
    kinds = queries.kinds_now()
    kind = kinds.get(request.args.get("kind", ""), kinds[TableKind.MDA])
    form = TableForm(data=as_typed(kind))
    form.offer_kinds({kind.code: kind})
    offer(form.host, queries.organisation_options())
    if form.validate_on_submit():
        try:
            table_id, waits = service.add_table(current_actor(), form.to_command())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Het overleg is toegevoegd. Benoem nu een voorzitter."), "ok")
            _say_host_waits(waits)
            return redirect(url_for("tables.table", table_id=table_id), code=303)
    page = render_template(
        "tables/edit.html", form=form, page=None, theirs="", kind=kind, kinds=kinds
    )
    return page, 422 if form.errors else 200


@bp.get("/admin/tables/<uuid:table_id>")
@requires(Permission.TABLE_MANAGE)
def table(table_id: uuid.UUID) -> Answer:
    """One table: set-up and people."""
    return render_template(
        "tables/table.html",
        page=queries.table_page(current_actor(), table_id),
        required=labels.REQUIRED_ROLE,
        roles=labels.TABLE_ROLE,
        change_kinds=labels.POWERFUL_CHANGE_KIND,
    )


@bp.route("/admin/tables/<uuid:table_id>/edit", methods=["GET", "POST"])
@requires(Permission.TABLE_MANAGE)
def edit(table_id: uuid.UUID) -> Answer:
    """Change a table's set-up."""
    stored = queries.table_page(current_actor(), table_id)
    form = TableForm(obj=stored)
    form.offer_kinds(queries.kinds_now())
    offer(form.host, queries.organisation_options())
    waits: list[bool] = []
    if form.does(lambda: waits.append(_change(table_id, form))):
        flash(_("De wijziging is opgeslagen."), "ok")
        _say_host_waits(waits[0])
        return redirect(url_for("tables.table", table_id=table_id), code=303)
    return render_template("tables/edit.html", form=form, page=stored), form.status


def _change(table_id: uuid.UUID, form: TableForm) -> bool:
    return service.change_table(
        current_actor(), table_id, form.to_command(), version=form.known_version
    )


def _say_host_waits(waits: bool) -> None:  # noqa: FBT001 - the one thing it is told
    if waits:
        flash(_("De nieuwe gastheer wacht op een tweede persoon."), "ok")
