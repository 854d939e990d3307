"""The pages of the room for people."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.access import Actor, Permission
from app.domain.errors import NotVisible, Refusal
from app.domain.text import clean_line
from app.features.people import (  # noqa: F401 - one hangs its pages on bp
    confirming,
    leaving,
    offices,
    queries,
    service,
    several_views,
)
from app.features.people.blueprint import bp
from app.features.people.forms import EmailForm, InviteForm, MoveForm, PersonForm, offer
from app.web import labels, searched
from app.web.answers import Answer
from app.web.errors import sentence_of
from app.web.forms import BaseForm
from app.web.guard import current_actor, requires
from app.web.stepping_up import fresh


@bp.get("/admin/people")
@requires(Permission.PERSON_MANAGE)
def listing() -> str:
    """All people, searched and paged."""
    chosen = {
        "words": clean_line(searched.asked("people").get("q", "")),
        "organisation": request.args.get("organisation", ""),
        "state": request.args.get("state", ""),
        "lacking": request.args.get("lacking", ""),
    }
    page = queries.list_people(**chosen, asked_page=request.args.get("page"))
    names = ("search", "organisation", "state", "lacking")
    asked = {name: request.args[name] for name in names if request.args.get(name)}
    return render_template(
        "people/listing.html", page=page, chosen=chosen, asked=asked, states=labels.ACCOUNT_STATE
    )


@bp.post("/admin/people")
@requires(Permission.PERSON_MANAGE)
def search() -> Answer:
    """Look for somebody; what was typed stands in no address."""
    asked = searched.looked_for("people", "organisation", "state", "lacking")
    return redirect(url_for("people.listing", **asked), code=303)


@bp.route("/admin/people/new", methods=["GET", "POST"])
@requires(Permission.PERSON_MANAGE)
def invite() -> Answer:
    """Invite somebody; the one-time link goes by mail."""
    form = InviteForm()
    offer(form.organisation, queries.organisation_options())
    if form.validate_on_submit():
        try:
            person_id = service.invite_person(current_actor(), form.to_command())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("De uitnodiging wordt verstuurd."), "ok")
            return redirect(url_for("people.person", person_id=person_id), code=303)
    return render_template("people/invite.html", form=form), 422 if form.errors else 200


@bp.get("/admin/people/<uuid:person_id>")
@requires(Permission.PERSON_MANAGE)
def person(person_id: uuid.UUID) -> Answer:
    """One person: facts, roles, and what can be done."""
    return _person_page(person_id)


def _person_page(person_id: uuid.UUID, *, refusal: str = "", status: int = 200) -> Answer:
    page = queries.person_page(current_actor(), person_id)
    return render_template(
        "people/person.html",
        page=page,
        refusal=refusal,
        states=labels.ACCOUNT_STATE,
        roles=labels.TABLE_ROLE,
        change_kinds=labels.POWERFUL_CHANGE_KIND,
    ), status


@bp.route("/admin/people/<uuid:person_id>/edit", methods=["GET", "POST"])
@requires(Permission.PERSON_MANAGE)
def edit(person_id: uuid.UUID) -> Answer:
    """Change name, function and telephone."""
    stored = queries.person_page(current_actor(), person_id)
    form = PersonForm(obj=stored)
    if form.does(
        lambda: service.change_person(
            current_actor(), person_id, form.to_data(), version=form.known_version
        )
    ):
        flash(_("De wijziging is opgeslagen."), "ok")
        return redirect(url_for("people.person", person_id=person_id), code=303)
    return render_template("people/edit.html", form=form, page=stored), form.status


@bp.route("/admin/people/<uuid:person_id>/move", methods=["GET", "POST"])
@requires(Permission.PERSON_MANAGE)
@fresh
def move(person_id: uuid.UUID) -> Answer:
    """Move somebody to another organisation."""
    stored = queries.person_page(current_actor(), person_id)
    form = MoveForm()
    offer(form.organisation, queries.organisation_options())
    if form.validate_on_submit():
        try:
            service.move_person(current_actor(), person_id, uuid.UUID(form.organisation.data))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("De verhuizing is doorgevoerd. Rollen en sessies zijn beëindigd."), "ok")
            return redirect(url_for("people.person", person_id=person_id), code=303)
    page = render_template(
        "people/move.html",
        form=form,
        page=stored,
        behind=leaving.left_behind(current_actor(), person_id),
        roles=labels.TABLE_ROLE,
    )
    return page, 422 if form.errors else 200


@bp.route("/admin/people/<uuid:person_id>/leave", methods=["GET", "POST"])
@requires(Permission.PERSON_MANAGE)
@fresh
def leave(person_id: uuid.UUID) -> Answer:
    """Everything open of somebody, and then its end."""
    form = BaseForm()
    if form.does(lambda: service.leave_person(current_actor(), person_id)):
        flash(_("Vertrokken: alle toegang is beëindigd."), "ok")
        return redirect(url_for("people.person", person_id=person_id), code=303)
    page = render_template(
        "people/leave.html",
        form=form,
        page=queries.person_page(current_actor(), person_id),
        behind=leaving.left_behind(current_actor(), person_id),
        roles=labels.TABLE_ROLE,
    )
    return page, form.status


@bp.route("/admin/people/<uuid:person_id>/block", methods=["GET", "POST"])
@requires(Permission.PERSON_MANAGE)
@fresh
def block(person_id: uuid.UUID) -> Answer:
    """Everything open of somebody, which waits while the account is blocked."""
    form = BaseForm()
    if form.does(lambda: service.block_person(current_actor(), person_id)):
        flash(_("Het account is geblokkeerd en uitgelogd."), "ok")
        return redirect(url_for("people.person", person_id=person_id), code=303)
    page = render_template(
        "people/block.html",
        form=form,
        page=queries.person_page(current_actor(), person_id),
        behind=leaving.left_behind(current_actor(), person_id),
        roles=labels.TABLE_ROLE,
    )
    return page, form.status


@bp.route("/admin/people/<uuid:person_id>/email", methods=["GET", "POST"])
@requires(Permission.PERSON_MANAGE)
@fresh
def email(person_id: uuid.UUID) -> Answer:
    """Ask for another sign-in address; a second person confirms it."""
    stored = queries.person_page(current_actor(), person_id)
    form = EmailForm()
    if form.validate_on_submit():
        try:
            service.request_email(current_actor(), person_id, form.email.data or "")
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("De aanvraag wacht op een tweede persoon."), "ok")
            return redirect(url_for("people.person", person_id=person_id), code=303)
    page = render_template("people/email.html", form=form, page=stored)
    return page, 422 if form.errors else 200


def _act(person_id: uuid.UUID, act: Callable[[Actor, uuid.UUID], None], done: str) -> Answer:
    """One button of the page of a person."""
    try:
        act(current_actor(), person_id)
    except Refusal as refusal:
        return _person_page(person_id, refusal=sentence_of(refusal), status=422)
    flash(done, "ok")
    return redirect(url_for("people.person", person_id=person_id), code=303)


@bp.post("/admin/people/<uuid:person_id>/link")
@requires(Permission.PERSON_MANAGE)
@fresh
def link(person_id: uuid.UUID) -> Answer:
    """Mail a new one-time link."""
    return _act(person_id, service.send_new_link, _("Een nieuwe link wordt verstuurd."))


@bp.post("/admin/people/<uuid:person_id>/unblock")
@requires(Permission.PERSON_MANAGE)
@fresh
def unblock(person_id: uuid.UUID) -> Answer:
    """Open a blocked account again."""
    return _act(person_id, service.unblock_person, _("Het account is weer open."))


@bp.post("/admin/people/<uuid:person_id>/lasting")
@requires(Permission.PERSON_MANAGE)
@fresh
def lasting(person_id: uuid.UUID) -> Answer:
    """Make a guest's account an ordinary one."""
    return _act(person_id, service.make_lasting, _("Dit is nu een gewoon account."))


