"""The page about a household: linked cases, what is to be done in them, and who comes along."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms import SelectChoice  # type: ignore[attr-defined]  # newer than the published types

from app.access import Permission
from app.features.case_life import household as household_of
from app.features.case_life.blueprint import bp
from app.features.case_life.forms import LinkForm, PeopleForm
from app.features.case_life.household import Someone
from app.web import labels
from app.web.answers import Answer
from app.web.guard import current_actor, requires


@bp.route("/cases/<uuid:case_id>/household", methods=["GET", "POST"])
@requires(Permission.HOUSEHOLD_MANAGE)
def household(case_id: uuid.UUID) -> Answer:
    """One household, one plan: linked cases and their open actions together."""
    actor, form = current_actor(), LinkForm()
    page = household_of.household_page(actor, case_id)
    if form.does(lambda: household_of.link(actor, case_id, form.reference.data or "")):
        flash(_("De casussen zijn gekoppeld als één gezin."), "ok")
        return redirect(url_for(".household", case_id=case_id), 303)
    return render_template(
        "case_life/household.html", form=form, page=page, labels=labels
    ), form.status


@bp.post("/cases/<uuid:case_id>/household/leave")
@requires(Permission.HOUSEHOLD_MANAGE)
def leave_household(case_id: uuid.UUID) -> Answer:
    """Take this case out of the household."""
    household_of.unlink(current_actor(), case_id)
    flash(_("De koppeling van deze casus is opgeheven."), "ok")
    return redirect(url_for(".household", case_id=case_id), 303)


@bp.route("/cases/<uuid:case_id>/household/people", methods=["GET", "POST"])
@requires(Permission.HOUSEHOLD_MANAGE)
def bring_along(case_id: uuid.UUID) -> Answer:
    """Bring persons concerned of linked cases into this one."""
    actor, form = current_actor(), PeopleForm()
    page = household_of.household_page(actor, case_id)
    form.persons.choices = [SelectChoice(str(one.id), _words(one)) for one in page.people]
    copied: list[int] = []
    if form.does(lambda: copied.append(household_of.bring_along(actor, case_id, form.person_ids))):
        said = "%(num)d betrokkene overgenomen.", "%(num)d betrokkenen overgenomen."
        flash(ngettext(*said, copied[0]), "ok")
        return redirect(url_for("cases.show", case_id=case_id), 303)
    return render_template("case_life/people.html", form=form, page=page), form.status


def _words(one: Someone) -> str:
    about = one.label or str(_("Zonder aanduiding"))
    role = labels.words(labels.CONCERNED_ROLE, one.role)
    parts = [one.reference, f"{about} ({role})"]
    if not one.has_identity:
        parts.append(str(_("zonder persoonsgegevens")))
    return " · ".join(parts)
