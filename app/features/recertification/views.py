"""The pages of the room: a contact's colleagues one by one, and the officer's list of rounds."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.features.recertification import queries, service
from app.features.recertification.blueprint import bp
from app.web import labels
from app.web.answers import Answer
from app.web.forms import BaseForm
from app.web.guard import current_actor, requires
from app.web.stepping_up import fresh


@bp.get("/colleagues")
@requires(Permission.PEOPLE_CONFIRM)
def listing() -> str:
    """The people of the own organisation one answers for."""
    page = queries.colleagues(current_actor(), asked_page=request.args.get("page"))
    return render_template("recertification/listing.html", page=page, states=labels.ACCOUNT_STATE)


@bp.route("/colleagues/<uuid:person_id>", methods=["GET", "POST"])
@requires(Permission.PEOPLE_CONFIRM)
def person(person_id: uuid.UUID) -> Answer:
    """Say that one colleague still works here."""
    form = BaseForm()
    page = queries.colleague(current_actor(), person_id)
    if form.does(lambda: service.stays(current_actor(), person_id)):
        flash(_("Vastgelegd: %(name)s werkt hier nog.", name=page.colleague.name), "ok")
        if page.next_id is not None:
            return redirect(url_for("recertification.person", person_id=page.next_id), code=303)
        return redirect(url_for("recertification.listing"), code=303)
    html = render_template(
        "recertification/person.html",
        page=page,
        form=form,
        roles=labels.TABLE_ROLE,
        states=labels.ACCOUNT_STATE,
    )
    return html, form.status


@bp.route("/colleagues/<uuid:person_id>/leaves", methods=["GET", "POST"])
@requires(Permission.PEOPLE_CONFIRM)
@fresh
def leaves(person_id: uuid.UUID) -> Answer:
    """What ends, and then its end."""
    form = BaseForm()
    page = queries.colleague(current_actor(), person_id)
    if form.does(lambda: service.leaves(current_actor(), person_id)):
        flash(
            _(
                "Vastgelegd: %(name)s werkt hier niet meer. Alle toegang is beëindigd.",
                name=page.colleague.name,
            ),
            "ok",
        )
        return redirect(url_for("recertification.listing"), code=303)
    html = render_template(
        "recertification/leaves.html", page=page, form=form, roles=labels.TABLE_ROLE
    )
    return html, form.status


@bp.get("/oversight/confirmed-people")
@requires(Permission.PEOPLE_CONFIRMED)
def rounds() -> str:
    """The last round of every organisation."""
    page = queries.rounds(current_actor(), asked_page=request.args.get("page"))
    return render_template("recertification/rounds.html", page=page)
