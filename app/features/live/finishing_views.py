"""The course of one item: its timer, its end, and the question of who leaves before the next."""

from __future__ import annotations

import uuid

from flask import redirect, render_template, url_for

from app.access import Permission
from app.features.live import coming_of, finishing, service, timing
from app.features.live.blueprint import bp
from app.features.live.forms import LeaversForm, OutcomeForm
from app.web.answers import Answer
from app.web.guard import current_actor, requires
from app.web.i18n import language


@bp.post("/items/<uuid:item_id>/finish")
@requires(Permission.MEETING_CLOSE)
def finish_item(item_id: uuid.UUID) -> Answer:
    """Darken the room and finish an item; then it is asked who leaves."""
    service.close_item(current_actor(), item_id)
    return redirect(url_for(".finished", item_id=item_id), 303)


@bp.route("/items/<uuid:item_id>/finished", methods=["GET", "POST"])
@requires(Permission.MEETING_CLOSE)
def finished(item_id: uuid.UUID) -> Answer:
    """Who leaves, and whether the case returns; the next item stays closed."""
    page = finishing.finished(current_actor(), item_id)
    form = LeaversForm(returns=page.returns, outcome=page.outcome)
    form.offer(page.room)
    form.offer_outcomes(page.offered, language())
    if form.validate_on_submit():
        meeting_id, to = finishing.clear(
            current_actor(),
            item_id,
            left=frozenset(form.left.data or ()),
            returns=bool(form.returns.data),
            outcome=form.outcome.data if form.outcome.raw_data else None,
        )
        return redirect(url_for(".worksheet", meeting_id=meeting_id, item=to), 303)
    return render_template("live/finished.html", page=page, form=form), form.status


@bp.route("/items/<uuid:item_id>/outcome", methods=["GET", "POST"])
@requires(Permission.DECISION_RECORD)
def outcome(item_id: uuid.UUID) -> Answer:
    """What came of a discussion, said or corrected after it."""
    page = coming_of.outcome_page(current_actor(), item_id)
    form = OutcomeForm(outcome=page.outcome)
    form.offer_outcomes(page.offered, language())
    said = form.outcome.data or ""
    if form.does(lambda: coming_of.say_outcome(current_actor(), item_id, said)):
        return redirect(url_for("cases.show", case_id=page.case_id, _anchor="agenda"), 303)
    return render_template("live/outcome.html", page=page, form=form), form.status


@bp.route("/items/<uuid:item_id>/leavers", methods=["GET", "POST"])
@requires(Permission.MEETING_CLOSE)
def leavers(item_id: uuid.UUID) -> Answer:
    """Who leaves before an item that does not come next, or is the first."""
    page = finishing.waiting(current_actor(), item_id)
    form = LeaversForm()
    form.offer(page.room)
    if form.validate_on_submit():
        left = frozenset(form.left.data or ())
        return _back(finishing.clear_before(current_actor(), item_id, left=left), item_id)
    return render_template("live/finished.html", page=page, form=form), form.status


@bp.post("/items/<uuid:item_id>/pause")
@requires(Permission.MEETING_CLOSE)
def pause_timer(item_id: uuid.UUID) -> Answer:
    """Let the timer stand still."""
    return _back(timing.pause(current_actor(), item_id), item_id)


@bp.post("/items/<uuid:item_id>/resume")
@requires(Permission.MEETING_CLOSE)
def resume_timer(item_id: uuid.UUID) -> Answer:
    """Let the timer go on."""
    return _back(timing.go_on(current_actor(), item_id), item_id)


@bp.post("/items/<uuid:item_id>/longer")
@requires(Permission.MEETING_CLOSE)
def lengthen(item_id: uuid.UUID) -> Answer:
    """Five minutes more."""
    return _back(timing.lengthen(current_actor(), item_id), item_id)


def _back(meeting_id: uuid.UUID, item_id: uuid.UUID) -> Answer:
    return redirect(url_for(".worksheet", meeting_id=meeting_id, item=item_id), 303)
