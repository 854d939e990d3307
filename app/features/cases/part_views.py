"""The pages about parts of a case: persons concerned, sections, and who is kept out."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.domain.errors import Refusal, StaleEdit
from app.features.cases import exclusions, persons, queries, sections
from app.features.cases.blueprint import bp
from app.features.cases.forms import (
    ConcernedForm,
    ExclusionForm,
    SectionEditForm,
    SectionForm,
    options,
)
from app.web import labels, names
from app.web.answers import Answer
from app.web.guard import current_actor, requires
from app.web.i18n import language


@bp.route("/cases/<uuid:case_id>/persons/new", methods=["GET", "POST"])
@requires(Permission.CASE_UPDATE)
def add_person(case_id: uuid.UUID) -> Answer:
    """Add a person concerned."""
    page = queries.case_head(current_actor(), case_id)
    form = ConcernedForm()
    if form.validate_on_submit():
        try:
            persons.add_concerned(current_actor(), case_id, form.to_concerned())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _back(case_id, _("De betrokkene is toegevoegd."))
    return render_template(
        "cases/person.html",
        form=form,
        page=page,
        case_id=case_id,
        person_id=None,
        names_shown=False,
    ), 422 if form.errors else 200


@bp.route("/cases/<uuid:case_id>/persons/<uuid:person_id>", methods=["GET", "POST"])
@requires(Permission.CASE_UPDATE)
def person(case_id: uuid.UUID, person_id: uuid.UUID) -> Answer:
    """Change a person concerned; the identity text has a page of its own."""
    page = persons.concerned_to_edit(current_actor(), case_id, person_id)
    form = ConcernedForm(
        role=page.role.value,
        label=page.label,
        relation=page.relation,
        address_group=page.address_group,
    )
    if page.identity_section_id:
        del form.identity
    if form.validate_on_submit():
        try:
            persons.change_concerned(current_actor(), case_id, person_id, form.to_concerned())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _back(case_id, _("De betrokkene is gewijzigd."))
    return render_template(
        "cases/person.html",
        form=form,
        page=page,
        case_id=case_id,
        person_id=person_id,
        names_shown=names.are_shown(case_id),
    ), 422 if form.errors else 200


@bp.post("/cases/<uuid:case_id>/persons/<uuid:person_id>/remove")
@requires(Permission.CASE_UPDATE)
def remove_person(case_id: uuid.UUID, person_id: uuid.UUID) -> Answer:
    """Remove a person typed by mistake."""
    persons.remove_concerned(current_actor(), case_id, person_id)
    return _back(case_id, _("De betrokkene is verwijderd."))


@bp.route("/cases/<uuid:case_id>/sections/new", methods=["GET", "POST"])
@requires(Permission.CASE_UPDATE)
def add_section(case_id: uuid.UUID) -> Answer:
    """Write a new section."""
    page = queries.case_head(current_actor(), case_id)
    choices = queries.section_choices(current_actor(), page.table_id, english=language() == "en")
    form = SectionForm(source=str(page.bringing_organisation_id))
    form.kind.choices, form.source.choices = options(choices.types), options(choices.sources)
    if form.validate_on_submit():
        try:
            sections.add_section(current_actor(), case_id, form.to_section())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _back(case_id, _("De rubriek is toegevoegd."))
    return render_template(
        "cases/section_new.html", form=form, page=page, case_id=case_id
    ), 422 if form.errors else 200


@bp.route("/cases/<uuid:case_id>/sections/<uuid:section_id>", methods=["GET", "POST"])
@requires(Permission.CASE_UPDATE)
def section(case_id: uuid.UUID, section_id: uuid.UUID) -> Answer:
    """Change a section; who reads along is shown first, a stale edit shows both versions."""
    if "names" in request.form:
        names.show_of_case(case_id)
    shown, typed = names.are_shown(case_id), request.method == "POST"
    page = sections.section_to_edit(current_actor(), case_id, section_id, names=shown, typed=typed)
    form = SectionEditForm(regime=page.regime.value, text=page.text, version=page.version)
    late: StaleEdit | None = None
    if form.validate_on_submit():
        try:
            sections.change_section(
                current_actor(), case_id, section_id, form.to_change(names=shown)
            )
        except Refusal as refusal:
            form.refuse(refusal)
        except StaleEdit as stale:
            late, form.version.data = stale, str(stale.version)
        else:
            return _back(case_id, _("De rubriek is opgeslagen."))
    return render_template(
        "cases/section.html",
        form=form,
        page=page,
        theirs=late.theirs if late else None,
        screened=isinstance(late, sections.NamesScreened),
        shown=shown,
        labels=labels,
    ), 409 if late else 422 if form.errors else 200


@bp.route("/cases/<uuid:case_id>/exclusions/new", methods=["GET", "POST"])
@requires(Permission.EXCLUSION_MANAGE)
def exclude(case_id: uuid.UUID) -> Answer:
    """Exclude somebody from the case."""
    page = exclusions.exclusion_choices(current_actor(), case_id)
    form = ExclusionForm()
    form.person.choices = options(page.people)
    if form.validate_on_submit():
        new = form.to_exclusion()
        try:
            exclusions.exclude(current_actor(), case_id, new)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            if new.person_id == current_actor().person_id:
                return redirect(url_for(".listing"), 303)
            return _back(case_id, _("De uitsluiting geldt vanaf nu."))
    return render_template(
        "cases/exclude.html", form=form, page=page, case_id=case_id
    ), 422 if form.errors else 200


@bp.post("/cases/<uuid:case_id>/exclusions/<uuid:exclusion_id>/end")
@requires(Permission.EXCLUSION_MANAGE)
def end_exclusion(case_id: uuid.UUID, exclusion_id: uuid.UUID) -> Answer:
    """End an exclusion."""
    exclusions.end_exclusion(current_actor(), case_id, exclusion_id)
    return _back(case_id, _("De uitsluiting is beëindigd."))


@bp.post("/cases/<uuid:case_id>/recusals/<uuid:recusal_id>/lift")
@requires(Permission.EXCLUSION_MANAGE)
def lift_recusal(case_id: uuid.UUID, recusal_id: uuid.UUID) -> Answer:
    """Lift a recusal."""
    exclusions.lift_recusal(current_actor(), case_id, recusal_id)
    return _back(case_id, _("De terugtrekking is opgeheven."))


def _back(case_id: uuid.UUID, message: str) -> Answer:
    flash(message, "ok")
    return redirect(url_for(".show", case_id=case_id), 303)
