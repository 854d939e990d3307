"""The order of interventions of a case: one page, and a press for each change of it."""

from __future__ import annotations

import uuid
from enum import StrEnum
from typing import TypeVar

from flask import redirect, render_template, request, url_for

from app.access import Permission
from app.domain.errors import NotVisible
from app.domain.kinds import Chain
from app.features.interventions.blueprint import bp
from app.features.interventions.service import Place, choose_chain, order_page, place_step
from app.web import labels
from app.web.answers import Answer
from app.web.guard import current_actor, requires

Choice = TypeVar("Choice", bound=StrEnum)


@bp.get("/cases/<uuid:case_id>/interventions")
@requires(Permission.CASE_READ)
def order(case_id: uuid.UUID) -> Answer:
    """Who does what, when, in which order."""
    page = order_page(current_actor(), case_id)
    return render_template("interventions/order.html", page=page, labels=labels)


@bp.post("/actions/<uuid:action_id>/step")
@requires(Permission.ACTION_FOLLOW)
def step(action_id: uuid.UUID) -> Answer:
    """One place up or down, into the order or out of it."""
    return _back(place_step(current_actor(), action_id, _pressed("to", Place)), action_id)


@bp.post("/actions/<uuid:action_id>/chain")
@requires(Permission.ACTION_FOLLOW)
def chain(action_id: uuid.UUID) -> Answer:
    """The other chain."""
    return _back(choose_chain(current_actor(), action_id, _pressed("chain", Chain)), action_id)


def _pressed(name: str, choices: type[Choice]) -> Choice:
    try:
        return choices(request.form.get(name, ""))
    except ValueError:
        raise NotVisible from None


def _back(case_id: uuid.UUID, action_id: uuid.UUID) -> Answer:
    return redirect(url_for(".order", case_id=case_id, _anchor=f"s-{action_id}"), 303)
