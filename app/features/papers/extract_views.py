"""The extract as a PDF: for its recipient, and for staff as that recipient gets it."""

from __future__ import annotations

import uuid

from flask import Response, redirect, url_for

from app.access import Permission
from app.features.papers import extracts
from app.features.papers.blueprint import bp
from app.features.papers.extract_words_views import document_of
from app.infra import pdf, pdf_seal
from app.web.answers import Answer
from app.web.guard import current_actor, requires
from app.web.i18n import language


@bp.post("/my-meetings/<uuid:meeting_id>/extract/pdf")
@requires(Permission.EXTRACT_READ)
def extract(meeting_id: uuid.UUID) -> Answer:
    """The own extract as a document to take along; recorded as a copy."""
    given = extracts.own(current_actor(), meeting_id, language=language())
    return as_file(pdf_seal.sealed(pdf.render(document_of(given))))


@bp.post("/meetings/<uuid:meeting_id>/minutes/<uuid:seat_id>/pdf")
@requires(Permission.MEETING_CLOSE)
def preview(meeting_id: uuid.UUID, seat_id: uuid.UUID) -> Answer:
    """The same document as the occupant of a seat gets it, marked as a preview."""
    given = extracts.previewed(current_actor(), meeting_id, seat_id)
    return as_file(pdf_seal.sealed(pdf.render(document_of(given))))


@bp.get("/my-meetings/<uuid:meeting_id>/extract/pdf")
@requires(Permission.EXTRACT_READ)
def asked(meeting_id: uuid.UUID) -> Answer:
    """Taking a copy is an act: whoever comes here by a link starts from the extract."""
    return redirect(url_for("minutes.extract", meeting_id=meeting_id), 303)


def as_file(made: bytes) -> Response:
    """A document whose name tells nothing; no answer of the house is kept by a browser."""
    answer = Response(made, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = "attachment; filename=overleg.pdf"
    return answer
