"""One action, for staff."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.access import Permission
from app.domain.errors import Refusal, StaleEdit
from app.domain.local_time import to_local
from app.features.actions import (
    answer_views,  # noqa: F401 - they hang their pages on bp
    board_views,  # noqa: F401 - as above
    bulk_views,  # noqa: F401 - as above
    disclosing,
    follow,
    own_views,  # noqa: F401 - as above
)
from app.features.actions.blueprint import bp
from app.features.actions.detail import ActionFacts, action_forms, action_page
from app.features.actions.forms import (
    ChangeForm,
    DiscloseForm,
    LapseForm,
    SpokenForm,
    VersionedForm,
    holder_value,
)
from app.infra import clock
from app.web import formats, labels
from app.web.answers import Answer
from app.web.guard import current_actor, requires
from app.web.redirects import next_path


@bp.get("/actions/<uuid:action_id>")
@requires(Permission.ACTION_FOLLOW)
def detail(action_id: uuid.UUID) -> Answer:
    """One action with both texts and its history."""
    page = action_page(current_actor(), action_id)
    return render_template("actions/detail.html", page=page, labels=labels)


@bp.route("/actions/<uuid:action_id>/state", methods=["GET", "POST"])
@requires(Permission.ACTION_FOLLOW)
def state(action_id: uuid.UUID) -> Answer:
    """Take down by telephone how it goes."""
    forms = action_forms(current_actor(), action_id)
    page = forms.facts
    now = to_local(clock.now())
    form = SpokenForm(version=page.version, said_on=f"{now:%d-%m-%Y}", said_time=f"{now:%H.%M}")
    form.offer(page.states)
    form.offer_speakers(forms)
    stale = False
    if form.validate_on_submit():
        try:
            follow.note_spoken(current_actor(), action_id, form.to_spoken())
        except Refusal as refusal:
            form.refuse(refusal)
        except StaleEdit as edit:
            form.catch_up(edit.version)
            stale = True
        else:
            flash(_("Vastgelegd. De actiehouder ziet dit en kan het bevestigen."), "ok")
            return redirect(next_path() or url_for(".detail", action_id=action_id), 303)
    return _form_page("actions/state.html", page, form, stale=stale)


@bp.route("/actions/<uuid:action_id>/change", methods=["GET", "POST"])
@requires(Permission.ACTION_FOLLOW)
def change(action_id: uuid.UUID) -> Answer:
    """Another term or holder."""
    forms = action_forms(current_actor(), action_id)
    page = forms.facts
    form = ChangeForm(
        version=page.version,
        due_on=f"{page.due_on:%d-%m-%Y}",
        due_time=formats.clock(page.due_at, "nl") if page.due_at else "",
        holder=holder_value(page.organisation_id, page.person_id),
    )
    form.offer(forms)
    stale = False
    if form.validate_on_submit():
        try:
            follow.change(current_actor(), action_id, form.to_change())
        except Refusal as refusal:
            form.refuse(refusal)
        except StaleEdit as edit:
            form.catch_up(edit.version)
            stale = True
        else:
            flash(_("Termijn en actiehouder zijn bewaard."), "ok")
            return redirect(url_for(".detail", action_id=action_id), 303)
    return _form_page("actions/change.html", page, form, stale=stale)


@bp.route("/actions/<uuid:action_id>/lapse", methods=["GET", "POST"])
@requires(Permission.ACTION_FOLLOW)
def lapse(action_id: uuid.UUID) -> Answer:
    """Let an action lapse that no longer has to be done."""
    page = action_forms(current_actor(), action_id).facts
    form = LapseForm(version=page.version)
    stale = False
    if form.validate_on_submit():
        try:
            follow.lapse(
                current_actor(),
                action_id,
                reason=form.remark.data or "",
                version=form.version.data or 0,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        except StaleEdit as edit:
            form.catch_up(edit.version)
            stale = True
        else:
            flash(_("De actie is vervallen. De actiehouder ziet dit bij een volgend bezoek."), "ok")
            return redirect(url_for(".detail", action_id=action_id), 303)
    return _form_page("actions/lapse.html", page, form, stale=stale)


@bp.route("/actions/<uuid:action_id>/disclosure", methods=["GET", "POST"])
@requires(Permission.DISCLOSURE_DECIDE)
def disclose(action_id: uuid.UUID) -> Answer:
    """Let the holder read the full text, with the reasons."""
    page = action_forms(current_actor(), action_id).facts
    form = DiscloseForm(version=page.version)
    stale = False
    if form.validate_on_submit():
        try:
            disclosing.disclose(current_actor(), action_id, form.to_reasons())
        except Refusal as refusal:
            form.refuse(refusal)
        except StaleEdit as edit:
            form.catch_up(edit.version)
            stale = True
        else:
            flash(
                _("Verstrekt. De actiehouder leest de tekst na akkoord op de geheimhouding."), "ok"
            )
            return redirect(url_for(".detail", action_id=action_id), 303)
    return _form_page("actions/disclose.html", page, form, stale=stale)


@bp.post("/actions/<uuid:action_id>/disclosure/withdraw")
@requires(Permission.DISCLOSURE_DECIDE)
def withdraw(action_id: uuid.UUID) -> Answer:
    """End the disclosure of the full text."""
    disclosing.withdraw(current_actor(), action_id)
    flash(_("De actiehouder leest nu alleen nog de neutrale tekst."), "ok")
    return redirect(url_for(".detail", action_id=action_id), 303)


def _form_page(template: str, page: ActionFacts, form: VersionedForm, *, stale: bool) -> Answer:
    code = 409 if stale else 422 if form.errors else 200
    return render_template(template, page=page, form=form, labels=labels, stale=stale), code
