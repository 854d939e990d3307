"""The pages on which a case is handed over, and on which a table or team answers."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.features.handovers import answering, proposing, queries
from app.features.handovers.blueprint import bp
from app.features.handovers.forms import HandoverForm, RefusalForm
from app.web.answers import Answer
from app.web.guard import current_actor, requires
from app.web.i18n import language


@bp.get("/handovers")
@requires(Permission.TASK_HOLD)
def listing() -> Answer:
    """What waits for the reader's answer, and what the reader's tables sent and received."""
    return render_template("handovers/list.html", page=queries.handovers_page(current_actor()))


@bp.route("/cases/<uuid:case_id>/handover", methods=["GET", "POST"])
@requires(Permission.TASK_GIVE)
def propose(case_id: uuid.UUID) -> Answer:
    """Offer a case to another table or to a team."""
    actor = current_actor()
    page = proposing.choices(actor, case_id)
    form = HandoverForm(to=request.args.get("to", f"table:{page.obvious}"))
    form.offer(page, english=language() == "en")
    if form.does(lambda: proposing.propose(actor, case_id, form.to_proposal())):
        flash(
            _("De overdracht is voorgesteld. Tot iemand haar aanneemt, blijft de casus bij u."),
            "ok",
        )
        return redirect(url_for("cases.show", case_id=case_id), 303)
    return render_template("handovers/propose.html", form=form, page=page), form.status


@bp.post("/cases/<uuid:case_id>/handovers/<uuid:handover_id>/withdraw")
@requires(Permission.TASK_GIVE)
def withdraw(case_id: uuid.UUID, handover_id: uuid.UUID) -> Answer:
    """Take back what nobody answered yet."""
    proposing.withdraw(current_actor(), case_id, handover_id)
    flash(_("De overdracht is ingetrokken. De casus bleef bij u."), "ok")
    return redirect(url_for("cases.show", case_id=case_id), 303)


@bp.post("/handovers/<uuid:task_id>/accept")
@requires(Permission.TASK_HOLD)
def accept(task_id: uuid.UUID) -> Answer:
    """Take the case over, for the own table or team."""
    case_id = answering.accept(current_actor(), task_id)
    if case_id is not None:
        flash(_("De casus staat nu op uw lijst."), "ok")
        return redirect(url_for("cases.show", case_id=case_id), 303)
    flash(_("Uw team heeft de casus overgenomen. U leest hem hier nog vijf werkdagen."), "ok")
    return redirect(url_for("tasks.show", task_id=task_id), 303)


@bp.route("/handovers/<uuid:task_id>/refuse", methods=["GET", "POST"])
@requires(Permission.TASK_HOLD)
def refuse(task_id: uuid.UUID) -> Answer:
    """Leave the case with its sender, and say why."""
    actor, form = current_actor(), RefusalForm()
    page = answering.to_refuse(actor, task_id)
    if form.does(lambda: answering.refuse(actor, task_id, form.reason.data or "")):
        flash(_("De overdracht is geweigerd. De casus blijft bij wie haar stuurde."), "ok")
        return redirect(url_for(".listing"), 303)
    return render_template("handovers/refuse.html", form=form, page=page), form.status
