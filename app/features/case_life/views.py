"""The pages about the life of a case: its line, its lead, and who brings it."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.features.case_life import (
    household_views,  # noqa: F401 - they hang their pages on bp
    queries,
    service,
)
from app.features.case_life.blueprint import bp
from app.features.case_life.forms import BringingForm, SuccessorForm
from app.web import labels, line_words
from app.web.answers import Answer
from app.web.guard import current_actor, requires


@bp.get("/cases/<uuid:case_id>/line")
@requires(Permission.CASE_LINE)
def line(case_id: uuid.UUID) -> Answer:
    """What happened to a case, as far as the reader may know."""
    page = queries.line_page(current_actor(), case_id)
    return render_template("case_life/line.html", page=page, words=line_words)


@bp.get("/led-cases")
@requires(Permission.TASK_HOLD)
def led() -> Answer:
    """The cases the reader leads."""
    page = queries.led_page(current_actor())
    return render_template("case_life/led.html", page=page, labels=labels)


@bp.route("/led-cases/<uuid:task_id>/successor", methods=["GET", "POST"])
@requires(Permission.TASK_HOLD)
def successor(task_id: uuid.UUID) -> Answer:
    """Ask somebody to lead the case next."""
    actor, form = current_actor(), SuccessorForm()
    page = queries.successor_page(actor, task_id)
    form.offer(page.people)
    if form.does(
        lambda: service.ask_successor(actor, task_id, form.person_id, form.reason.data or "")
    ):
        flash(_("Gevraagd. Tot het akkoord blijft de casusregie bij u."), "ok")
        return redirect(url_for(".successor", task_id=task_id), 303)
    return render_template("case_life/successor.html", form=form, page=page), form.status


@bp.post("/led-cases/<uuid:task_id>/keep")
@requires(Permission.TASK_HOLD)
def keep(task_id: uuid.UUID) -> Answer:
    """Take the question to a successor back."""
    service.keep_lead(current_actor(), task_id)
    flash(_("De vraag is ingetrokken. De casusregie blijft bij u."), "ok")
    return redirect(url_for(".successor", task_id=task_id), 303)


@bp.route("/cases/<uuid:case_id>/bringing", methods=["GET", "POST"])
@requires(Permission.BRINGING_PROPOSE)
def bringing(case_id: uuid.UUID) -> Answer:
    """Ask another organisation to bring the case from now on."""
    actor, form = current_actor(), BringingForm()
    page = queries.bringing_page(actor, case_id)
    form.offer(page.organisations)
    if form.does(lambda: service.ask_to_bring(actor, case_id, form.organisation_id)):
        flash(_("Gevraagd. Tot het akkoord verandert er niets."), "ok")
        return redirect(url_for(".bringing", case_id=case_id), 303)
    return render_template("case_life/bringing.html", form=form, page=page), form.status


@bp.post("/cases/<uuid:case_id>/bringing/withdraw")
@requires(Permission.BRINGING_PROPOSE)
def withdraw(case_id: uuid.UUID) -> Answer:
    """Take that question back."""
    service.ask_no_more(current_actor(), case_id)
    flash(_("De vraag is ingetrokken."), "ok")
    return redirect(url_for(".bringing", case_id=case_id), 303)


@bp.get("/bringing/<uuid:transfer_id>")
@requires(Permission.BRINGING_ANSWER)
def asked(transfer_id: uuid.UUID) -> Answer:
    """What the own organisation is asked."""
    page = queries.asked_page(current_actor(), transfer_id)
    return render_template("case_life/asked.html", page=page, actor=current_actor())


@bp.post("/bringing/<uuid:transfer_id>/accept")
@requires(Permission.BRINGING_ANSWER)
def accept(transfer_id: uuid.UUID) -> Answer:
    """Become the bringing partner."""
    service.answer_to_bring(current_actor(), transfer_id, accepts=True)
    flash(_("Uw organisatie is nu de aanbrengende partner."), "ok")
    return redirect(url_for("home.start"), 303)


@bp.post("/bringing/<uuid:transfer_id>/refuse")
@requires(Permission.BRINGING_ANSWER)
def refuse(transfer_id: uuid.UUID) -> Answer:
    """Do not become it."""
    service.answer_to_bring(current_actor(), transfer_id, accepts=False)
    flash(_("Geweigerd. De procesregisseur ziet dat."), "ok")
    return redirect(url_for("home.start"), 303)
