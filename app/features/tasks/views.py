"""The page of a task for its holder, step by step: accept, say whom one knows, read."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.access.seats.acquaintances import Stage
from app.features.tasks import (
    giving_views,  # noqa: F401 - they hang their pages on bp
    queries,
    service,
)
from app.features.tasks.blueprint import bp
from app.web import labels, names
from app.web.answers import Answer
from app.web.guard import current_actor, requires


@bp.get("/tasks/<uuid:task_id>")
@requires(Permission.TASK_HOLD)
def show(task_id: uuid.UUID) -> Answer:
    """As much of the task as its holder has come to; names on request."""
    coming = queries.coming_page(current_actor(), task_id)
    if coming is not None:
        return render_template("tasks/coming.html", page=coming, labels=labels)
    page = queries.task_page(current_actor(), task_id, with_names=names.are_shown(task_id))
    is_accepted = page.stage is not Stage.CONFIDENTIALITY
    strip = names.strip(task_id=task_id) if is_accepted else None
    return render_template("tasks/show.html", page=page, labels=labels, names=strip)


@bp.post("/tasks/<uuid:task_id>/accept")
@requires(Permission.TASK_HOLD)
def accept(task_id: uuid.UUID) -> Answer:
    """Accept the task with its confidentiality, by name."""
    service.accept(current_actor(), task_id)
    return redirect(url_for(".show", task_id=task_id), 303)


@bp.post("/tasks/<uuid:task_id>/acquaintances")
@requires(Permission.TASK_HOLD)
def answer(task_id: uuid.UUID) -> Answer:
    """Say that one knows nobody, or step back at once."""
    said = request.form.get("answer", "")
    service.answer(current_actor(), task_id, said, shown=request.form.getlist("shown"))
    if said == service.SOMEBODY:
        flash(_("U hebt zich teruggetrokken. De procesregisseur ziet dat."))
        return redirect(url_for("home.start"), 303)
    return redirect(url_for(".show", task_id=task_id), 303)


@bp.post("/tasks/<uuid:task_id>/give-back")
@requires(Permission.TASK_HOLD)
def give_back(task_id: uuid.UUID) -> Answer:
    """Refuse the task, or end it before its time."""
    service.give_back(current_actor(), task_id)
    flash(_("De taak is teruggegeven. U ziet er niets meer van."), "ok")
    return redirect(url_for("home.start"), 303)
