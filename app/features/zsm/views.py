"""The day list of a ZSM table: a row of fields that is sent by Enter, and a page for each line."""

from __future__ import annotations

import uuid
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.domain.errors import NotVisible, Refusal
from app.domain.local_time import UnreadableDate, parse_date
from app.features.zsm.blueprint import bp
from app.features.zsm.forms import MOST_TEXT, LineForm, ResultForm
from app.features.zsm.queries import choices_of, day_page, line_page
from app.features.zsm.service import Result, enter_line, make_list, record_result
from app.infra import clock
from app.web import labels
from app.web.answers import Answer
from app.web.errors import sentence_of
from app.web.guard import current_actor, requires


@bp.get("/zsm/<uuid:table_id>")
@requires(Permission.MEETING_READ)
def today(table_id: uuid.UUID) -> Answer:
    """On to the list of today, or of the day that was typed."""
    day = clock.today()
    try:
        day = parse_date(request.args.get("day", "")[:40]) if request.args.get("day") else day
    except UnreadableDate:
        flash(_("Schrijf de datum als dd-mm-jjjj, bijvoorbeeld 03-12-2026."), "err")
    choices_of(current_actor(), table_id)
    return redirect(url_for(".day_list", table_id=table_id, day=day.isoformat()), 303)


@bp.route("/zsm/<uuid:table_id>/<day>", methods=["GET", "POST"])
@requires(Permission.MEETING_READ)
def day_list(table_id: uuid.UUID, day: str) -> Answer:
    """The list of a day; what is typed becomes its next line."""
    on = _day(day)
    form = LineForm()
    form.offer(choices_of(current_actor(), table_id))
    if form.does(lambda: enter_line(current_actor(), table_id, on, form.to_line())):
        return redirect(url_for(".day_list", table_id=table_id, day=on.isoformat()), 303)
    page = day_page(current_actor(), table_id, on)
    form.begin(page)
    return render_template("zsm/day_list.html", page=page, form=form), form.status


@bp.post("/zsm/<uuid:table_id>/<day>/meeting")
@requires(Permission.MEETING_CREATE)
def make(table_id: uuid.UUID, day: str) -> Answer:
    """Have the meeting of a day before its first line."""
    make_list(current_actor(), table_id, _day(day))
    return redirect(url_for(".day_list", table_id=table_id, day=day), 303)


@bp.route("/zsm/lines/<uuid:item_id>", methods=["GET", "POST"])
@requires(Permission.DECISION_RECORD)
def line(item_id: uuid.UUID) -> Answer:
    """What came of one line: outcome, advice, conditions."""
    page = line_page(current_actor(), item_id)
    form = ResultForm()
    form.offer(page)
    if form.does(lambda: record_result(current_actor(), item_id, form.to_result())):
        flash(_("Vastgelegd."), "ok")
        return redirect(url_for(".day_list", table_id=page.table_id, day=page.day.isoformat()), 303)
    answer = render_template("zsm/line.html", page=page, form=form, limit=MOST_TEXT, labels=labels)
    return answer, form.status


@bp.post("/zsm/lines/<uuid:item_id>/outcome")
@requires(Permission.DECISION_RECORD)
def press(item_id: uuid.UUID) -> Answer:
    """The outcome of a line by one press on the list."""
    result = Result(outcome=request.form.get("outcome", "")[:40])
    try:
        table_id, on = record_result(current_actor(), item_id, result)
    except Refusal as refusal:
        flash(sentence_of(refusal), "err")
        return redirect(url_for(".line", item_id=item_id), 303)
    there = url_for(".day_list", table_id=table_id, day=on.isoformat(), _anchor=f"r-{item_id}")
    return redirect(there, 303)


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise NotVisible from None
