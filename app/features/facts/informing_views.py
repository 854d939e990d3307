"""The pages about telling the persons concerned, for staff and for a case lead."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.features.facts import informing
from app.features.facts.blueprint import bp
from app.features.facts.informing_forms import InformingForm
from app.web import labels
from app.web.answers import Answer
from app.web.guard import current_actor, requires


@bp.get("/informing")
@requires(Permission.CASE_READ)
def to_reconsider() -> Answer:
    """Where a day has come to consider again whether somebody is told."""
    return render_template("facts/to_reconsider.html", rows=informing.due_page(current_actor()))


@bp.get("/cases/<uuid:case_id>/informing")
@requires(Permission.CASE_READ)
def told(case_id: uuid.UUID) -> Answer:
    """Who of a case was told, when and by whom."""
    page = informing.informing_page(current_actor(), case_id)
    return render_template("facts/informing.html", page=page, labels=labels, led=False)


@bp.get("/tasks/<uuid:task_id>/informing")
@requires(Permission.TASK_HOLD)
def told_in_led_case(task_id: uuid.UUID) -> Answer:
    """The same for the case lead, without labels."""
    page = informing.led_page(current_actor(), task_id)
    return render_template("facts/informing.html", page=page, labels=labels, led=True)


@bp.route("/cases/<uuid:case_id>/informing/<uuid:person_id>", methods=["GET", "POST"])
@requires(Permission.CASE_UPDATE)
def tell(case_id: uuid.UUID, person_id: uuid.UUID) -> Answer:
    """Record that somebody was told, or why that waits."""
    page = informing.to_tell(current_actor(), case_id, person_id)
    form = InformingForm()
    form.offer(page)
    if form.does(lambda: informing.tell(current_actor(), case_id, person_id, form.to_told())):
        flash(_("Vastgelegd."), "ok")
        return redirect(url_for(".told", case_id=case_id), 303)
    answer = render_template(
        "facts/tell.html", page=page, form=form, case_id=case_id, person_id=person_id,
        most=informing.MOST_REASON,
    )  # fmt: skip
    return answer, form.status
