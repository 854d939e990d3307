"""The pages about measurements and questions; an answer carries no name and is asked once."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from app.access import Permission
from app.domain.errors import NotVisible
from app.domain.kinds import MeasurementKind
from app.domain.survey import QUESTIONS
from app.features.surveys import service
from app.features.surveys.forms import AnswerForm, AskForm, SpanForm
from app.features.surveys.service import MeasurementsPage
from app.web import survey_words
from app.web.answers import Answer
from app.web.guard import current_actor, requires
from app.web.idempotency import counts_once

bp = Blueprint("surveys", __name__)


@bp.get("/tables/<uuid:table_id>/measurements")
@requires(Permission.MEASUREMENT_MANAGE)
def measurements(table_id: uuid.UUID) -> Answer:
    """Both measurements of a table."""
    page = service.measurements_page(current_actor(), table_id)
    return render_template("surveys/measurements.html", page=page, words=survey_words, **_words())


@bp.route("/tables/<uuid:table_id>/measurements/<kind>", methods=["GET", "POST"])
@requires(Permission.MEASUREMENT_MANAGE)
def fix(table_id: uuid.UUID, kind: str) -> Answer:
    """Choose the quarters of one of them, see what is fixed for good, then fix it."""
    page, which = service.measurements_page(current_actor(), table_id), _kind(kind)
    form = SpanForm()
    form.offer((one, survey_words.quarter(one)) for one in page.quarters)
    act = service.fix if form.is_seen else service.check
    if form.does(lambda: act(current_actor(), table_id, which, form.to_span())):
        if not form.is_seen:
            return _check(page, which, form)
        flash(_("De periode is vastgelegd."), "ok")
        return redirect(url_for(".measurements", table_id=table_id), 303)
    return render_template(
        "surveys/fix.html", page=page, kind=which, form=form, words=survey_words
    ), form.status


def _check(page: MeasurementsPage, kind: MeasurementKind, chosen: SpanForm) -> Answer:
    """What would be fixed; nothing is stored."""
    return render_template(
        "surveys/check.html",
        page=page,
        kind=kind,
        span=chosen.to_span(),
        chosen={"first_on": chosen.first_on.data, "last_on": chosen.last_on.data},
        form=SpanForm(formdata=None, seen=chosen.chosen),
        words=survey_words,
    )


@bp.route("/tables/<uuid:table_id>/measurements/<kind>/questions", methods=["GET", "POST"])
@requires(Permission.MEASUREMENT_MANAGE)
def ask(table_id: uuid.UUID, kind: str) -> Answer:
    """Put the questions to the partners of a table."""
    page, which = service.measurements_page(current_actor(), table_id), _kind(kind)
    form = AskForm()
    asked: list[int] = []
    if form.does(
        lambda: asked.append(service.ask(current_actor(), table_id, which, form.to_end()))
    ):
        words = ngettext(
            "De vragen gaan naar %(num)d persoon.", "De vragen gaan naar %(num)d personen.", *asked
        )
        flash(words, "ok")
        return redirect(url_for(".measurements", table_id=table_id), 303)
    return render_template(
        "surveys/ask.html", page=page, kind=which, form=form, words=survey_words, **_words()
    ), form.status


@bp.get("/surveys")
@requires(Permission.SURVEY_ANSWER)
def own() -> Answer:
    """What the reader may answer."""
    waiting = service.waiting(current_actor())
    return render_template("surveys/own.html", waiting=waiting, words=survey_words)


@bp.route("/surveys/<uuid:survey_id>", methods=["GET", "POST"])
@requires(Permission.SURVEY_ANSWER)
@counts_once
def answer(survey_id: uuid.UUID) -> Answer:
    """Answer the five questions, without a name; no key of the form says when somebody did."""
    page, form = service.own_survey(current_actor(), survey_id), AnswerForm()
    form.word(_words()["questions"])
    if form.does(lambda: service.answer(current_actor(), survey_id, form.to_scores())):
        flash(_("Dank u. Uw antwoord is opgeteld bij die van anderen."), "ok")
        return redirect(url_for("home.start"), 303)
    return render_template("surveys/answer.html", page=page, form=form), form.status


def _kind(text: str) -> MeasurementKind:
    try:
        return MeasurementKind(text)
    except ValueError:
        raise NotVisible from None


def _words() -> dict[str, list[str]]:
    return {"questions": [one.of(str(get_locale())) for one in QUESTIONS]}
