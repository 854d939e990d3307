"""The page on which staff record who of the family took part in a discussion."""

from __future__ import annotations

import uuid

from flask import redirect, render_template, url_for

from app.access import Permission
from app.features.facts import family
from app.features.facts.blueprint import bp
from app.features.facts.family_forms import FamilyForm
from app.web import labels
from app.web.answers import Answer
from app.web.guard import current_actor, requires


@bp.route("/items/<uuid:item_id>/family", methods=["GET", "POST"])
@requires(Permission.DECISION_RECORD)
def at_item(item_id: uuid.UUID) -> Answer:
    """Who was recorded, the children asked about one by one, and somebody more."""
    page = family.family_page(current_actor(), item_id)
    form = FamilyForm()
    if form.does(lambda: family.add(current_actor(), item_id, form.to_line())):
        return redirect(url_for(".at_item", item_id=item_id), 303)
    answer = render_template("facts/family.html", page=page, form=form, labels=labels)
    return answer, form.status


@bp.post("/items/<uuid:item_id>/family/<uuid:line_id>/remove")
@requires(Permission.DECISION_RECORD)
def take_back(item_id: uuid.UUID, line_id: uuid.UUID) -> Answer:
    """Somebody was recorded by mistake."""
    family.take_back(current_actor(), item_id, line_id)
    return redirect(url_for(".at_item", item_id=item_id), 303)
