"""Changing, taking back and putting back what was recorded at an item."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from flask import redirect, render_template, session, url_for

from app.access import Permission
from app.access.records.item_log import What
from app.features.live import mending_decisions, notes, putting_back
from app.features.live.blueprint import bp
from app.features.live.forms import DecisionTextForm, NoteTextForm
from app.features.live.pages import Removed
from app.infra import clock
from app.web.answers import Answer
from app.web.forms import VersionForm
from app.web.guard import current_actor, requires

REMOVED = "live_removed"
# How long the worksheet offers to undo, whatever else is pressed or fetched meanwhile.
UNDO_OFFERED = timedelta(seconds=30)


@bp.route("/decisions/<uuid:decision_id>/edit", methods=["GET", "POST"])
@requires(Permission.DECISION_RECORD)
def edit_decision(decision_id: uuid.UUID) -> Answer:
    """Change a decision."""
    page = mending_decisions.decision_to_edit(current_actor(), decision_id)
    form = DecisionTextForm.of(page)
    if form.does(
        lambda: mending_decisions.change_decision(
            current_actor(), decision_id, form.to_decision(), version=form.known_version
        )
    ):
        return back_to(page.meeting_id, page.item_id, decision_id)
    return render_template("live/decision.html", page=page, form=form), form.status


@bp.post("/decisions/<uuid:decision_id>/delete")
@requires(Permission.DECISION_RECORD)
def delete_decision(decision_id: uuid.UUID) -> Answer:
    """Take a decision back."""
    page = mending_decisions.decision_to_edit(current_actor(), decision_id)
    removed = mending_decisions.delete_decision(
        current_actor(), decision_id, version=VersionForm().known_version
    )
    return took_back(page.meeting_id, removed)


@bp.route("/notes/<uuid:note_id>/edit", methods=["GET", "POST"])
@requires(Permission.DECISION_RECORD)
def edit_note(note_id: uuid.UUID) -> Answer:
    """Change a note."""
    page = notes.note_to_edit(current_actor(), note_id)
    form = NoteTextForm.of(page)
    if form.does(
        lambda: notes.change_note(
            current_actor(),
            note_id,
            text=form.text.data or "",
            version=form.known_version,
            reader_ids=form.to_readers(),
        )
    ):
        return back_to(page.meeting_id, page.item_id, note_id)
    return render_template("live/note.html", page=page, form=form), form.status


@bp.post("/notes/<uuid:note_id>/delete")
@requires(Permission.DECISION_RECORD)
def delete_note(note_id: uuid.UUID) -> Answer:
    """Take a note back."""
    version = VersionForm().known_version
    return took_back(*notes.delete_note(current_actor(), note_id, version=version))


@bp.post("/oral-marks/<uuid:mark_id>/delete")
@requires(Permission.DECISION_RECORD)
def delete_mark(mark_id: uuid.UUID) -> Answer:
    """Take back that somebody explained something."""
    return took_back(*putting_back.delete_mark(current_actor(), mark_id))


@bp.post("/decisions/<uuid:decision_id>/restore")
@requires(Permission.DECISION_RECORD)
def restore_decision(decision_id: uuid.UUID) -> Answer:
    """Let a decision stand again."""
    return _put_back(What.DECISION, decision_id)


@bp.post("/actions/<uuid:action_id>/restore")
@requires(Permission.ACTION_RECORD)
def restore_action(action_id: uuid.UUID) -> Answer:
    """Open a dropped action again."""
    return _put_back(What.ACTION, action_id)


@bp.post("/notes/<uuid:note_id>/restore")
@requires(Permission.DECISION_RECORD)
def restore_note(note_id: uuid.UUID) -> Answer:
    """Let a note stand again."""
    return _put_back(What.NOTE, note_id)


@bp.post("/oral-marks/<uuid:mark_id>/restore")
@requires(Permission.DECISION_RECORD)
def restore_mark(mark_id: uuid.UUID) -> Answer:
    """Let an explanation aloud stand again."""
    return _put_back(What.ORAL_MARK, mark_id)


def _put_back(what: What, object_id: uuid.UUID) -> Answer:
    version = VersionForm().known_version
    at = putting_back.put_back(current_actor(), what, object_id, version=version)
    session.pop(REMOVED, None)
    return back_to(at.meeting.id, at.item.id, object_id)


def took_back(meeting_id: uuid.UUID, removed: Removed) -> Answer:
    """To the worksheet, which keeps the place of what was taken back for a while."""
    session[REMOVED] = {
        "item": str(removed.item_id),
        "what": removed.what.value,
        "id": str(removed.id),
        "at": removed.at.isoformat(),
        "version": removed.version,
        "until": (clock.now() + UNDO_OFFERED).isoformat(),
    }
    return back_to(meeting_id, removed.item_id, removed.id)


def removed_just_now() -> Removed | None:
    """What this browser took back just before."""
    kept = session.get(REMOVED)
    if kept is None or datetime.fromisoformat(kept["until"]) <= clock.now():
        return None
    return Removed(
        uuid.UUID(kept["item"]),
        What(kept["what"]),
        uuid.UUID(kept["id"]),
        datetime.fromisoformat(kept["at"]),
        kept["version"],
    )


def back_to(meeting_id: uuid.UUID, item_id: uuid.UUID, line_id: uuid.UUID) -> Answer:
    """The worksheet, at this line."""
    there = url_for(".worksheet", meeting_id=meeting_id, item=item_id, _anchor=f"regel-{line_id}")
    return redirect(there, 303)
