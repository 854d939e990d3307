"""The page on which the deadline for input changes, shown after a meeting moved."""

from __future__ import annotations

import uuid
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.access import Permission
from app.domain.errors import Refusal
from app.domain.local_time import FIRST_YEAR, LAST_YEAR
from app.features.meetings import deadlines
from app.features.meetings.blueprint import bp
from app.features.meetings.deadlines import DeadlinePage
from app.features.meetings.forms import DeadlineForm
from app.web import formats
from app.web.answers import Answer
from app.web.guard import current_actor, requires


@bp.route("/meetings/<uuid:meeting_id>/deadlines", methods=["GET", "POST"])
@requires(Permission.INPUT_ASK)
def change_deadlines(meeting_id: uuid.UUID) -> Answer:
    """The deadline as it stands and a proposal; accept it or type another."""
    page = deadlines.read_deadlines(current_actor(), meeting_id, was=_was())
    form = DeadlineForm(data=_proposed(page))
    if form.validate_on_submit():
        try:
            day, at = form.to_deadline()
            changed = deadlines.change_deadlines(current_actor(), meeting_id, day, at)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_changed_text(changed), "ok")
            return redirect(url_for(".show", meeting_id=meeting_id), 303)
    answer = render_template("meetings/deadlines.html", page=page, form=form)
    return answer, 422 if form.errors else 200


def _was() -> datetime | None:
    """When the meeting started before it moved; None for anything unreadable."""
    try:
        moment = datetime.fromisoformat(request.args.get("was", ""))
    except ValueError:
        return None
    # Beyond these years a moment has no time on a Dutch clock.
    return moment if moment.tzinfo and FIRST_YEAR < moment.year < LAST_YEAR else None


def _proposed(page: DeadlinePage) -> dict[str, str]:
    """The proposal as somebody would type it."""
    if page.proposal is None:
        return {}
    return {
        "day": formats.date_short(page.proposal, "nl"),
        "at": formats.clock(page.proposal, "nl"),
    }


def _changed_text(changed: int) -> str:
    if not changed:
        return str(_("De uiterste datum is gebleven. Er gaat geen bericht uit."))
    return str(
        ngettext(
            "Bij %(num)d vraag om inbreng is de uiterste datum veranderd.",
            "Bij %(num)d vragen om inbreng is de uiterste datum veranderd.",
            changed,
        )
    )
