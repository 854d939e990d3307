"""The pages about access requests: list, intake, one request, its texts and its answer."""

from __future__ import annotations

import uuid

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from wtforms import SelectChoice  # type: ignore[attr-defined]  # newer than the published types

from app.access import Permission
from app.domain.errors import StaleEdit
from app.domain.kinds import AnswerKind
from app.features.access_requests import (
    answering,
    judging,
    packing,
    queries,
    review_views,  # noqa: F401 - they hang their pages on bp
    service,
    sources,
)
from app.features.access_requests.answer_views import document_of
from app.features.access_requests.blueprint import bp
from app.features.access_requests.forms import (
    AnswerForm,
    IntakeForm,
    JudgeForm,
    PersonForm,
    SilenceForm,
    filled,
    options,
)
from app.features.access_requests.queries import Choice
from app.infra import pdf
from app.web import labels
from app.web.answers import Answer, id_typed
from app.web.guard import current_actor, requires


@bp.get("/access-requests")
@requires(Permission.ACCESS_REQUEST_READ)
def listing() -> str:
    """What is prepared and what is to be reviewed, with the days left."""
    page = queries.request_list(current_actor())
    return render_template("access_requests/listing.html", page=page, labels=labels)


@bp.route("/access-requests/new", methods=["GET", "POST"])
@requires(Permission.ACCESS_REQUEST_MANAGE)
def new() -> Answer:
    """Record a request that came in."""
    tables = queries.intake_choices(current_actor())
    form = IntakeForm(table=str(tables[0].id) if len(tables) == 1 else "")
    form.table.choices = options(tables)
    made: list[uuid.UUID] = []
    if form.does(lambda: made.append(service.take_in(current_actor(), form.to_intake()))):
        flash(_("Het verzoek is vastgelegd."), "ok")
        return redirect(url_for(".show", access_request_id=made[0]), 303)
    return render_template("access_requests/new.html", form=form), form.status


@bp.get("/access-requests/<uuid:access_request_id>")
@requires(Permission.ACCESS_REQUEST_MANAGE)
def show(access_request_id: uuid.UUID) -> Answer:
    """One request and what still has to be done for it."""
    return _page(access_request_id, PersonForm(), AnswerForm())


def _page(
    request_id: uuid.UUID,
    person: PersonForm,
    answer: AnswerForm,
    silence: SilenceForm | None = None,
) -> Answer:
    page = queries.request_page(current_actor(), request_id)
    silence = silence or SilenceForm(formdata=None)
    silence.source.choices = _silent(page)
    person.person.choices = _people(page)
    answer.reviewer.choices = options(page.officers)
    status = 422 if person.errors or answer.errors or silence.errors else 200
    return render_template(
        "access_requests/show.html",
        page=page,
        person=person,
        answer=answer,
        silence=silence,
        labels=labels,
    ), status


def _silent(page: queries.RequestPage) -> list[SelectChoice]:
    return options(Choice(id=one.id, name=one.organisation) for one in page.views if not one.at)


def _people(page: queries.RequestPage) -> list[SelectChoice]:
    return [
        SelectChoice(str(one.id), f"{one.label} ({labels.words(labels.CONCERNED_ROLE, one.role)})")
        for one in page.people
    ]


@bp.post("/access-requests/<uuid:access_request_id>/person")
@requires(Permission.ACCESS_REQUEST_MANAGE)
def choose_person(access_request_id: uuid.UUID) -> Answer:
    """Say whom it is about."""
    service.choose_person(current_actor(), access_request_id, id_typed("person"))
    return redirect(url_for(".show", access_request_id=access_request_id), 303)


@bp.post("/access-requests/<uuid:access_request_id>/sources")
@requires(Permission.ACCESS_REQUEST_MANAGE)
def ask_sources(access_request_id: uuid.UUID) -> Answer:
    """Ask the sources what they think."""
    service.ask_sources(current_actor(), access_request_id)
    flash(_("De bronnen zien de vraag op hun startpagina."), "ok")
    return redirect(url_for(".show", access_request_id=access_request_id), 303)


