"""Writing down at the item on the table: one line with its reading, or a form for each kind."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from urllib.parse import urlencode

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.domain.errors import Refusal
from app.features.live import capture_words_views as capture_words
from app.features.live import capturing, queries, recording, sheet_views
from app.features.live.blueprint import bp
from app.features.live.capture_forms import (
    SIGNS,
    ActionForm,
    DecisionForm,
    Kept,
    LineForm,
    NoteForm,
    OralMarkForm,
)
from app.web.answers import Answer
from app.web.guard import current_actor, requires
from app.web.idempotency import counts_once

ECHO = 200


@bp.post("/meetings/<uuid:meeting_id>/items/<uuid:item_id>/capture")
@requires(Permission.DECISION_RECORD)
@counts_once
def capture(meeting_id: uuid.UUID, item_id: uuid.UUID) -> Answer:
    """Save a line that was seen as it reads; else show how it reads and what has to be asked."""
    form = LineForm.sent()
    act = capturing.save if form.was_read else capturing.read
    read_as = None
    if form.validate_on_submit():
        try:
            read_as = act(current_actor(), meeting_id, item_id, form.to_typed())
        except Refusal as refusal:
            form.refuse(refusal)
    back = url_for(".worksheet", meeting_id=meeting_id, item=item_id)
    if read_as is not None and form.was_read and not read_as.asked:
        return saved(form, read_as, back)
    page = capturing.line_page(current_actor(), meeting_id, item_id)
    return asking(
        form,
        read_as,
        url=url_for(".capture", meeting_id=meeting_id, item_id=item_id),
        back=back,
        reference=page.reference,
    )


@bp.post("/meetings/<uuid:meeting_id>/items/<uuid:item_id>/capture/echo")
@requires(Permission.DECISION_RECORD)
def capture_echo(meeting_id: uuid.UUID, item_id: uuid.UUID) -> Answer:
    """How a line reads while it is typed; nothing is kept of it."""
    form, read_as = LineForm.sent(), None
    capturing.line_page(current_actor(), meeting_id, item_id)
    if form.validate_on_submit():
        try:
            read_as = capturing.read(current_actor(), meeting_id, item_id, form.to_typed())
        except Refusal as refusal:
            form.refuse(refusal)
    return fragment(form, read_as, ECHO)


@bp.post("/meetings/<uuid:meeting_id>/items/<uuid:item_id>/decisions")
@requires(Permission.DECISION_RECORD)
def decide(meeting_id: uuid.UUID, item_id: uuid.UUID) -> Answer:
    """Record a decision."""
    return _keep(
        meeting_id,
        item_id,
        form := DecisionForm(),
        lambda: recording.record_decision(current_actor(), item_id, form.to_decision()),
    )


@bp.post("/meetings/<uuid:meeting_id>/items/<uuid:item_id>/actions")
@requires(Permission.ACTION_RECORD)
def act(meeting_id: uuid.UUID, item_id: uuid.UUID) -> Answer:
    """Record an action."""
    form = ActionForm()

    def keep() -> None:
        new = form.to_action()
        capturing.refuse_telling(current_actor(), meeting_id, new.safe)
        recording.record_action(current_actor(), item_id, new)

    return _keep(meeting_id, item_id, form, keep)


@bp.post("/meetings/<uuid:meeting_id>/items/<uuid:item_id>/notes")
@requires(Permission.DECISION_RECORD)
def write_note(meeting_id: uuid.UUID, item_id: uuid.UUID) -> Answer:
    """Record a note."""
    return _keep(
        meeting_id,
        item_id,
        form := NoteForm(),
        lambda: recording.record_note(current_actor(), item_id, form.to_note()),
    )


@bp.post("/meetings/<uuid:meeting_id>/items/<uuid:item_id>/oral-marks")
@requires(Permission.DECISION_RECORD)
def mark_oral(meeting_id: uuid.UUID, item_id: uuid.UUID) -> Answer:
    """Record that somebody explained something aloud."""
    form = OralMarkForm()

    def keep() -> None:
        new = recording.NewOralMark(seat_id=uuid.UUID(form.seat.data))
        recording.record_oral_mark(current_actor(), item_id, new)

    return _keep(meeting_id, item_id, form, keep)


@bp.post("/oral-marks/<uuid:mark_id>/agreement")
@requires(Permission.DECISION_RECORD)
def take_down_agreement(mark_id: uuid.UUID) -> Answer:
    """The partner said that a reason may rest on what it explained."""
    at = recording.record_agreement(current_actor(), mark_id)
    flash(_("Genoteerd. De deelnemer ziet dit bij het eigen overleg."))
    there = url_for(".worksheet", meeting_id=at.meeting.id, item=at.item.id)
    return redirect(there, 303)


def _keep(
    meeting_id: uuid.UUID, item_id: uuid.UUID, form: Kept, keep: Callable[[], object]
) -> Answer:
    """Do what a form asks and go back to the worksheet, or show the form with what is wrong."""
    page = queries.worksheet(current_actor(), meeting_id, item_id)
    if page.item is not None:
        form.offer(page.item)
    if form.does(keep):
        return redirect(url_for(".worksheet", meeting_id=meeting_id, item=item_id), 303)
    return sheet_views.answer(page, failed=form)


def saved(form: LineForm, read_as: capturing.ReadAs, back: str) -> Answer:
    """Back to the page of the line, which says what was saved.

    The script knows its line by the key in the address: who signs in at that very moment comes to
    the same page, and nothing was saved.
    """
    flash(capture_words.saved(read_as), "ok")
    key = urlencode({"saved": form.submit_key.data or ""}) if by_script() else ""
    return redirect(f"{back}{'&' if '?' in back else '?'}{key}" if key else back, 303)


def by_script() -> bool:
    """The script asks, and puts what it gets in its place itself."""
    return request.accept_mimetypes.best == "application/json"


def asking(
    form: LineForm, read_as: capturing.ReadAs | None, *, url: str, back: str, reference: str
) -> Answer:
    """The question before saving: a part for the script, a page of its own without it.

    ``url`` is where the line goes, ``back`` the page it was typed on.
    """
    if by_script():
        return fragment(form, read_as, 422)
    status = 422 if form.errors or (read_as and read_as.asked) else 200
    form.seen.data = form.line.data
    if read_as is not None and not form.safe.data:
        form.safe.data = read_as.safe
    answer = render_template(
        "live/capture.html",
        url=url,
        back=back,
        reference=reference,
        form=form,
        signs=SIGNS,
        words=capture_words,
        read=read_as,
    )
    return answer, status


def fragment(form: LineForm, read_as: capturing.ReadAs | None, status: int) -> Response:
    """The bar under the line, for the script to put in its place; 200 while it is being typed."""
    mode = "echo" if status == ECHO else "ask"
    html = render_template(
        "live/_echo.html", form=form, words=capture_words, read=read_as, mode=mode
    )
    answer = jsonify(html=html)
    answer.status_code = status
    return answer
