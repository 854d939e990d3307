"""The pages of the room for meetings: the list, a new meeting, and its preparation."""

from __future__ import annotations

import uuid

from flask import redirect, render_template, request, url_for

from app.access import Permission
from app.domain.errors import Refusal
from app.features.meetings import (  # noqa: F401 - they hang their pages on bp
    act_views,
    carry_views,
    deadline_views,
    item_views,
    order_views,
    service,
)
from app.features.meetings.blueprint import bp
from app.features.meetings.forms import AskForm, NewMeetingForm, chosen
from app.features.meetings.preparation import read_preparation
from app.features.meetings.queries import list_meetings, rooms_to_book, tables_to_plan
from app.features.meetings.telling import count_undelivered
from app.web import labels
from app.web.answers import Answer, page_number
from app.web.forms import new_submit_key
from app.web.guard import current_actor, requires
from app.web.place_words import warn_at_table


@bp.get("/meetings")
@requires(Permission.MEETING_READ)
def listing() -> Answer:
    """Coming meetings, or past ones, of the tables served."""
    page = list_meetings(
        current_actor(),
        past=request.args.get("when") == "past",
        table_id=_table_asked(),
        number=page_number(),
    )
    return render_template("meetings/listing.html", page=page, labels=labels)


def _table_asked() -> uuid.UUID | None:
    try:
        return uuid.UUID(request.args.get("table", ""))
    except ValueError:
        return None


@bp.route("/meetings/new", methods=["GET", "POST"])
@requires(Permission.MEETING_CREATE)
def new() -> Answer:
    """Plan a meeting."""
    form = NewMeetingForm(table=request.args.get("table", ""))
    form.table.choices = chosen(tables_to_plan(current_actor()))
    form.room.offer(rooms_to_book())
    if form.validate_on_submit():
        table_id = uuid.UUID(form.table.data)
        try:
            meeting_id = service.plan_meeting(current_actor(), table_id, form.to_times())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            warn_at_table(table_id, form)
            return redirect(url_for(".show", meeting_id=meeting_id), 303)
    return render_template("meetings/new.html", form=form), 422 if form.errors else 200


@bp.get("/meetings/<uuid:meeting_id>")
@requires(Permission.MEETING_READ)
def show(meeting_id: uuid.UUID) -> Answer:
    """The preparation page."""
    page = read_preparation(current_actor(), meeting_id, with_carried=True)
    return render_template("meetings/show.html", page=page, labels=labels, once=new_submit_key())


@bp.get("/meetings/<uuid:meeting_id>/participants")
@requires(Permission.MEETING_READ)
def participants(meeting_id: uuid.UUID) -> Answer:
    """Who sits at this meeting, seat by seat."""
    page = read_preparation(current_actor(), meeting_id)
    return render_template("meetings/participants.html", page=page, labels=labels)


@bp.get("/meetings/<uuid:meeting_id>/invitations")
@requires(Permission.MEETING_READ)
def invitations(meeting_id: uuid.UUID) -> Answer:
    """Who was invited and what they answered."""
    page = read_preparation(current_actor(), meeting_id)
    undelivered = count_undelivered(current_actor(), meeting_id)
    return render_template(
        "meetings/invitations.html", page=page, labels=labels, undelivered=undelivered
    )


@bp.get("/meetings/<uuid:meeting_id>/input")
@requires(Permission.MEETING_READ)
def asked(meeting_id: uuid.UUID) -> Answer:
    """Who was asked for input, and the form to ask."""
    page = read_preparation(current_actor(), meeting_id)
    form = AskForm()
    form.offer(page.unasked)
    return render_template("meetings/asked.html", page=page, form=form, labels=labels)
