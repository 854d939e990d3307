"""What holds for a whole table: who always sits there, and which cases are to be reviewed."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.features.plans import standing
from app.features.plans.blueprint import bp
from app.features.plans.forms import StandingForm
from app.features.plans.reviewing import review_lines
from app.web.answers import Answer
from app.web.guard import current_actor, requires


@bp.route("/tables/<uuid:table_id>/standing", methods=["GET", "POST"])
@requires(Permission.MEETING_PLAN)
def standing_seats(table_id: uuid.UUID) -> Answer:
    """Who gets a seat at every item."""
    page = standing.read_standing(current_actor(), table_id)
    form = StandingForm(partners=[str(one) for one in page.chosen])
    form.offer(page.partners)
    if form.does(lambda: standing.put_standing(current_actor(), table_id, form.to_ids())):
        flash(_("De vaste deelnemers zijn vastgelegd, vanaf het volgende agendapunt."), "ok")
        return redirect(url_for(".standing_seats", table_id=table_id), 303)
    return render_template("plans/standing.html", page=page, form=form), form.status


@bp.get("/reviews")
@requires(Permission.CASE_READ)
def reviews() -> Answer:
    """Which cases are to be reviewed, and when."""
    return render_template("plans/reviews.html", lines=review_lines(current_actor()))
