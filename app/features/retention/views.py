"""The pages about keeping and destroying."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.domain.errors import NotVisible
from app.features.retention import queries, service
from app.features.retention.forms import HoldForm, TermsForm
from app.features.retention.statement_views import statement_of
from app.infra import pdf
from app.web import labels
from app.web.answers import Answer
from app.web.guard import current_actor, requires
from config import Settings

bp = Blueprint("retention", __name__)


@bp.get("/retention")
@requires(Permission.RETENTION_READ)
def overview() -> str:
    """Terms, what is past them, and what waits for a second person."""
    page = queries.overview(current_actor())
    return render_template("retention/overview.html", page=page, labels=labels)


@bp.post("/tables/<uuid:table_id>/retention/prepare")
@requires(Permission.RETENTION_PREPARE)
def prepare(table_id: uuid.UUID) -> Answer:
    """Put what is past its term into a run."""
    run_id = service.prepare(current_actor(), table_id)
    flash(_("De vernietiging is voorbereid. Een ander moet haar bevestigen."), "ok")
    return redirect(url_for(".run", run_id=run_id), 303)


@bp.get("/retention/<uuid:run_id>")
@requires(Permission.RETENTION_READ)
def run(run_id: uuid.UUID) -> str:
    """What one run will destroy, or did."""
    page = queries.run_page(current_actor(), run_id)
    return render_template("retention/run.html", page=page, labels=labels)


@bp.post("/retention/<uuid:run_id>/confirm")
@requires(Permission.RETENTION_CONFIRM)
def confirm(run_id: uuid.UUID) -> Answer:
    """The second person agrees."""
    service.confirm(current_actor(), run_id)
    flash(_("De vernietiging is bevestigd en wordt nu uitgevoerd."), "ok")
    return redirect(url_for(".run", run_id=run_id), 303)


@bp.post("/retention/<uuid:run_id>/cancel")
@requires(Permission.RETENTION_CONFIRM)
def cancel(run_id: uuid.UUID) -> Answer:
    """Nothing is destroyed."""
    service.cancel(current_actor(), run_id)
    flash(_("De voorbereiding is ingetrokken. Er is niets vernietigd."), "ok")
    return redirect(url_for(".overview"), 303)


@bp.get("/retention/<uuid:run_id>/statement")
@requires(Permission.RETENTION_STATEMENT)
def statement(run_id: uuid.UUID) -> Answer:
    """The statement of destruction."""
    page = queries.run_page(current_actor(), run_id)
    if page.executed_at is None:
        raise NotVisible
    settings: Settings = current_app.config["SETTINGS"]
    made = pdf.render(statement_of(page, backup_days=settings.key_backup_days))
    name = f"vernietiging-{str(page.id)[:8]}.pdf"
    return Response(
        made,
        mimetype="application/pdf",
        headers={"Content-Disposition": f"attachment; filename={name}"},
    )


@bp.post("/tables/<uuid:table_id>/terms/approve")
@requires(Permission.TERM_CONFIRM)
def approve_terms(table_id: uuid.UUID) -> Answer:
    """The chair agrees with other terms."""
    service.decide_terms(current_actor(), table_id, approve=True)
    flash(_("De nieuwe termijnen gelden vanaf nu."), "ok")
    return redirect(url_for(".overview"), 303)


@bp.post("/tables/<uuid:table_id>/terms/refuse")
@requires(Permission.TERM_CONFIRM)
def refuse_terms(table_id: uuid.UUID) -> Answer:
    """All stays as it was."""
    service.decide_terms(current_actor(), table_id, approve=False)
    flash(_("De termijnen blijven zoals ze waren."), "ok")
    return redirect(url_for(".overview"), 303)


@bp.route("/cases/<uuid:case_id>/retention", methods=["GET", "POST"])
@requires(Permission.HOLD_MANAGE)
def case(case_id: uuid.UUID) -> Answer:
    """Until when a case is kept; keep it longer."""
    page = queries.case_page(current_actor(), case_id)
    form = HoldForm()
    if form.does(lambda: service.place_hold(current_actor(), case_id, form.reason.data or "")):
        flash(_("De casus wordt niet vernietigd zolang u dit niet opheft."), "ok")
        return redirect(url_for(".case", case_id=case_id), 303)
    return render_template("retention/case.html", page=page, form=form, labels=labels), form.status


@bp.post("/cases/<uuid:case_id>/retention/lift")
@requires(Permission.HOLD_MANAGE)
def lift(case_id: uuid.UUID) -> Answer:
    """Let the terms count again."""
    service.lift_hold(current_actor(), case_id)
    flash(_("De bewaartermijnen gelden weer."), "ok")
    return redirect(url_for(".case", case_id=case_id), 303)


@bp.get("/admin/retention")
@requires(Permission.TERM_MANAGE)
def office() -> str:
    """Terms and numbers of every table."""
    page = queries.office(current_actor())
    return render_template("retention/office.html", page=page, labels=labels)


@bp.route("/admin/tables/<uuid:table_id>/terms", methods=["GET", "POST"])
@requires(Permission.TERM_MANAGE)
def terms(table_id: uuid.UUID) -> Answer:
    """Propose other terms."""
    page = queries.terms_page(current_actor(), table_id)
    form = TermsForm(data=TermsForm.filled_with(page.terms))
    if form.does(lambda: service.propose_terms(current_actor(), table_id, form.to_terms())):
        flash(_("De voorzitter moet de nieuwe termijnen bevestigen."), "ok")
        return redirect(url_for(".office"), 303)
    return render_template("retention/terms.html", page=page, form=form, labels=labels), form.status
