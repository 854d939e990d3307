"""The pages on which staff give a task at a case, and end one."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.features.tasks import giving
from app.features.tasks.blueprint import bp
from app.features.tasks.forms import TaskForm
from app.web.answers import Answer
from app.web.guard import current_actor, requires
from app.web.i18n import language


@bp.route("/cases/<uuid:case_id>/tasks/new", methods=["GET", "POST"])
@requires(Permission.TASK_GIVE)
def give(case_id: uuid.UUID) -> Answer:
    """Give somebody a task at a case."""
    actor, form = current_actor(), TaskForm()
    page = giving.choices(actor, case_id)
    form.offer(page, english=language() == "en")
    if form.does(lambda: giving.give(actor, case_id, form.to_given())):
        return _back(case_id, _("De taak is gegeven. Wie hem kreeg, krijgt een mail."))
    return render_template("tasks/give.html", form=form, page=page), form.status


@bp.post("/cases/<uuid:case_id>/tasks/<uuid:task_id>/end")
@requires(Permission.TASK_GIVE)
def end(case_id: uuid.UUID, task_id: uuid.UUID) -> Answer:
    """End a task at once."""
    giving.end(current_actor(), case_id, task_id)
    return _back(case_id, _("De taak is beëindigd."))


def _back(case_id: uuid.UUID, message: str) -> Answer:
    flash(message, "ok")
    return redirect(url_for("cases.show", case_id=case_id), 303)
