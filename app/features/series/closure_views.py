"""The pages about days on which a table does not meet, and what is planned on them already."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.access import Permission
from app.domain.errors import Refusal
from app.features.series import clearing, closed_days
from app.features.series import closures as closing
from app.features.series.blueprint import bp
from app.features.series.forms import ClearForm, ClosureForm, SeveralClosureForm
from app.web.answers import Answer
from app.web.guard import current_actor, requires


@bp.route("/tables/<uuid:table_id>/closures", methods=["GET", "POST"])
@requires(Permission.MEETING_CREATE)
def closures(table_id: uuid.UUID) -> Answer:
    """When a table is closed, and the form to close it."""
    form = ClosureForm()
    if form.validate_on_submit():
        try:
            added = closing.add_closure(current_actor(), table_id, form.to_closure())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("De sluiting is opgeslagen."), "ok")
            if added.has_meetings:
                url = url_for(".clear", table_id=table_id, closure_id=added.id)
                return redirect(url, 303)
            return redirect(url_for(".closures", table_id=table_id), 303)
    page = closing.read_closures(current_actor(), table_id)
    answer = render_template("series/closures.html", page=page, form=form)
    return answer, 422 if form.errors else 200


@bp.route("/admin/closed-days", methods=["GET", "POST"])
@requires(Permission.TABLE_MANAGE)
def closed() -> Answer:
    """Holidays and closures of the whole region, and several tables closed in one go."""
    page = closed_days.closed_days(asked_page=request.args.get("page"))
    form = SeveralClosureForm()
    form.offer(page.tables)
    done: list[int] = []
    if form.does(
        lambda: done.append(
            closed_days.close_several(current_actor(), form.ids(), form.to_closure())
        )
    ):
        said = ngettext(
            "%(num)d overleg is gesloten op deze dagen.",
            "%(num)d overleggen zijn gesloten op deze dagen.",
            done[0],
        )
        flash(said, "ok")
        return redirect(url_for(".closed"), 303)
    return render_template("series/closed_days.html", page=page, form=form), form.status


@bp.post("/tables/<uuid:table_id>/closures/<uuid:closure_id>/remove")
@requires(Permission.MEETING_CREATE)
def open_again(table_id: uuid.UUID, closure_id: uuid.UUID) -> Answer:
    """Take a closure away."""
    closing.remove_closure(current_actor(), table_id, closure_id)
    flash(_("De sluiting is verwijderd."), "ok")
    return redirect(url_for(".closures", table_id=table_id), 303)


@bp.route("/tables/<uuid:table_id>/closures/<uuid:closure_id>/meetings", methods=["GET", "POST"])
@requires(Permission.MEETING_PUBLISH)
def clear(table_id: uuid.UUID, closure_id: uuid.UUID) -> Answer:
    """Cancel what is planned on the days of a closure, after seeing it and who hears of it."""
    form = ClearForm()
    if form.validate_on_submit():
        done = clearing.clear(current_actor(), table_id, closure_id, seen=form.seen.data or "")
        if done is not None:
            flash(_cancelled_text(done.meetings), "ok")
            return redirect(_after_clearing(table_id, done), 303)
        flash(_("Hier is intussen iets veranderd. Bekijk het opnieuw."), "warn")
    page = clearing.read_clearing(current_actor(), table_id, closure_id)
    form.seen.data = page.mark
    return render_template("series/clear.html", page=page, form=form)


def _cancelled_text(number: int) -> str:
    return str(
        ngettext("%(num)d overleg is afgezegd.", "%(num)d overleggen zijn afgezegd.", number)
    )


def _after_clearing(table_id: uuid.UUID, done: clearing.Cleared) -> str:
    """The series whose days went, where that can still be taken back; else the closures."""
    if done.series_id is not None:
        return url_for(".show", series_id=done.series_id)
    return url_for(".closures", table_id=table_id)
