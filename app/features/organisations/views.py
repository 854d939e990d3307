"""The pages of the room for organisations."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.domain.text import clean_line
from app.features.organisations import ending, queries, service
from app.features.organisations.forms import OrganisationForm
from app.web import labels
from app.web.answers import Answer
from app.web.forms import BaseForm
from app.web.guard import current_actor, requires
from app.web.stepping_up import fresh

bp = Blueprint("organisations", __name__)


@bp.get("/admin/organisations")
@requires(Permission.ORGANISATION_MANAGE)
def listing() -> str:
    """All organisations, searched and paged."""
    words, kind = clean_line(request.args.get("q", "")[:120]), request.args.get("kind", "")
    return render_template(
        "organisations/listing.html",
        page=queries.list_organisations(
            words=words, kind=kind, asked_page=request.args.get("page")
        ),
        words=words,
        kind=kind,
        kinds=labels.ORGANISATION_KIND,
    )


@bp.route("/admin/organisations/new", methods=["GET", "POST"])
@requires(Permission.ORGANISATION_MANAGE)
def add() -> Answer:
    """Add an organisation."""
    form = OrganisationForm()
    if form.does(lambda: service.add_organisation(current_actor(), form.to_command())):
        flash(_("De organisatie is toegevoegd."), "ok")
        return redirect(url_for("organisations.listing"), code=303)
    return _form_page(form)


@bp.route("/admin/organisations/<uuid:organisation_id>", methods=["GET", "POST"])
@requires(Permission.ORGANISATION_MANAGE)
def edit(organisation_id: uuid.UUID) -> Answer:
    """Change an organisation."""
    stored = queries.organisation_edit(current_actor(), organisation_id)
    form = OrganisationForm(obj=stored)
    if form.does(
        lambda: service.change_organisation(
            current_actor(), organisation_id, form.to_command(), version=form.known_version
        )
    ):
        flash(_("De wijziging is opgeslagen."), "ok")
        return redirect(url_for("organisations.listing"), code=303)
    return _form_page(form, stored)


@bp.route("/admin/organisations/<uuid:organisation_id>/end", methods=["GET", "POST"])
@requires(Permission.ORGANISATION_MANAGE)
@fresh
def end(organisation_id: uuid.UUID) -> Answer:
    """Everything an organisation has open, and then its end."""
    form = BaseForm()
    if form.does(lambda: ending.end_organisation(current_actor(), organisation_id)):
        flash(_("De organisatie is beëindigd."), "ok")
        return redirect(url_for("organisations.listing"), code=303)
    page = ending.end_page(current_actor(), organisation_id)
    return render_template("organisations/end.html", form=form, page=page), form.status


def _form_page(form: OrganisationForm, stored: queries.OrganisationEdit | None = None) -> Answer:
    return render_template("organisations/edit.html", form=form, page=stored), form.status
