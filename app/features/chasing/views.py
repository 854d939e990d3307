"""The pages of the room for reminders."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.features.chasing import contacts, pausing, settings, told
from app.features.chasing.blueprint import bp
from app.features.chasing.forms import (
    ContactForm,
    PauseForm,
    ScheduleForm,
    as_typed,
    first_days,
)
from app.web import labels
from app.web.answers import Answer, page_number
from app.web.guard import current_actor, requires


@bp.get("/organisation-actions")
@requires(Permission.ACTION_CHASE)
def organisation() -> str:
    """The actions of the own organisation one was told of."""
    page = told.told_page(current_actor(), number=page_number())
    return render_template("chasing/told.html", page=page, labels=labels)


@bp.get("/chasing")
@requires(Permission.CHASING_MANAGE)
def listing() -> str:
    """The tables whose schedule one may set."""
    return render_template("chasing/listing.html", rows=settings.tables_served(current_actor()))


@bp.route("/chasing/<uuid:table_id>", methods=["GET", "POST"])
@requires(Permission.CHASING_MANAGE)
def schedule(table_id: uuid.UUID) -> Answer:
    """How one table chases; what was typed is looked at first, or kept."""
    page = settings.settings_page(current_actor(), table_id)
    form = ScheduleForm(data=as_typed(page.settings, page.version))
    if "look" in request.form:
        return _look(page, form)
    if form.does(
        lambda: settings.save(
            current_actor(), table_id, form.to_settings(), version=form.known_version
        )
    ):
        flash(_("Het schema is opgeslagen."), "ok")
        return redirect(url_for("chasing.schedule", table_id=table_id), code=303)
    return _schedule(page, form, page.settings)


def _look(page: settings.SettingsPage, form: ScheduleForm) -> Answer:
    """What the typed schedule would do; nothing is stored."""
    typed = page.settings
    if form.does(lambda: settings.check(form.to_settings())):
        typed = form.to_settings()
    return _schedule(page, form, typed)


def _schedule(page: settings.SettingsPage, form: ScheduleForm, shown: settings.Settings) -> Answer:
    preview = settings.preview(shown.schedule, is_acute=page.is_acute)
    html = render_template(
        "chasing/schedule.html", page=page, form=form, preview=preview, labels=labels
    )
    return html, form.status


@bp.route("/actions/<uuid:action_id>/pause", methods=["GET", "POST"])
@requires(Permission.ACTION_FOLLOW)
def pause(action_id: uuid.UUID) -> Answer:
    """Let the reminders of an action rest."""
    page = pausing.pause_page(current_actor(), action_id)
    form = PauseForm(data={"until_on": first_days()["until_on"]})
    if form.does(
        lambda: pausing.pause(
            current_actor(), action_id, until_on=form.day(), reason=form.reason.data or ""
        )
    ):
        flash(_("De herinneringen zijn gepauzeerd."), "ok")
        return redirect(url_for("actions.detail", action_id=action_id), code=303)
    return render_template("chasing/pause.html", page=page, form=form), form.status


@bp.post("/actions/<uuid:action_id>/resume")
@requires(Permission.ACTION_FOLLOW)
def resume(action_id: uuid.UUID) -> Answer:
    """Let the reminders of an action go on."""
    pausing.resume(current_actor(), action_id)
    flash(_("De herinneringen gaan weer door."), "ok")
    return redirect(url_for("actions.detail", action_id=action_id), code=303)


@bp.route("/admin/organisations/<uuid:organisation_id>/contacts", methods=["GET", "POST"])
@requires(Permission.ORGANISATION_MANAGE)
def named(organisation_id: uuid.UUID) -> Answer:
    """Whom an organisation named for actions that stay undone."""
    page = contacts.contacts_page(current_actor(), organisation_id)
    form = ContactForm(data={"from_on": first_days()["from_on"]})
    form.offer(page.people, page.tables)
    if form.does(lambda: contacts.name(current_actor(), organisation_id, form.to_named())):
        flash(_("De naam is toegevoegd."), "ok")
        return redirect(url_for("chasing.named", organisation_id=organisation_id), code=303)
    return render_template("chasing/named.html", page=page, form=form, labels=labels), form.status


@bp.post("/admin/organisations/<uuid:organisation_id>/contacts/<uuid:contact_id>/end")
@requires(Permission.ORGANISATION_MANAGE)
def end(organisation_id: uuid.UUID, contact_id: uuid.UUID) -> Answer:
    """Somebody is named no more."""
    contacts.end(current_actor(), organisation_id, contact_id)
    flash(_("Deze persoon krijgt hierover geen berichten meer."), "ok")
    return redirect(url_for("chasing.named", organisation_id=organisation_id), code=303)
