"""Papers of a meeting on paper: choose for whom, follow the run, fetch it, tick what came back."""

from __future__ import annotations

import uuid

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.access import Permission
from app.domain.errors import Refusal
from app.features.papers import queries, service
from app.features.papers.blueprint import bp
from app.features.papers.extract_views import as_file
from app.features.papers.forms import PrintForm
from app.web.answers import Answer, id_typed
from app.web.frame import OTHER_PAGE, PRINTED
from app.web.guard import current_actor, requires, resting


@bp.route("/meetings/<uuid:meeting_id>/papers", methods=["GET", "POST"])
@requires(Permission.PAPER_PRINT)
def papers(meeting_id: uuid.UUID) -> Answer:
    """Who has which copy; ask for new ones."""
    page = queries.papers_page(current_actor(), meeting_id)
    form = PrintForm(seats=[str(one.seat_id) for one in page.readers])
    form.offer(page)
    if form.validate_on_submit():
        try:
            run_id = service.start(current_actor(), meeting_id, form.chosen())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for(".run", print_id=run_id), 303)
    return render_template("papers/papers.html", page=page, form=form), form.status


@bp.get("/print-runs/<uuid:print_id>")
@requires(Permission.PAPER_PRINT)
def run(print_id: uuid.UUID) -> Answer:
    """How far it is, and the document once it is there."""
    return render_template("papers/run.html", page=queries.run_page(current_actor(), print_id))


@bp.get("/print-runs/<uuid:print_id>/again")
@requires(Permission.PAPER_PRINT)
@resting
def run_again(print_id: uuid.UUID) -> Response:
    """The same page, asked for by its script; 304 as long as it is no further."""
    page = queries.run_page(current_actor(), print_id)
    response = make_response(render_template("papers/run.html", page=page))
    response.set_etag(page.tag)
    return response.make_conditional(request.environ)


@bp.post("/print-runs/<uuid:print_id>/pdf")
@requires(Permission.PAPER_PRINT)
def fetch(print_id: uuid.UUID) -> Answer:
    """All copies behind each other, as the worker set them."""
    return as_file(queries.printed(current_actor(), print_id))


@bp.post("/printed")
@requires(Permission.HOME_READ)
def printed() -> Answer:
    """Somebody prints a page with the browser; the page itself says so."""
    kind = request.form.get("page", "")
    about = request.form.get("meeting")
    service.note_print(
        current_actor(),
        kind if kind in PRINTED.values() else OTHER_PAGE,
        id_typed("meeting") if about else None,
    )
    return "", 204


@bp.post("/paper-copies/<uuid:copy_id>/return")
@requires(Permission.PAPER_PRINT)
def take_back(copy_id: uuid.UUID) -> Answer:
    """It came back."""
    meeting_id = service.take_back(current_actor(), copy_id)
    flash(_("Het exemplaar is terug."), "ok")
    return redirect(url_for(".papers", meeting_id=meeting_id), 303)


@bp.post("/paper-copies/<uuid:copy_id>/out")
@requires(Permission.PAPER_PRINT)
def give_out_again(copy_id: uuid.UUID) -> Answer:
    """It did not come back after all."""
    meeting_id = service.give_out_again(current_actor(), copy_id)
    flash(_("Het exemplaar staat weer open."), "ok")
    return redirect(url_for(".papers", meeting_id=meeting_id), 303)
