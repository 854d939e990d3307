"""The four steps of a referral, the page to check it on, and the press that sends it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Final

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.access.referrals import drafts
from app.domain.errors import Reason, Refusal
from app.domain.referral_drafts import STEP_OF, Step
from app.features.referrals import drafting
from app.features.referrals.blueprint import bp
from app.features.referrals.drafting import StepPage
from app.features.referrals.forms import (
    KEEP,
    MORE,
    CriteriaForm,
    MatterForm,
    SignsForm,
    StepForm,
    TableForm,
    asked_for,
)
from app.features.referrals.household_forms import HouseholdForm
from app.features.referrals.stale_views import words_of
from app.web import labels, referral_words
from app.web.answers import Answer
from app.web.errors import sentence_of
from app.web.forms import BaseForm
from app.web.guard import current_actor, requires
from app.web.idempotency import counts_once

FORMS: Final[Mapping[Step, type[StepForm]]] = {
    Step.TABLE: TableForm,
    Step.MATTER: MatterForm,
    Step.CRITERIA: CriteriaForm,
    Step.HOUSEHOLD: HouseholdForm,
}
ORDER: Final = tuple(Step)


@bp.route("/referrals/new", methods=["GET", "POST"])
@requires(Permission.REFERRAL_MAKE)
def new() -> Answer:
    """Four plain questions; from here on everything is kept."""
    drafts.may_begin(current_actor())
    form, begun = SignsForm(), []
    if form.does(lambda: begun.append(drafting.begin(current_actor(), form.to_signs()))):
        return redirect(url_for(".table", referral_id=begun[0]), 303)
    return render_template("referrals/new.html", form=form, words=referral_words), form.status


@bp.route("/referrals/<uuid:referral_id>/table", methods=["GET", "POST"])
@requires(Permission.REFERRAL_MAKE)
@counts_once
def table(referral_id: uuid.UUID) -> Answer:
    """Step 1: which table; the advice explains itself."""
    form = SignsForm()
    signs = form.to_signs() if form.is_submitted() else None
    return _step(drafting.table_page(current_actor(), referral_id, signs))


@bp.route("/referrals/<uuid:referral_id>/matter", methods=["GET", "POST"])
@requires(Permission.REFERRAL_MAKE)
@counts_once
def matter(referral_id: uuid.UUID) -> Answer:
    """Step 2: what is the matter."""
    return _step(drafting.step_page(current_actor(), referral_id, Step.MATTER))


@bp.route("/referrals/<uuid:referral_id>/criteria", methods=["GET", "POST"])
@requires(Permission.REFERRAL_MAKE)
@counts_once
def criteria(referral_id: uuid.UUID) -> Answer:
    """Step 3: the criteria of the table as they hold now."""
    return _step(drafting.step_page(current_actor(), referral_id, Step.CRITERIA))


@bp.route("/referrals/<uuid:referral_id>/household", methods=["GET", "POST"])
@requires(Permission.REFERRAL_MAKE)
@counts_once
def household(referral_id: uuid.UUID) -> Answer:
    """Step 4: who is concerned."""
    return _step(drafting.step_page(current_actor(), referral_id, Step.HOUSEHOLD))


def _step(page: StepPage) -> Answer:
    """Show a step, or store it and go where the pressed button leads."""
    form = FORMS[page.step]()
    form.fill(page)
    if form.does(lambda: _save(page, form)):
        return redirect(_after(page), 303)
    if form.theirs is not None:
        form.theirs = words_of(_again(page))
    return render_template(
        f"referrals/{page.step.value}.html",
        page=page,
        form=form,
        words=referral_words,
        steps=ORDER,
        theirs=form.theirs,
    ), form.status


def _save(page: StepPage, form: StepForm) -> None:
    drafting.save(current_actor(), page, form.to_part(page), known=form.known_version)


def _again(page: StepPage) -> StepPage:
    """The page as somebody else left it meanwhile."""
    if page.step is Step.TABLE:
        return drafting.table_page(current_actor(), page.id)
    return drafting.step_page(current_actor(), page.id, page.step)


def _after(page: StepPage) -> str:
    pressed = asked_for()
    if pressed == KEEP:
        flash(_("Bewaard. U kunt later verder."), "ok")
        return url_for(".listing")
    if pressed == MORE:
        return url_for(f".{page.step.value}", referral_id=page.id)
    place = ORDER.index(page.step) + 1
    following = f".{ORDER[place].value}" if place < len(ORDER) else ".check"
    return url_for(following, referral_id=page.id)


@bp.get("/referrals/<uuid:referral_id>/check")
@requires(Permission.REFERRAL_MAKE)
def check(referral_id: uuid.UUID) -> Answer:
    """Everything once more, and what is missing."""
    return _checked(referral_id, "")


@bp.post("/referrals/<uuid:referral_id>/check")
@requires(Permission.REFERRAL_MAKE)
def send(referral_id: uuid.UUID) -> Answer:
    """Send it; twice counts once."""
    form = BaseForm()
    if not form.validate_on_submit():
        raise Refusal(Reason.VALUE_UNKNOWN)
    try:
        drafting.send(current_actor(), referral_id)
    except Refusal as refusal:
        return _checked(referral_id, sentence_of(refusal))
    flash(_("Verstuurd. De procesregisseur controleert op dubbele aanmeldingen."), "ok")
    return redirect(url_for(".show", referral_id=referral_id), 303)


def _checked(referral_id: uuid.UUID, refusal: str) -> Answer:
    page = drafting.check_page(current_actor(), referral_id)
    shown = render_template(
        "referrals/check.html",
        page=page,
        form=BaseForm(),
        refusal=refusal,
        words=referral_words,
        labels=labels,
        roles=labels.CONCERNED_ROLE,
        regimes=labels.REGIME,
        step_of=STEP_OF,
    )
    return shown, 422 if refusal else 200


@bp.post("/referrals/<uuid:referral_id>/discard")
@requires(Permission.REFERRAL_MAKE)
def discard(referral_id: uuid.UUID) -> Answer:
    """Throw a draft away."""
    drafting.discard(current_actor(), referral_id)
    flash(_("Het concept is weggegooid."), "ok")
    return redirect(url_for(".listing"), 303)
