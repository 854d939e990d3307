"""The pages on which staff judge what was referred to their tables."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.access import Permission
from app.domain.kinds import ReferralState
from app.features.triage import inbox, reading, service
from app.features.triage.forms import (
    AcceptForm,
    AskForm,
    DeclineForm,
    FactsForm,
    FilterForm,
    JoinForm,
)
from app.web import labels, referral_words, triage_words
from app.web.answers import Answer, page_number
from app.web.guard import current_actor, requires

bp = Blueprint("triage", __name__)

WORDS = {"labels": labels, "words": referral_words, "triage_words": triage_words}


@bp.get("/triage")
@requires(Permission.REFERRAL_TRIAGE)
def listing() -> Answer:
    """What waits at the tables served."""
    page = inbox.inbox(current_actor(), _asked())
    form = FilterForm(formdata=MultiDict(request.args))
    form.offer(page.tables)
    asked = {name: request.args[name] for name in ("table", "state") if request.args.get(name)}
    return render_template("triage/listing.html", page=page, form=form, asked=asked, **WORDS)


def _asked() -> inbox.Asked:
    state, table = request.args.get("state", ""), request.args.get("table", "")
    try:
        table_id = uuid.UUID(table)
    except ValueError:
        table_id = None
    known = state in set(ReferralState) - {ReferralState.DRAFT}
    return inbox.Asked(
        table_id=table_id, state=ReferralState(state) if known else None, page=page_number()
    )


@bp.get("/triage/<uuid:referral_id>")
@requires(Permission.REFERRAL_TRIAGE)
def show(referral_id: uuid.UUID) -> Answer:
    """Everything of one referral, and what may be done with it."""
    return _shown(referral_id, FactsForm())


@bp.post("/triage/<uuid:referral_id>")
@requires(Permission.REFERRAL_TRIAGE)
def complete(referral_id: uuid.UUID) -> Answer:
    """Record what somebody who called says of it."""
    actor, form = current_actor(), FactsForm()
    form.offer(reading.referral_page(actor, referral_id))
    if form.does(lambda: service.record_facts(actor, referral_id, form.to_facts())):
        flash(_("Vastgelegd."), "ok")
        return _back(referral_id)
    return _shown(referral_id, form)


def _shown(referral_id: uuid.UUID, form: FactsForm) -> Answer:
    page = reading.referral_page(current_actor(), referral_id)
    form.offer(page)
    return render_template("triage/show.html", page=page, form=form, **WORDS), form.status


@bp.post("/triage/<uuid:referral_id>/take-up")
@requires(Permission.REFERRAL_TRIAGE)
def take_up(referral_id: uuid.UUID) -> Response:
    """Somebody looks at it now."""
    service.take_up(current_actor(), referral_id)
    flash(_("U hebt de aanmelding in triage genomen."), "ok")
    return _back(referral_id)


@bp.route("/triage/<uuid:referral_id>/ask", methods=["GET", "POST"])
@requires(Permission.REFERRAL_TRIAGE)
def ask(referral_id: uuid.UUID) -> Answer:
    """Ask the referrer something."""
    actor, form = current_actor(), AskForm()
    if form.does(lambda: service.ask_back(actor, referral_id, form.question.data or "")):
        flash(_("De vraag staat bij de aanmelder. De termijn loopt door."), "ok")
        return _back(referral_id)
    return _form("ask", form, referral_id)


@bp.route("/triage/<uuid:referral_id>/accept", methods=["GET", "POST"])
@requires(Permission.REFERRAL_TRIAGE)
def accept(referral_id: uuid.UUID) -> Answer:
    """Take the case on."""
    actor = current_actor()
    form, page = AcceptForm(), service.accept_choices(actor, referral_id)
    form.offer(page)
    if form.does(lambda: service.accept(actor, referral_id, form.to_acceptance())):
        flash(_("De aanmelding is geaccepteerd. De casus staat op uw lijst."), "ok")
        return _back(referral_id)
    return render_template(
        "triage/accept.html", form=form, page=page, referral_id=referral_id
    ), form.status


@bp.route("/triage/<uuid:referral_id>/decline", methods=["GET", "POST"])
@requires(Permission.REFERRAL_TRIAGE)
def decline(referral_id: uuid.UUID) -> Answer:
    """Advise or refuse."""
    actor, form = current_actor(), DeclineForm()
    if form.does(
        lambda: service.decline(actor, referral_id, form.to_state(), form.message.data or "")
    ):
        flash(_("De aanmelder leest de uitkomst bij de eigen aanmelding."), "ok")
        return _back(referral_id)
    return _form("decline", form, referral_id)


@bp.route("/triage/<uuid:referral_id>/join", methods=["GET", "POST"])
@requires(Permission.REFERRAL_TRIAGE)
def join(referral_id: uuid.UUID) -> Answer:
    """It belongs to a case that is there already."""
    actor, form = current_actor(), JoinForm()
    if form.does(lambda: service.join(actor, referral_id, form.reference.data or "")):
        flash(_("De aanmelding hoort nu bij de andere casus; deze is gesloten als dubbel."), "ok")
        return _back(referral_id)
    return _form("join", form, referral_id)


def _form(name: str, form: AskForm | DeclineForm | JoinForm, referral_id: uuid.UUID) -> Answer:
    reference = service.reference_of(current_actor(), referral_id)
    return render_template(
        f"triage/{name}.html", form=form, reference=reference, referral_id=referral_id
    ), form.status


def _back(referral_id: uuid.UUID) -> Response:
    return redirect(url_for("triage.show", referral_id=referral_id), 303)
