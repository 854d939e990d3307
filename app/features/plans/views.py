"""The pages about the plan of a case: for staff, and the part of its case lead."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.domain.case_plan import Part
from app.features.plans import (
    reading,
    service,
    table_views,  # noqa: F401 - they hang their pages on bp
)
from app.features.plans.blueprint import bp
from app.features.plans.forms import PhaseForm, ReviewForm, TextForm
from app.web import labels
from app.web.answers import Answer, id_typed
from app.web.guard import current_actor, requires


@bp.get("/cases/<uuid:case_id>/plan")
@requires(Permission.CASE_READ)
def show(case_id: uuid.UUID) -> Answer:
    """The whole plan of a case of a table served."""
    page = reading.staff_plan(current_actor(), case_id)
    return render_template("plans/show.html", page=page, labels=labels, Part=Part)


@bp.get("/tasks/<uuid:task_id>/plan")
@requires(Permission.TASK_HOLD)
def lead(task_id: uuid.UUID) -> Answer:
    """The part of the case lead."""
    page = reading.lead_plan(current_actor(), task_id)
    return render_template("plans/show.html", page=page, labels=labels, Part=Part)


@bp.route("/cases/<uuid:case_id>/plan/phase", methods=["GET", "POST"])
@requires(Permission.CASE_UPDATE)
def phase(case_id: uuid.UUID) -> Answer:
    """Say in which phase the case is."""
    page = reading.staff_plan(current_actor(), case_id)
    form = PhaseForm(phase=page.phases[0].phase.value if page.phases else "")
    if form.does(lambda: service.set_phase(current_actor(), case_id, form.to_phase())):
        return _back(case_id, _("De fase is vastgelegd."))
    return render_template("plans/phase.html", page=page, form=form), form.status


@bp.route("/cases/<uuid:case_id>/plan/review", methods=["GET", "POST"])
@requires(Permission.CASE_UPDATE)
def review(case_id: uuid.UUID) -> Answer:
    """Agree when the case is looked at again."""
    page = reading.staff_plan(current_actor(), case_id)
    form = ReviewForm(
        due_on=f"{page.review.due_on:%d-%m-%Y}" if page.review else "",
        every_weeks=page.review.every_weeks if page.review else None,
    )
    if form.does(lambda: service.set_review(current_actor(), case_id, form.to_review())):
        return _back(case_id, _("De evaluatie is afgesproken."))
    return render_template("plans/review.html", page=page, form=form), form.status


@bp.post("/cases/<uuid:case_id>/plan/reviewed")
@requires(Permission.CASE_UPDATE)
def reviewed(case_id: uuid.UUID) -> Answer:
    """The case was looked at."""
    service.review_held(current_actor(), case_id)
    return _back(case_id, _("De evaluatie is gehouden."))


@bp.route("/cases/<uuid:case_id>/plan/texts/<uuid:type_id>", methods=["GET", "POST"])
@requires(Permission.CASE_UPDATE)
def write(case_id: uuid.UUID, type_id: uuid.UUID) -> Answer:
    """Write a text under a heading of the plan."""
    page = service.write_page(current_actor(), case_id, type_id)
    form = TextForm(source=str(page.source_id))
    form.offer(page.sources)
    if form.does(lambda: service.write(current_actor(), case_id, type_id, form.to_words())):
        return _back(case_id, _("De tekst is toegevoegd."))
    return render_template("plans/write.html", page=page, form=form), form.status


@bp.post("/cases/<uuid:case_id>/plan/met")
@requires(Permission.CASE_UPDATE)
def met(case_id: uuid.UUID) -> Answer:
    """A criterion is met."""
    service.mark(current_actor(), case_id, id_typed("section"), is_met=True)
    return _back(case_id, _("Het criterium is behaald."))


@bp.post("/cases/<uuid:case_id>/plan/unmet")
@requires(Permission.CASE_UPDATE)
def unmet(case_id: uuid.UUID) -> Answer:
    """A criterion is not met after all."""
    service.mark(current_actor(), case_id, id_typed("section"), is_met=False)
    return _back(case_id, _("Het criterium is nog niet behaald."))


def _back(case_id: uuid.UUID, message: str) -> Answer:
    flash(message, "ok")
    return redirect(url_for(".show", case_id=case_id), 303)