@bp.post("/admin/people/<uuid:person_id>/reset-factor")
@requires(Permission.PERSON_MANAGE)
@fresh
def reset_factor(person_id: uuid.UUID) -> Answer:
    """Ask that the second factor be set up anew."""
    done = _("De aanvraag wacht op een tweede persoon.")
    return _act(person_id, service.request_factor_reset, done)


@bp.post("/admin/people/<uuid:person_id>/appoint-officer")
@requires(Permission.PERSON_MANAGE)
@fresh
def appoint_officer(person_id: uuid.UUID) -> Answer:
    """Ask to appoint a privacy officer."""
    done = _("De aanvraag wacht op een tweede persoon.")
    return _act(person_id, offices.request_privacy_officer, done)


@bp.post("/admin/people/<uuid:person_id>/end-officer")
@requires(Permission.PERSON_MANAGE)
@fresh
def end_officer(person_id: uuid.UUID) -> Answer:
    """End the appointment as privacy officer."""
    done = _("De benoeming tot privacy officer is beëindigd.")
    return _act(person_id, offices.end_privacy_officer, done)


@bp.post("/admin/people/<uuid:person_id>/appoint-supervisor")
@requires(Permission.PERSON_MANAGE)
@fresh
def appoint_supervisor(person_id: uuid.UUID) -> Answer:
    """Ask to appoint a data protection officer (FG)."""
    done = _("De aanvraag wacht op een tweede persoon.")
    return _act(person_id, offices.request_supervisor, done)


@bp.post("/admin/people/<uuid:person_id>/end-supervisor")
@requires(Permission.PERSON_MANAGE)
@fresh
def end_supervisor(person_id: uuid.UUID) -> Answer:
    """End the appointment as data protection officer (FG)."""
    done = _("De benoeming tot FG is beëindigd.")
    return _act(person_id, offices.end_supervisor, done)


@bp.get("/changes")
@requires(Permission.CHANGE_READ)
def changes() -> Answer:
    """What waits for a second person, and what an administrator changed at the tables served."""
    return _changes_page()


def _changes_page(*, refusal: str = "", status: int = 200) -> Answer:
    return render_template(
        "people/changes.html",
        page=confirming.changes_page(current_actor()),
        kinds=labels.POWERFUL_CHANGE_KIND,
        announcements=labels.ANNOUNCEMENT,
        roles=labels.TABLE_ROLE,
        refusal=refusal,
    ), status


@bp.post("/changes/<uuid:change_id>")
@requires(Permission.CHANGE_CONFIRM)
def decide(change_id: uuid.UUID) -> Answer:
    """Confirm or refuse a change."""
    decision = request.form.get("decision")
    if decision not in ("approve", "refuse"):
        raise NotVisible
    approve = decision == "approve"
    try:
        confirming.decide(current_actor(), change_id, approve=approve)
    except Refusal as refusal:
        return _changes_page(refusal=sentence_of(refusal), status=422)
    flash(_("De wijziging is bevestigd.") if approve else _("De aanvraag is geweigerd."), "ok")
    return redirect(url_for("people.changes"), code=303)
