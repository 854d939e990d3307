"""The pages of the set-up of a region: take it out, look at a file, set an empty region up."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.domain.configuration import Configuration, dump
from app.domain.errors import Refusal
from app.features.configuration import queries, service
from app.features.configuration.forms import LoadForm, ReadForm
from app.web.answers import Answer
from app.web.guard import current_actor, requires
from app.web.stepping_up import fresh

bp = Blueprint("configuration", __name__)


@bp.route("/admin/configuration", methods=["GET", "POST"])
@requires(Permission.TABLE_MANAGE)
@fresh
def overview() -> Answer:
    """Take the set-up out, or choose a file and look at what it comes to."""
    form = ReadForm()
    if form.validate_on_submit():
        text = form.file.data.read().decode("utf-8", "replace")
        try:
            made = service.read(text)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _check(made, LoadForm(formdata=None, text=text)), 200
    page = render_template(
        "configuration/overview.html", form=form, may_be_loaded=service.may_be_loaded()
    )
    return page, 422 if form.errors else 200


def _check(made: Configuration, form: LoadForm) -> str:
    return render_template(
        "configuration/check.html", made=made, form=form, may_be_loaded=service.may_be_loaded()
    )


@bp.post("/admin/configuration/copy")
@requires(Permission.TABLE_MANAGE)
@fresh
def copy() -> Response:
    """The set-up as one file; that it was taken out is recorded."""
    made = queries.configuration(current_actor())
    answer = Response(dump(made), mimetype="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="casustafel-inrichting.json"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/admin/configuration/load")
@requires(Permission.TABLE_MANAGE)
@fresh
def load() -> Answer:
    """Set the region up from the text that was looked at."""
    form = LoadForm()
    try:
        made = service.load(current_actor(), form.text.data or "")
    except Refusal as refusal:
        shown = ReadForm(formdata=None)
        shown.refuse(refusal)
        page = render_template(
            "configuration/overview.html", form=shown, may_be_loaded=service.may_be_loaded()
        )
        return page, 422
    flash(_("De inrichting is geladen: %(num)d casustafels.", num=len(made.tables)))
    return redirect(url_for("tables.listing"), code=303)
