"""Giving and changing input, and deciding as a source who reads along."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.access.seats.acquaintances import Stage
from app.domain.errors import Reason, Refusal, StaleEdit
from app.features.seats import asked, deciding, giving, known, queries
from app.features.seats.blueprint import bp
from app.features.seats.deciding import Said
from app.features.seats.forms import DecideForm, InputForm, OwnTextForm
from app.web import labels, names
from app.web.answers import Answer, page_number
from app.web.errors import sentence_of
from app.web.guard import current_actor, requires
from app.web.redirects import next_path


@bp.route("/my-input/<uuid:request_id>", methods=["GET", "POST"])
@requires(Permission.INPUT_GIVE)
def give(request_id: uuid.UUID) -> Answer:
    """Answer a request for input."""
    with_names = names.are_shown(request_id)
    page = asked.read_task(current_actor(), request_id, with_names=with_names)
    form = InputForm()
    if form.validate_on_submit():
        try:
            giving.give(current_actor(), request_id, form.to_input())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Uw inbreng is ontvangen. Dank u."))
            return redirect(url_for("home.start"), 303)
    status = 422 if form.errors else 200
    return render_template(
        "seats/input.html",
        page=page,
        form=form,
        most=giving.MOST_TEXT,
        # Before confidentiality there is nothing to show.
        names=names.strip(request_id=request_id) if page.stage != Stage.CONFIDENTIALITY else None,
    ), status


@bp.post("/my-input/<uuid:request_id>/known")
@requires(Permission.INPUT_GIVE)
def say_known(request_id: uuid.UUID) -> Answer:
    """Yes or no in one click; where something comes first, the page of the request says what."""
    here = redirect(url_for(".give", request_id=request_id), 303)
    said = request.form.get("known", "")
    if said not in {"yes", "no"}:
        raise Refusal(Reason.VALUE_UNKNOWN)
    try:
        goes_on = known.say_known(current_actor(), request_id, known=said == "yes")
    except Refusal as refusal:
        flash(sentence_of(refusal), "warn")
        return here
    flash(_("Uw antwoord is ontvangen. Dank u."))
    return here if goes_on else redirect(next_path() or url_for("home.start"), 303)


@bp.route("/my-input/texts/<uuid:section_id>", methods=["GET", "POST"])
@requires(Permission.INPUT_GIVE)
def own_text(section_id: uuid.UUID) -> Answer:
    """Change own input before the meeting starts."""
    page = giving.read_own_text(current_actor(), section_id)
    form = OwnTextForm(text=page.text, version=page.version)
    theirs, status = "", 200
    if form.validate_on_submit():
        try:
            giving.change_own_text(
                current_actor(),
                section_id,
                form.text.data or "",
                version=form.version.data or 0,
                confirmed=bool(form.confirmed.data),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        except StaleEdit as edit:
            theirs, status = edit.theirs, 409
            form.catch_up(edit.version)
        else:
            flash(_("Uw inbreng is gewijzigd."))
            return redirect(url_for("home.start"), 303)
    answer = render_template(
        "seats/own_text.html", page=page, form=form, theirs=theirs, most=giving.MOST_TEXT
    )
    return answer, 422 if form.errors else status


@bp.get("/my-input")
@requires(Permission.INPUT_GIVE)
def own_input() -> Answer:
    """What the own organisation brought, for its named representatives."""
    page = queries.input_of_organisation(current_actor(), number=page_number())
    return render_template("seats/own_input.html", page=page)


@bp.get("/my-disclosures")
@requires(Permission.INPUT_GIVE)
def waiting() -> Answer:
    """Sections of the own organisation that wait for its decision."""
    return render_template(
        "seats/waiting.html",
        rows=deciding.read_waiting(current_actor()),
        labels=labels,
        form=DecideForm(),
    )


@bp.post("/my-disclosures/<uuid:disclosure_id>")
@requires(Permission.INPUT_GIVE)
def decide(disclosure_id: uuid.UUID) -> Answer:
    """Allow or refuse that one section is read by one organisation."""

    def act(said: Said) -> None:
        deciding.decide(
            current_actor(), disclosure_id, allow=said.allow, basis=said.basis, last_on=said.last_on
        )

    return _decided(act)


@bp.post("/my-disclosures/tasks/<uuid:task_id>/<uuid:section_id>")
@requires(Permission.INPUT_GIVE)
def decide_task(task_id: uuid.UUID, section_id: uuid.UUID) -> Answer:
    """Allow or refuse that the holder of a task reads one section."""
    return _decided(lambda said: deciding.decide_task(current_actor(), task_id, section_id, said))


def _decided(act: Callable[[Said], None]) -> Answer:
    said, form = request.form.get("decision", ""), DecideForm()

    def decide_it() -> None:
        if said not in ("allow", "refuse"):
            raise Refusal(Reason.VALUE_UNKNOWN)
        act(form.to_said(allow=said == "allow"))

    if not form.does(decide_it):
        rows = deciding.read_waiting(current_actor())
        return render_template("seats/waiting.html", rows=rows, labels=labels, form=form), 422
    flash(_("De rubriek mag gelezen worden.") if said == "allow" else _("De rubriek blijft dicht."))
    return redirect(url_for(".waiting"), 303)
