"""The working page of a meeting and the acts on it."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.domain.errors import Reason, Refusal
from app.features.live import (
    action_views,  # noqa: F401 - they hang their pages on bp
    gate_views,  # noqa: F401 - as above
    mending,
    queries,
    service,
)
from app.features.live.blueprint import bp
from app.features.live.forms import ActionForm, DecisionForm, DecisionTextForm, PresenceForm
from app.features.live.pages import Worksheet
from app.web import labels
from app.web.answers import Answer
from app.web.forms import VersionForm
from app.web.guard import current_actor, requires


@bp.get("/meetings/<uuid:meeting_id>/live")
@requires(Permission.MEETING_CLOSE)
def worksheet(meeting_id: uuid.UUID) -> Answer:
    """The course of the meeting and the item on the table."""
    asked = request.args.get("item", None, type=uuid.UUID)
    return _page(queries.worksheet(current_actor(), meeting_id, asked))


@bp.post("/meetings/<uuid:meeting_id>/start")
@requires(Permission.MEETING_CLOSE)
def start(meeting_id: uuid.UUID) -> Answer:
    """Begin the meeting."""
    service.start_meeting(current_actor(), meeting_id)
    return redirect(url_for(".worksheet", meeting_id=meeting_id), 303)


@bp.post("/meetings/<uuid:meeting_id>/close")
@requires(Permission.MEETING_CLOSE)
def close(meeting_id: uuid.UUID) -> Answer:
    """End the meeting."""
    service.close_meeting(current_actor(), meeting_id)
    flash(_("Het overleg is gesloten. Elke deelnemer ziet nu de eigen afspraken en acties."))
    return redirect(url_for("minutes.overview", meeting_id=meeting_id), 303)


@bp.post("/items/<uuid:item_id>/open")
@requires(Permission.MEETING_CLOSE)
def open_item(item_id: uuid.UUID) -> Answer:
    """Take an item up."""
    meeting_id = service.open_item(current_actor(), item_id)
    return redirect(url_for(".worksheet", meeting_id=meeting_id, item=item_id), 303)


@bp.post("/items/<uuid:item_id>/finish")
@requires(Permission.MEETING_CLOSE)
def finish_item(item_id: uuid.UUID) -> Answer:
    """Finish an item; the page goes on to the next."""
    meeting_id = service.close_item(current_actor(), item_id)
    return redirect(url_for(".worksheet", meeting_id=meeting_id), 303)


@bp.post("/meetings/<uuid:meeting_id>/seats/<uuid:seat_id>/presence")
@requires(Permission.MEETING_CLOSE)
def presence(meeting_id: uuid.UUID, seat_id: uuid.UUID) -> Answer:
    """Roll call for one seat."""
    form = PresenceForm()
    if form.validate_on_submit():
        item_id = service.note_presence(current_actor(), seat_id, form.to_presence())
        return redirect(url_for(".worksheet", meeting_id=meeting_id, item=item_id), 303)
    raise Refusal(Reason.VALUE_UNKNOWN)


@bp.post("/meetings/<uuid:meeting_id>/items/<uuid:item_id>/decisions")
@requires(Permission.DECISION_RECORD)
def decide(meeting_id: uuid.UUID, item_id: uuid.UUID) -> Answer:
    """Record a decision."""
    page = queries.worksheet(current_actor(), meeting_id, item_id)
    form = DecisionForm()
    form.offer(page.item.places if page.item else ())
    if form.validate_on_submit():
        try:
            service.record_decision(current_actor(), item_id, form.to_decision())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for(".worksheet", meeting_id=meeting_id, item=item_id), 303)
    return _page(page, decision=form)


@bp.post("/meetings/<uuid:meeting_id>/items/<uuid:item_id>/actions")
@requires(Permission.ACTION_RECORD)
def act(meeting_id: uuid.UUID, item_id: uuid.UUID) -> Answer:
    """Record an action."""
    page = queries.worksheet(current_actor(), meeting_id, item_id)
    form = ActionForm()
    form.offer(page.item.places if page.item else ())
    if form.validate_on_submit():
        try:
            service.record_action(current_actor(), item_id, form.to_action())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for(".worksheet", meeting_id=meeting_id, item=item_id), 303)
    return _page(page, action=form)


@bp.route("/decisions/<uuid:decision_id>/edit", methods=["GET", "POST"])
@requires(Permission.DECISION_RECORD)
def edit_decision(decision_id: uuid.UUID) -> Answer:
    """Change the words of a decision."""
    page = mending.decision_to_edit(current_actor(), decision_id)
    form = DecisionTextForm(text=page.text, dissent=page.dissent, version=page.version)
    if form.does(
        lambda: mending.change_decision(
            current_actor(),
            decision_id,
            text=form.text.data or "",
            dissent=form.dissent.data or "",
            version=form.known_version,
        )
    ):
        there = url_for(".worksheet", meeting_id=page.meeting_id, item=page.item_id)
        return redirect(there, 303)
    return render_template("live/decision.html", page=page, form=form), form.status


@bp.post("/decisions/<uuid:decision_id>/delete")
@requires(Permission.DECISION_RECORD)
def delete_decision(decision_id: uuid.UUID) -> Answer:
    """Take a decision back."""
    page = mending.decision_to_edit(current_actor(), decision_id)
    mending.delete_decision(current_actor(), decision_id, version=VersionForm().known_version)
    flash(_("De afspraak is verwijderd."))
    return redirect(url_for(".worksheet", meeting_id=page.meeting_id, item=page.item_id), 303)


def _page(
    page: Worksheet,
    *,
    decision: DecisionForm | None = None,
    action: ActionForm | None = None,
) -> tuple[str, int]:
    places = page.item.places if page.item else ()
    failed = decision or action
    decision = decision or DecisionForm(formdata=None)
    action = action or ActionForm(formdata=None)
    decision.offer(places)
    action.offer(places)
    answer = render_template(
        "live/worksheet.html",
        page=page,
        decision=decision,
        action=action,
        form=failed,
        labels=labels,
    )
    return answer, 422 if failed else 200
