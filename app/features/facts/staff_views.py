"""New facts for staff: the list, one fact, and what is done about it."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.features.facts import answering, queries
from app.features.facts.blueprint import bp
from app.features.facts.forms import AnswerForm
from app.features.facts.reporting import MOST_TEXT
from app.infra import clock
from app.web.answers import Answer, id_typed
from app.web.guard import current_actor, requires


@bp.get("/facts")
@requires(Permission.FACT_ANSWER)
def listing() -> Answer:
    """Everything that was reported at the tables served, what waits first."""
    rows = queries.listed(current_actor())
    return render_template("facts/listing.html", rows=rows, now=clock.now())


@bp.get("/cases/<uuid:case_id>/facts")
@requires(Permission.FACT_ANSWER)
def of_case(case_id: uuid.UUID) -> Answer:
    """Everything that was reported about one case."""
    rows = queries.listed(current_actor(), case_id=case_id)
    return render_template("facts/listing.html", rows=rows, now=clock.now())


@bp.route("/facts/<uuid:fact_id>", methods=["GET", "POST"])
@requires(Permission.FACT_ANSWER)
def show(fact_id: uuid.UUID) -> Answer:
    """One fact, and the form to answer it."""
    page = queries.fact_page(current_actor(), fact_id)
    form = AnswerForm()
    form.offer(page.seats)
    if form.does(lambda: answering.answer(current_actor(), fact_id, form.to_answer())):
        flash(_("Beantwoord. Wie het doorgaf, ziet uw antwoord."), "ok")
        return redirect(url_for(".show", fact_id=fact_id), 303)
    answer = render_template(
        "facts/show.html", page=page, form=form, most=MOST_TEXT, now=clock.now()
    )
    return answer, form.status


@bp.post("/facts/<uuid:fact_id>/forward")
@requires(Permission.FACT_ANSWER)
def forward(fact_id: uuid.UUID) -> Answer:
    """Record at which coming item the case comes up sooner."""
    answering.bring_forward(current_actor(), fact_id, id_typed("item"))
    flash(_("Vastgelegd dat de casus naar voren is gehaald."), "ok")
    return redirect(url_for(".show", fact_id=fact_id), 303)
