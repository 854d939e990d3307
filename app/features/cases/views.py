"""The pages of the room for cases: the list, one case, and its state."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.access import Permission
from app.domain.errors import Reason, Refusal, StaleEdit
from app.domain.kinds import CaseState
from app.features.cases import (
    part_views,  # noqa: F401 - they hang their pages on bp
    queries,
    service,
)
from app.features.cases.blueprint import bp
from app.features.cases.case_page import case_page
from app.features.cases.close_forms import close_form
from app.features.cases.closing import closing
from app.features.cases.forms import (
    NewCaseForm,
    QuestionForm,
    SearchForm,
    StateForm,
    options,
    version_of,
)
from app.infra import clock
from app.web import labels, names, searched, stepping_up
from app.web.answers import Answer, page_number
from app.web.guard import current_actor, requires


@bp.get("/cases")
@requires(Permission.CASE_READ)
def listing() -> Answer:
    """The cases on the lists of the tables served."""
    words = searched.asked("cases")
    page = queries.list_page(current_actor(), _search(words.get("q", "")))
    form = SearchForm(formdata=MultiDict({**request.args, **words}))
    form.offer(page.tables)
    asked = {
        name: request.args[name] for name in ("search", "table", "state") if request.args.get(name)
    }
    return render_template(
        "cases/listing.html", page=page, form=form, asked=asked, labels=labels, CaseState=CaseState
    )


@bp.post("/cases")
@requires(Permission.CASE_READ)
def search() -> Response:
    """Look for a case; what was typed stands in no address."""
    return redirect(url_for(".listing", **searched.looked_for("cases", "table", "state")), 303)


def _search(typed: str) -> queries.Search:
    state, table = request.args.get("state", ""), request.args.get("table", "")
    try:
        table_id = uuid.UUID(table)
    except ValueError:
        table_id = None
    return queries.Search(
        text=typed,
        table_id=table_id,
        state=CaseState(state) if state in set(CaseState) else None,
        page=page_number(),
    )


@bp.route("/cases/new", methods=["GET", "POST"])
@requires(Permission.CASE_CREATE)
def new() -> Answer:
    """Put a new case on the list."""
    choices = queries.new_case_choices(current_actor())
    form = NewCaseForm()
    form.table.choices = options(choices.tables)
    form.organisation.choices = options(choices.organisations)
    form.caller.choices = options(choices.callers)
    if form.validate_on_submit():
        try:
            case_id = service.create_case(current_actor(), form.to_case(), form.to_caller())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for(".show", case_id=case_id), 303)
    return render_template("cases/new.html", form=form), 422 if form.errors else 200


@bp.get("/cases/<uuid:case_id>")
@requires(Permission.CASE_READ)
def show(case_id: uuid.UUID) -> Answer:
    """Everything staff see of one case; names on request."""
    shows_kept_out = stepping_up.is_fresh()
    page = case_page(
        current_actor(), case_id, names=names.are_shown(case_id), kept_out=shows_kept_out
    )
    return render_template(
        "cases/show.html",
        page=page,
        labels=labels,
        now=clock.now(),
        watches=page.table_id in current_actor().chair_table_ids,
        names=names.strip(case_id=case_id),
        shows_kept_out=shows_kept_out,
    )


@bp.route("/cases/<uuid:case_id>/question", methods=["GET", "POST"])
@requires(Permission.CASE_UPDATE)
def question(case_id: uuid.UUID) -> Answer:
    """Change the question to the table."""
    now = service.question_to_edit(current_actor(), case_id)
    form = QuestionForm(question=now.question, version=now.version)
    theirs: str | None = None
    if form.validate_on_submit():
        try:
            service.change_question(
                current_actor(),
                case_id,
                question=form.question.data or "",
                version=version_of(form.version.data),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        except StaleEdit as stale:
            theirs, form.version.data = stale.theirs, str(stale.version)
        else:
            return redirect(url_for(".show", case_id=case_id), 303)
    status = 409 if theirs is not None else 422 if form.errors else 200
    return render_template(
        "cases/question.html", form=form, page=now, theirs=theirs, case_id=case_id
    ), status


@bp.post("/cases/<uuid:case_id>/state")
@requires(Permission.CASE_UPDATE)
def state(case_id: uuid.UUID) -> Answer:
    """Bring the case into its next state."""
    form = StateForm()
    to = form.to_state() if form.validate_on_submit() else None
    if to is None:
        raise Refusal(Reason.VALUE_UNKNOWN)
    service.move_case(current_actor(), case_id, to)
    flash(_("De casus is nu %(state)s.", state=labels.words(labels.CASE_STATE, to)), "ok")
    return redirect(url_for(".show", case_id=case_id), 303)


@bp.route("/cases/<uuid:case_id>/close", methods=["GET", "POST"])
@requires(Permission.CASE_UPDATE)
def close(case_id: uuid.UUID) -> Answer:
    """What closing leaves unfinished, decided about one by one before it is done."""
    page = closing(current_actor(), case_id)
    form = close_form(page.actions)
    if form.does(lambda: service.close_case(current_actor(), case_id, form.to_ending())):
        return redirect(url_for(".show", case_id=case_id), 303)
    return render_template("cases/close.html", page=page, case_id=case_id, form=form), form.status
