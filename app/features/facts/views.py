"""New facts: reporting one from an own seat, action or task, and what became of the own ones."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.access.case_life.new_facts import By
from app.features.facts import (  # noqa: F401 - they hang their pages on bp
    chasing_views,
    family_views,
    informing_views,
    reporting,
    staff_views,
)
from app.features.facts.blueprint import bp
from app.features.facts.forms import ReportForm
from app.infra import clock
from app.web import formats
from app.web.answers import Answer
from app.web.guard import current_actor, requires


@bp.get("/my-facts")
@requires(Permission.FACT_REPORT)
def mine() -> Answer:
    """The own reports with their answers, and where one may report from."""
    return render_template("facts/mine.html", page=reporting.own_page(current_actor()))


@bp.route("/my-facts/<any(seat, action, task):by>/<uuid:place_id>", methods=["GET", "POST"])
@requires(Permission.FACT_REPORT)
def report(by: str, place_id: uuid.UUID) -> Answer:
    """Whom to call first; then what happened."""
    page = reporting.report_page(current_actor(), By(by), place_id)
    now = clock.now()
    form = ReportForm(
        data={"day": formats.date_short(now, "nl"), "at": formats.clock(now, "nl"), "source": "own"}
    )
    if form.does(lambda: reporting.report(current_actor(), By(by), place_id, form.to_report())):
        flash(_("Doorgegeven. U ziet hier wanneer het is gelezen en beantwoord."), "ok")
        return redirect(url_for(".mine"), 303)
    answer = render_template("facts/report.html", page=page, form=form, most=reporting.MOST_TEXT)
    return answer, form.status
