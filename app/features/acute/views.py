"""One page for a phone: report what was agreed on the spot, and see who took it over."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.domain.errors import NotPermitted
from app.features.acute.forms import LONGEST, AcuteForm
from app.features.acute.service import acute_page, report
from app.web.answers import Answer
from app.web.guard import current_actor, requires

bp = Blueprint("acute", __name__)


@bp.route("/acute", methods=["GET", "POST"])
@requires(Permission.ACUTE_REPORT)
def new() -> Answer:
    """The form; what is sent is offered to the chosen table at once.

    What waited in the window of somebody who went away is never sent by whoever came after.
    """
    actor = current_actor()
    page, form = acute_page(actor), AcuteForm()
    if form.who.data not in (None, str(actor.person_id)):
        raise NotPermitted
    form.offer(page)
    form.who.data = str(actor.person_id)
    if form.does(lambda: report(actor, form.to_report())):
        flash(_("Verstuurd. Hieronder ziet u wie het overneemt."), "ok")
        return redirect(url_for(".new"), 303)
    return render_template("acute/new.html", page=page, form=form, limit=LONGEST), form.status
