"""The page that proposes an order of the agenda."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.domain.errors import Refusal, StaleEdit
from app.features.meetings import order
from app.features.meetings.blueprint import bp
from app.features.meetings.forms import OrderForm
from app.web import labels
from app.web.answers import Answer
from app.web.guard import current_actor, requires

LONGEST_ORDER = 20_000


@bp.route("/meetings/<uuid:meeting_id>/order", methods=["GET", "POST"])
@requires(Permission.MEETING_PLAN)
def propose_order(meeting_id: uuid.UUID) -> Answer:
    """Show the order in which partners wait least, and take it over."""
    form, wanted, is_stale = OrderForm(), "", False
    if form.validate_on_submit():
        try:
            order.apply_order(current_actor(), meeting_id, version=form.version.data or "")
        except Refusal as refusal:
            form.refuse(refusal)
        except StaleEdit:
            wanted, is_stale = (form.order.data or "")[:LONGEST_ORDER], True
        else:
            flash(_("De voorgestelde volgorde is overgenomen."), "ok")
            return redirect(url_for(".show", meeting_id=meeting_id), 303)
    page = order.read_order(current_actor(), meeting_id, wanted=wanted)
    form.order.data, form.version.data = page.order, page.version
    answer = render_template(
        "meetings/order.html", page=page, form=form, labels=labels, is_stale=is_stale
    )
    if is_stale:
        return answer, 409
    return answer, 422 if form.errors else 200
