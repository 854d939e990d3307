"""The pages of copies: ask for one with its purpose, follow it, take it along."""

from __future__ import annotations

import uuid

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.access import Permission
from app.domain.kinds import ExportFormat, ExportKind
from app.domain.local_time import local_date
from app.features.exports import queries, service
from app.features.exports.file_words_views import columns_of
from app.web.answers import Answer
from app.web.guard import current_actor, requires, resting
from app.web.purposes import PURPOSE, PurposeForm

bp = Blueprint("exports", __name__)
_MIMETYPES = {
    ExportFormat.CSV: "text/csv",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@bp.route("/exports/actions", methods=["GET", "POST"])
@requires(Permission.EXPORT_MAKE)
def actions() -> Answer:
    """A copy of the board of actions, narrowed by the address as the board is."""
    return _ask(ExportKind.ACTIONS)


@bp.route("/exports/my-actions", methods=["GET", "POST"])
@requires(Permission.EXPORT_MAKE)
def own_actions() -> Answer:
    """A copy of the actions of one's own organisation one may see."""
    return _ask(ExportKind.ORGANISATION_ACTIONS)


def _ask(kind: ExportKind) -> Answer:
    actor = current_actor()
    query = request.query_string.decode("ascii", "ignore")
    page = queries.ask_page(actor, kind, query)
    form = PurposeForm()
    if form.validate_on_submit():
        made = service.ask(actor, kind, query, *form.chosen())
        return redirect(url_for(".copy", export_id=made), 303)
    shown = render_template(
        "exports/ask.html", page=page, form=form, columns=columns_of(kind), purposes=PURPOSE
    )
    return shown, form.status


@bp.get("/exports/<uuid:export_id>")
@requires(Permission.EXPORT_MAKE)
def copy(export_id: uuid.UUID) -> Answer:
    """How far it is, and the file once it is there."""
    page = queries.copy_page(current_actor(), export_id)
    return render_template("exports/copy.html", page=page, purposes=PURPOSE)


@bp.get("/exports/<uuid:export_id>/again")
@requires(Permission.EXPORT_MAKE)
@resting
def copy_again(export_id: uuid.UUID) -> Response:
    """The same page, asked for by its script; 304 as long as it is no further."""
    page = queries.copy_page(current_actor(), export_id)
    response = make_response(render_template("exports/copy.html", page=page, purposes=PURPOSE))
    response.set_etag(page.tag)
    return response.make_conditional(request.environ)


@bp.post("/exports/<uuid:export_id>/file")
@requires(Permission.EXPORT_MAKE)
def take(export_id: uuid.UUID) -> Answer:
    """The file, by a name that tells nothing."""
    made = queries.taken(current_actor(), export_id)
    answer = Response(made.data, mimetype=_MIMETYPES[made.as_file])
    name = f"acties-{local_date(made.made_at):%Y-%m-%d}.{made.as_file.value}"
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return answer
