"""The published figures as a page and as files; the filters stand in the address."""

from __future__ import annotations

import uuid

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response
from wtforms import SelectChoice  # type: ignore[attr-defined]  # newer than the published types

from app.access import Permission
from app.domain.errors import NotVisible
from app.domain.report import Choice, Report
from app.features.reports import comparing, files_views, periods, queries
from app.features.reports.comparing_views import compared
from app.features.reports.forms import CopyForm, FilterForm
from app.features.reports.page_views import page_of, scope_words
from app.features.reports.queries import Asked
from app.web import report_words
from app.web.answers import Answer
from app.web.guard import current_actor, requires

bp = Blueprint("reports", __name__)


@bp.get("/reports")
@requires(Permission.REPORT_READ)
def show() -> Answer:
    """What is published of the figures of the region, narrowed as the address says."""
    found = queries.report(current_actor(), _asked())
    return render_template(
        "reports/show.html",
        page=page_of(found),
        form=_form_of(found),
        asked=_address(),
        nothing=report_words.nothing(),
        compares=current_actor().is_staff,
    )


@bp.route("/reports/copy", methods=["GET", "POST"])
@requires(Permission.REPORT_READ)
def copy() -> Answer:
    """The same figures as a file, once it is said what for."""
    form, actor = CopyForm(), current_actor()
    if form.validate_on_submit():
        purpose, as_file = form.chosen()
        found = queries.copied(actor, _asked(), purpose)
        answer = Response(files_views.made(found, as_file), mimetype=files_views.MIMETYPES[as_file])
        period = periods.written(found.scope.span).replace(periods.BETWEEN, "-tm-")
        name = f"cijfers-{period}.{as_file.value}"
        answer.headers["Content-Disposition"] = f"attachment; filename={name}"
        return answer
    what = scope_words(queries.report(actor, _asked()))
    shown = render_template("reports/copy.html", form=form, asked=_address(), what=what)
    return shown, 422 if form.errors else 200


@bp.get("/reports/measurements")
@requires(Permission.REPORT_READ)
def measurements() -> Answer:
    """The baseline and the second measurement of a table served, side by side."""
    found = comparing.comparison(current_actor(), _id("table"))
    return render_template(
        "reports/measurements.html", page=compared(found), nothing=report_words.nothing()
    )


@bp.get("/figures")
@requires(Permission.REPORT_READ)
def moved() -> Answer:
    """Where the figures of a year stood before."""
    return redirect(url_for(".show"), 301)


def _asked() -> Asked:
    """What the address says; NotVisible where that is no period or no id."""
    written = request.args.get("period", "")
    span = periods.read(written)
    if written and span is None:
        raise NotVisible
    return Asked(span, _id("table"), _id("organisation"))


def _id(name: str) -> uuid.UUID | None:
    typed = request.args.get(name, "")
    try:
        return uuid.UUID(typed) if typed else None
    except ValueError:
        raise NotVisible from None


def _address() -> dict[str, str]:
    names = ("period", "table", "organisation")
    return {name: request.args[name] for name in names if request.args.get(name)}


def _form_of(report: Report) -> FilterForm:
    scope = report.scope
    form = FilterForm(
        MultiDict(
            {
                "period": periods.written(scope.span),
                "table": str(scope.table_id or ""),
                "organisation": str(scope.organisation_id or ""),
            }
        )
    )
    spans = dict.fromkeys((*report.spans, scope.span))
    form.period.choices = [
        SelectChoice(periods.written(one), report_words.period(one)) for one in spans
    ]
    form.table.choices = [SelectChoice("", _("alle")), *_named(report.tables)]
    form.organisation.choices = [SelectChoice("", _("alle")), *_named(report.organisations)]
    return form


def _named(choices: tuple[Choice, ...]) -> list[SelectChoice]:
    return [SelectChoice(str(one.id), one.name) for one in choices]