@bp.post("/access-requests/<uuid:access_request_id>/silence")
@requires(Permission.ACCESS_REQUEST_MANAGE)
def note_silence(access_request_id: uuid.UUID) -> Answer:
    """Write down why a source does not answer."""
    actor = current_actor()
    form = SilenceForm()
    form.source.choices = _silent(queries.request_page(actor, access_request_id))
    if form.does(
        lambda: sources.note_silence(
            actor, access_request_id, uuid.UUID(form.source.data), form.reason.data or ""
        )
    ):
        flash(_("Vastgelegd dat de bron niet antwoordt. De bron kan dat nog tot u voorlegt."), "ok")
        return redirect(url_for(".show", access_request_id=access_request_id), 303)
    return _page(access_request_id, PersonForm(formdata=None), AnswerForm(formdata=None), form)


@bp.post("/access-requests/<uuid:access_request_id>/extend")
@requires(Permission.ACCESS_REQUEST_MANAGE)
def extend(access_request_id: uuid.UUID) -> Answer:
    """Take the longer term."""
    service.extend(current_actor(), access_request_id)
    flash(_("De termijn is verlengd. Laat dit de verzoeker weten."), "ok")
    return redirect(url_for(".show", access_request_id=access_request_id), 303)


@bp.route("/access-requests/<uuid:access_request_id>/texts/<uuid:part_id>", methods=["GET", "POST"])
@requires(Permission.ACCESS_REQUEST_MANAGE)
def judge(access_request_id: uuid.UUID, part_id: uuid.UUID) -> Answer:
    """Judge one text passage by passage."""
    page = judging.part_page(current_actor(), access_request_id, part_id)
    form = JudgeForm(data=filled(page.grounds))
    try:
        done = len(form.grounds) == len(page.passages) and form.does(
            lambda: judging.judge(current_actor(), access_request_id, part_id, form.to_grounds())
        )
    except StaleEdit:
        done = False
    if done:
        return redirect(url_for(".show", access_request_id=access_request_id), 303)
    if len(form.grounds) != len(page.passages):
        form = JudgeForm(formdata=None, data=filled(page.grounds))
    return render_template("access_requests/judge.html", page=page, form=form), form.status


@bp.post("/access-requests/<uuid:access_request_id>/submit")
@requires(Permission.ACCESS_REQUEST_MANAGE)
def submit(access_request_id: uuid.UUID) -> Answer:
    """Put the answer before a privacy officer."""
    page = queries.request_page(current_actor(), access_request_id)
    form = AnswerForm()
    form.reviewer.choices = options(page.officers)
    if form.does(
        lambda: answering.submit(
            current_actor(),
            access_request_id,
            AnswerKind(form.answer.data),
            reviewer_id=uuid.UUID(form.reviewer.data),
        )
    ):
        flash(_("Het antwoord ligt bij de privacy officer."), "ok")
        return redirect(url_for(".show", access_request_id=access_request_id), 303)
    return _page(access_request_id, PersonForm(formdata=None), form)


@bp.post("/access-requests/<uuid:access_request_id>/take-back")
@requires(Permission.ACCESS_REQUEST_MANAGE)
def take_back(access_request_id: uuid.UUID) -> Answer:
    """Prepare it anew."""
    answering.take_back(current_actor(), access_request_id)
    flash(_("Het antwoord is teruggenomen. U kunt het aanpassen en opnieuw voorleggen."), "ok")
    return redirect(url_for(".show", access_request_id=access_request_id), 303)


@bp.get("/access-requests/<uuid:access_request_id>/answer")
@requires(Permission.ACCESS_REQUEST_READ)
def answer(access_request_id: uuid.UUID) -> Response:
    """The answer as a document."""
    made = pdf.render(document_of(packing.pack_of(current_actor(), access_request_id)))
    name = f"inzageverzoek-{str(access_request_id)[:8]}.pdf"
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(made, mimetype="application/pdf", headers=headers)


@bp.post("/access-requests/<uuid:access_request_id>/close")
@requires(Permission.ACCESS_REQUEST_MANAGE)
def close(access_request_id: uuid.UUID) -> Answer:
    """The answer was sent."""
    answering.close(current_actor(), access_request_id)
    flash(_("Het verzoek is afgehandeld. De casus wordt er niet meer voor vastgehouden."), "ok")
    return redirect(url_for(".listing"), 303)
