"""Starting an urgent meeting: one page, one press, and on to the call sheet."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.features.urgent import (  # noqa: F401 - they hang their pages on bp
    call_views,
    contact_views,
)
from app.features.urgent.blueprint import bp
from app.features.urgent.forms import KIND_WORDS, QUESTION_LIMIT, UrgentForm
from app.features.urgent.queries import Asked, read_urgent
from app.features.urgent.service import start_urgent
from app.web.answers import Answer
from app.web.guard import current_actor, requires
from app.web.place_words import warn_of


@bp.route("/urgent", methods=["GET", "POST"])
@requires(Permission.MEETING_PUBLISH)
def new() -> Answer:
    """The form; sent once it makes everything."""
    page = read_urgent(current_actor(), _asked())
    form = UrgentForm(data={"case": page.reference, "place": page.place})
    form.offer(page)
    made: list[uuid.UUID] = []
    if form.does(lambda: made.append(start_urgent(current_actor(), form.to_urgent(page)))):
        flash(_("Het overleg staat klaar. De uitnodigingen gaan nu meteen uit."), "ok")
        warn_of(made[0], form.place.data or "")
        return redirect(url_for("urgent.calls", meeting_id=made[0]), 303)
    answer = render_template(
        "urgent/new.html", page=page, form=form, kinds=KIND_WORDS, limit=QUESTION_LIMIT
    )
    return answer, form.status


def _asked() -> Asked:
    kind = request.args.get("kind", "")[:20]
    return Asked(_id("table"), kind, _id("case"), _id("fact"))


def _id(name: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.args.get(name, ""))
    except ValueError:
        return None
