"""The list of a day: a line is one field and a tick, everything else is one press."""

from __future__ import annotations

import uuid
from datetime import date

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.domain.errors import NotVisible
from app.features.screening import service
from app.features.screening.forms import ChatsForm, LineForm
from app.infra import clock
from app.web import labels
from app.web.answers import Answer
from app.web.guard import current_actor, requires

bp = Blueprint("screening", __name__)


@bp.get("/screening", defaults={"table_id": None})
@bp.get("/screening/<uuid:table_id>")
@requires(Permission.SCREENING_KEEP)
def today(table_id: uuid.UUID | None) -> Answer:
    """On to the list of today, of the first table when none is named."""
    return _to_list(service.own_table(current_actor(), table_id), clock.today())


@bp.route("/screening/<uuid:table_id>/<day>", methods=["GET", "POST"])
@requires(Permission.SCREENING_KEEP)
def day_list(table_id: uuid.UUID, day: str) -> Answer:
    """The list of a day; what is typed becomes its next line."""
    actor, on, form = current_actor(), _day(day), LineForm()
    if form.does(
        lambda: service.enter(
            actor, table_id, on, number=form.number.data or "", is_urgent=bool(form.urgent.data)
        )
    ):
        return _to_list(table_id, on)
    return _page(table_id, on, form, ChatsForm())


@bp.post("/screening/<uuid:table_id>/<day>/chats")
@requires(Permission.SCREENING_KEEP)
def chats(table_id: uuid.UUID, day: str) -> Answer:
    """How many chats there were."""
    actor, on, form = current_actor(), _day(day), ChatsForm()
    if form.does(lambda: service.count_chats(actor, table_id, on, form.amount.data or 0)):
        flash(_("Opgeslagen."), "ok")
        return _to_list(table_id, on)
    return _page(table_id, on, LineForm(formdata=None), form)


@bp.post("/screening/lines/<uuid:case_id>/pick-up")
@requires(Permission.SCREENING_KEEP)
def pick_up(case_id: uuid.UUID) -> Answer:
    """Take care of a line."""
    return _to_list(*service.pick_up(current_actor(), case_id))


@bp.post("/screening/lines/<uuid:case_id>/close")
@requires(Permission.SCREENING_KEEP)
def close(case_id: uuid.UUID) -> Answer:
    """Close a line that is not urgent."""
    return _to_list(*service.close(current_actor(), case_id))


def _page(table_id: uuid.UUID, on: date, form: LineForm, chats_form: ChatsForm) -> Answer:
    page = service.day_page(current_actor(), table_id, on)
    if chats_form.amount.data is None and not chats_form.errors:
        chats_form.amount.data = page.chats
    answer = render_template(
        "screening/day_list.html", page=page, form=form, chats=chats_form, labels=labels
    )
    return answer, max(form.status, chats_form.status)


def _to_list(table_id: uuid.UUID, on: date) -> Answer:
    return redirect(url_for(".day_list", table_id=table_id, day=on.isoformat()), 303)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotVisible from None
