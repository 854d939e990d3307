"""The page of a secretary: one line to write down with, and what was written down by it."""

from __future__ import annotations

import uuid

from flask import render_template, url_for

from app.access import Permission
from app.domain.errors import Refusal
from app.features.live import capturing, secretary
from app.features.live.blueprint import bp
from app.features.live.capture_forms import SIGNS, LineForm
from app.features.live.capture_views import ECHO, asking, fragment, saved
from app.features.live.sheet_views import names_of
from app.web.answers import Answer
from app.web.guard import current_actor, requires
from app.web.idempotency import counts_once


@bp.get("/tasks/<uuid:task_id>/minutes")
@requires(Permission.TASK_HOLD)
def write_minutes(task_id: uuid.UUID) -> Answer:
    """Where a secretary writes down, and the own lines so far."""
    page = secretary.page_of(current_actor(), task_id)
    return render_template(
        "live/secretary.html",
        page=page,
        form=LineForm(formdata=None),
        named=names_of(page.places),
        signs=SIGNS,
    )


@bp.post("/tasks/<uuid:task_id>/minutes/capture")
@requires(Permission.TASK_HOLD)
@counts_once
def capture_as_secretary(task_id: uuid.UUID) -> Answer:
    """Save a line that was seen as it reads; else show how it reads and what has to be asked."""
    page = secretary.page_of(current_actor(), task_id)
    form, read_as = LineForm.sent(), None
    act = capturing.save if form.was_read else capturing.read
    if form.validate_on_submit():
        try:
            read_as = act(current_actor(), page.meeting_id, page.item_id, form.to_typed())
        except Refusal as refusal:
            form.refuse(refusal)
    back = url_for(".write_minutes", task_id=task_id)
    if read_as is not None and form.was_read and not read_as.asked:
        return saved(form, read_as, back)
    url = url_for(".capture_as_secretary", task_id=task_id)
    return asking(form, read_as, url=url, back=back, reference=page.reference)


@bp.post("/tasks/<uuid:task_id>/minutes/echo")
@requires(Permission.TASK_HOLD)
def echo_as_secretary(task_id: uuid.UUID) -> Answer:
    """How a line reads while it is typed; nothing is kept of it."""
    meeting_id, item_id = secretary.item_of(current_actor(), task_id)
    form, read_as = LineForm.sent(), None
    if form.validate_on_submit():
        try:
            read_as = capturing.read(current_actor(), meeting_id, item_id, form.to_typed())
        except Refusal as refusal:
            form.refuse(refusal)
    return fragment(form, read_as, ECHO)
