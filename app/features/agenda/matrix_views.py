"""The pages of the matrix: who is shown what, for a whole meeting and for one case of it."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.access import Permission
from app.domain.errors import StaleEdit
from app.features.agenda import matrix, matrix_saving
from app.features.agenda.blueprint import bp
from app.features.agenda.forms import MatrixForm
from app.features.agenda.matrix_pages import MatrixPage, Proposal, proposal_of
from app.web import labels
from app.web.answers import Answer
from app.web.guard import current_actor, requires


@bp.get("/meetings/<uuid:meeting_id>/matrix")
@requires(Permission.DISCLOSURE_DECIDE)
def meeting_matrix(meeting_id: uuid.UUID) -> Answer:
    """Sections and seats of every case of a meeting, or only what changed since publication."""
    page = matrix.read_matrix(current_actor(), meeting_id, _proposal())
    forms = {item.item_id: _fresh_form(page, at) for at, item in enumerate(page.items)}
    return render_template(
        "agenda/matrix.html", page=page, forms=forms, labels=labels, only="changed" in request.args
    )


@bp.route("/items/<uuid:item_id>/matrix", methods=["GET", "POST"])
@requires(Permission.DISCLOSURE_DECIDE)
def item_matrix(item_id: uuid.UUID) -> Answer:
    """Sections and seats of one case; what the ticks change is shown before it is stored."""
    actor, stale, review = current_actor(), False, False
    page = matrix.read_item_matrix(actor, item_id, _proposal())
    form = _fresh_form(page)
    if form.validate_on_submit():
        if form.is_reviewed():
            stale = _is_late(form, item_id)
            if not stale and not form.errors:
                return redirect(url_for(".meeting_matrix", meeting_id=page.meeting_id), 303)
        page = matrix.read_item_matrix(actor, item_id, form.to_proposal(), form.to_pairs())
        review = not form.errors
        form.go_on(page.items[0])
    answer = render_template(
        "agenda/matrix_item.html", page=page, form=form, labels=labels, stale=stale, review=review
    )
    return answer, 409 if stale else form.status


def _is_late(form: MatrixForm, item_id: uuid.UUID) -> bool:
    """Store what was reviewed; True when somebody else was first."""
    saved: list[int] = []

    def save() -> None:
        saved.append(matrix_saving.save_matrix(current_actor(), item_id, form.to_plan()))

    try:
        form.does(save)
    except StaleEdit:
        return True
    for count in saved:
        words = ngettext("%(num)d wijziging.", "%(num)d wijzigingen.", count)
        flash(f"{_('Bewaard. Dit geldt direct.')} {words}", "ok")
    return False


def _fresh_form(page: MatrixPage, at: int = 0) -> MatrixForm:
    """The form of an item as it stands, with what is proposed ticked."""
    item = page.items[at]
    ticked = [box.pair for row in item.rows for box in row.boxes if box.is_ticked]
    form = MatrixForm(
        data={"standing": item.standing, "proposal": page.proposal.value, "pairs": ticked}
    )
    form.offer(page, item)
    return form


def _proposal() -> Proposal:
    return proposal_of(request.args.get("from"))
