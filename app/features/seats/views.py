"""The own pages of a representative: meetings, one meeting, the acts on one's own seat."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.domain.errors import Refusal
from app.domain.kinds import InvitationAnswer
from app.features.seats import (  # noqa: F401 - they hang their pages on bp
    input_views,
    knowing_views,
    placing_views,
    queries,
    said_views,
    service,
    sharing_views,
    telephone_views,
    watching_views,
)
from app.features.seats.blueprint import bp
from app.features.seats.forms import DeputyForm
from app.web import names
from app.web.answers import Answer, page_number
from app.web.errors import sentence_of
from app.web.forms import BaseForm
from app.web.guard import current_actor, requires
from app.web.redirects import next_path


@bp.get("/my-meetings")
@requires(Permission.OWN_MEETING)
def meetings() -> Answer:
    """Own meetings, coming or past."""
    page = queries.own_meetings(
        current_actor(),
        past=request.args.get("when") == "past",
        number=page_number(),
    )
    return render_template("seats/meetings.html", page=page)


@bp.get("/my-meetings/<uuid:meeting_id>")
@requires(Permission.OWN_MEETING)
def meeting(meeting_id: uuid.UUID) -> Answer:
    """One meeting through one's own seats."""
    shown = names.are_shown(meeting_id)
    page = queries.own_meeting(current_actor(), meeting_id, with_names=shown)
    return render_template(
        "seats/meeting.html",
        page=page,
        names=names.strip(meeting_id=meeting_id) if page.meeting.items else None,
        organisation_id=current_actor().organisation_id,
    )


@bp.post("/my-meetings/<uuid:meeting_id>/accept")
@requires(Permission.CONFIDENTIALITY_ACCEPT)
def accept(meeting_id: uuid.UUID) -> Answer:
    """Accept confidentiality for this meeting, in the words that were on the page."""
    version = request.form.get("version", type=int)
    try:
        service.accept_confidentiality(current_actor(), meeting_id, read_version=version)
    except Refusal as refusal:
        flash(sentence_of(refusal), "err")
    return redirect(next_path() or url_for(".meeting", meeting_id=meeting_id), 303)


@bp.post("/my-meetings/<uuid:meeting_id>/answer")
@requires(Permission.INVITATION_ANSWER)
def answer_meeting(meeting_id: uuid.UUID) -> Answer:
    """Say for all own slots of a meeting whether one comes."""
    said = request.form.get("answer", "")
    service.answer_meeting(current_actor(), meeting_id, said)
    flash(_("U komt.") if said == InvitationAnswer.YES else _("U komt niet."))
    return redirect(next_path() or url_for(".meeting", meeting_id=meeting_id), 303)


@bp.post("/my-seats/<uuid:seat_id>/answer")
@requires(Permission.INVITATION_ANSWER)
def answer(seat_id: uuid.UUID) -> Answer:
    """Say whether one comes."""
    said = request.form.get("answer", "")
    meeting_id = service.answer_invitation(current_actor(), seat_id, said)
    coming = said == InvitationAnswer.YES
    flash(_("U komt.") if coming else _("U komt niet. U kunt een vervanger kiezen."))
    return redirect(next_path() or url_for(".meeting", meeting_id=meeting_id), 303)


@bp.route("/my-seats/<uuid:seat_id>/deputy", methods=["GET", "POST"])
@requires(Permission.SEAT_DEPUTISE)
def deputy(seat_id: uuid.UUID) -> Answer:
    """Hand the seat to a colleague."""
    page = queries.own_seat(current_actor(), seat_id)
    form = DeputyForm()
    form.offer(page.colleagues)
    if form.validate_on_submit():
        try:
            deputy_id, until = form.to_deputy_id(), form.to_end()
            service.hand_over(current_actor(), seat_id, deputy_id, until=until)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Uw vervanger neemt de deelname over. U ziet deze bespreking niet meer."))
            return redirect(url_for(".meetings"), 303)
    status = 422 if form.errors else 200
    return render_template("seats/deputy.html", page=page, form=form), status


@bp.post("/my-seats/<uuid:seat_id>/back")
@requires(Permission.SEAT_DEPUTISE)
def back(seat_id: uuid.UUID) -> Answer:
    """Return the seat to the person one stands in for."""
    service.hand_back(current_actor(), seat_id)
    flash(_("De deelname is teruggegeven."))
    return redirect(url_for(".meetings"), 303)


@bp.route("/my-seats/<uuid:seat_id>/recuse", methods=["GET", "POST"])
@requires(Permission.SEAT_RECUSE)
def recuse(seat_id: uuid.UUID) -> Answer:
    """Step back because one knows someone concerned; says first what it means."""
    page = queries.own_seat(current_actor(), seat_id)
    form = BaseForm()
    if form.validate_on_submit():
        service.recuse(current_actor(), seat_id)
        flash(_("U hebt zich teruggetrokken. De procesregisseur ziet dat."))
        return redirect(url_for(".meetings"), 303)
    return render_template("seats/recuse.html", page=page, form=form)
