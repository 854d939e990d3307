"""The pages and presses around one agenda item."""

from __future__ import annotations

import uuid

from flask import redirect, render_template, request, url_for

from app.access import Permission
from app.domain.agenda import Direction
from app.domain.errors import Reason, Refusal
from app.domain.kinds import ItemKind
from app.features.meetings import items
from app.features.meetings.blueprint import bp
from app.features.meetings.forms import (
    CaseItemForm,
    FixedItemForm,
    MoveForm,
    NewCaseItemForm,
    chosen,
)
from app.features.meetings.queries import ItemPage, read_case_choices, read_head, read_item
from app.web import formats, labels
from app.web.answers import Answer
from app.web.guard import current_actor, requires


@bp.route("/meetings/<uuid:meeting_id>/items/new", methods=["GET", "POST"])
@requires(Permission.MEETING_PLAN)
def add_case(meeting_id: uuid.UUID) -> Answer:
    """Put a case of the table's list on the agenda."""
    page = read_case_choices(current_actor(), meeting_id)
    form = NewCaseItemForm(data={"minutes": page.minutes, "case": request.args.get("case", "")})
    form.case.choices = chosen(page.cases)
    if form.validate_on_submit():
        try:
            items.add_case(current_actor(), meeting_id, form.to_item())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for(".show", meeting_id=meeting_id), 303)
    answer = render_template("meetings/add_case.html", page=page, form=form)
    return answer, 422 if form.errors else 200


@bp.route("/meetings/<uuid:meeting_id>/items/fixed", methods=["GET", "POST"])
@requires(Permission.MEETING_PLAN)
def add_fixed(meeting_id: uuid.UUID) -> Answer:
    """Add an opening, a break or a closing."""
    page = read_head(current_actor(), meeting_id)
    form = FixedItemForm(data={"minutes": 10})
    if form.validate_on_submit():
        try:
            items.add_fixed(current_actor(), meeting_id, form.to_item())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for(".show", meeting_id=meeting_id), 303)
    answer = render_template("meetings/add_fixed.html", page=page, form=form)
    return answer, 422 if form.errors else 200


@bp.route("/items/<uuid:item_id>/edit", methods=["GET", "POST"])
@requires(Permission.MEETING_PLAN)
def edit_item(item_id: uuid.UUID) -> Answer:
    """Change the length of an item, or take it off the agenda."""
    page = read_item(current_actor(), item_id)
    form = _item_form(page)
    if form.validate_on_submit():
        try:
            meeting_id = _change(page, form)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for(".show", meeting_id=meeting_id), 303)
    answer = render_template("meetings/edit_item.html", page=page, form=form, labels=labels)
    return answer, 422 if form.errors else 200


def _item_form(page: ItemPage) -> CaseItemForm | FixedItemForm:
    if page.kind is ItemKind.CASE:
        return CaseItemForm(data={"minutes": page.minutes, "discussion": page.discussion})
    at = formats.clock(page.fixed_at, "nl") if page.fixed_at else ""
    form = FixedItemForm(data={"minutes": page.minutes, "at": at})
    del form.kind
    return form


def _change(page: ItemPage, form: CaseItemForm | FixedItemForm) -> uuid.UUID:
    if isinstance(form, CaseItemForm):
        return items.change_case_item(
            current_actor(),
            page.id,
            minutes=form.minutes.data or page.minutes,
            discussion=form.to_discussion(),
        )
    return items.change_fixed_item(current_actor(), page.id, form.to_item(page.kind))


@bp.post("/items/<uuid:item_id>/move")
@requires(Permission.MEETING_PLAN)
def move_item(item_id: uuid.UUID) -> Answer:
    """Move an item up or down, or a case to a place among the cases."""
    form = MoveForm()
    if not form.validate_on_submit():
        raise Refusal(Reason.VALUE_UNKNOWN)
    if form.position.data is not None:
        meeting_id = items.place(current_actor(), item_id, form.position.data)
    elif form.direction.data in set(Direction):
        meeting_id = items.shift(current_actor(), item_id, Direction(form.direction.data))
    else:
        raise Refusal(Reason.VALUE_UNKNOWN)
    return redirect(url_for(".show", meeting_id=meeting_id), 303)


@bp.post("/items/<uuid:item_id>/remove")
@requires(Permission.MEETING_PLAN)
def remove_item(item_id: uuid.UUID) -> Answer:
    """Take an item off the agenda; the form is on the item's page, which says who hears of it."""
    meeting_id = items.remove_item(current_actor(), item_id)
    return redirect(url_for(".show", meeting_id=meeting_id), 303)
