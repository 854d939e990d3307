"""The receipt of a source: what it shared with whom, asking to be asked, taking input back."""

from __future__ import annotations

import uuid

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.domain.errors import Reason, Refusal
from app.features.seats import sharing
from app.features.seats.blueprint import bp
from app.infra.sheets import CellValue, stream_csv
from app.web import labels
from app.web.answers import Answer, page_number
from app.web.guard import current_actor, requires
from app.web.i18n import in_language


@bp.get("/my-shares")
@requires(Permission.INPUT_GIVE)
def shares() -> Answer:
    """Sections of the own organisation and everybody they opened to."""
    page = sharing.read_sharing(current_actor(), number=page_number())
    return render_template("seats/shares.html", page=page, labels=labels)


@bp.get("/my-shares.csv")
@requires(Permission.INPUT_GIVE)
def shares_file() -> Response:
    """The same as a file; the name says nothing about a case."""
    lines = sharing.lines_of(sharing.take_copy(current_actor()))
    body = b"".join(stream_csv(_headings(), (_cells(*line) for line in lines)))
    answer = Response(body, mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=gedeeld.csv"
    return answer


@bp.post("/my-shares/<uuid:section_id>/asks")
@requires(Permission.INPUT_GIVE)
def ask_me(section_id: uuid.UUID) -> Answer:
    """Want to be asked about each extra reader, or no longer."""
    wanted = request.form.get("asks", "")
    if wanted not in ("yes", "no"):
        raise Refusal(Reason.VALUE_UNKNOWN)
    sharing.ask_me(current_actor(), section_id, wanted=wanted == "yes")
    flash(
        _("Voortaan beslist u over elke extra lezer.") if wanted == "yes" else _("Bewaard."), "ok"
    )
    return redirect(url_for(".shares"), 303)


@bp.post("/my-input/texts/<uuid:section_id>/recall")
@requires(Permission.INPUT_GIVE)
def recall(section_id: uuid.UUID) -> Answer:
    """Take own input back."""
    sharing.recall(current_actor(), section_id)
    flash(_("Uw inbreng is teruggenomen. Niemand kan de tekst nog lezen."), "ok")
    return redirect(url_for("home.start"), 303)


def _headings() -> list[str]:
    return [
        _("Casus"), _("Overleg"), _("Rubriek"), _("Wie leest mee"), _("Grondslag"), _("Doel"),
        _("Zichtbaar vanaf"), _("Zichtbaar tot"),
    ]  # fmt: skip


def _cells(section: sharing.SharedSection, reader: sharing.Reader) -> list[CellValue]:
    return [
        section.reference,
        section.table_name,
        in_language(section.label_nl, section.label_en),
        reader.organisation or _("een deelnemer die alleen de procesregisseur kent"),
        reader.ground,
        reader.purpose or labels.words(labels.SHARED_WAY, reader.way),
        reader.since.isoformat(timespec="minutes"),
        reader.until.isoformat(timespec="minutes") if reader.until else "",
    ]
