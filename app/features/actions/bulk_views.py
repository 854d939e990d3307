"""The check pages of the board: who and what, before several actions are changed at once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.access import Permission
from app.domain.board import read_query
from app.domain.errors import Refusal
from app.features.actions import bulk, bulk_forms, choosing, reminding
from app.features.actions.blueprint import bp
from app.features.actions.bulk import Left, Outcome, Skip
from app.infra import clock
from app.web import formats
from app.web.answers import Answer
from app.web.guard import current_actor, requires
from app.web.i18n import language

# The sentence travels in a cookie, which holds 4,000 characters.
MOST_NAMED = 8
WHY = {
    Skip.TODAY: _l("vandaag al herinnerd"),
    Skip.RECENT: _l("minder dan 48 uur geleden al herinnerd"),
    Skip.NOBODY: _l("geen actieve actiehouder"),
    Skip.DONE: _l("intussen niet meer open"),
    Skip.CHANGED: _l("intussen gewijzigd"),
    Skip.HOLDER: _l("niet mogelijk voor deze actiehouder"),
    Skip.SAME: _l("was al zo"),
    Skip.GONE: _l("niet meer beschikbaar"),
}


@bp.route("/actions/reminders", methods=["GET", "POST"])
@requires(Permission.ACTION_FOLLOW)
def remind() -> Answer:
    """Check who gets a reminder, then queue the mails."""
    found = reminding.check(current_actor(), _asked())
    rows = found.rows
    form = bulk_forms.RemindForm(chosen=[str(row.action.id) for row in rows if not row.recent])
    form.offer(rows)
    if form.validate_on_submit():
        chosen, again = (bulk_forms.ids_of(one.data or []) for one in (form.chosen, form.again))
        try:
            done = reminding.remind(current_actor(), chosen, again=again, left=form.left())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            said = ngettext("%(num)s verstuurd", "%(num)s verstuurd", done.done)
            return _back(said, done)
    code = 422 if form.errors else 200
    return render_template(
        "actions/remind.html", rows=rows, is_more=found.is_more, form=form, back=_board()
    ), code


@bp.route("/actions/terms", methods=["GET", "POST"])
@requires(Permission.ACTION_FOLLOW)
def change_terms() -> Answer:
    """Check of which actions the term changes, then give them all the same day."""
    page = choosing.chosen(current_actor(), _asked())
    form = bulk_forms.TermsForm(chosen=[bulk_forms.value_of(row) for row in page.rows])
    form.offer(page.rows)
    if form.validate_on_submit():
        try:
            done = bulk.change_terms(
                current_actor(),
                form.versions,
                due_on=form.due_on.parsed or clock.today(),
                remark=form.remark.data or "",
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _back(ngettext("%(num)s gewijzigd", "%(num)s gewijzigd", done.done), done)
    code = 422 if form.errors else 200
    return render_template("actions/terms.html", page=page, form=form, back=_board()), code


@bp.route("/actions/holders", methods=["GET", "POST"])
@requires(Permission.ACTION_FOLLOW)
def change_holders() -> Answer:
    """Check which actions get another holder, then give them all to the same one."""
    page = choosing.chosen(current_actor(), _asked(), with_holders=True)
    form = bulk_forms.HoldersForm(chosen=[bulk_forms.value_of(row) for row in page.rows])
    form.offer(page.rows)
    form.offer_holders(page.holders)
    if form.validate_on_submit():
        try:
            organisation_id, person_id = form.to_holder()
            done = bulk.change_holders(
                current_actor(),
                form.versions,
                organisation_id=organisation_id,
                person_id=person_id,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _back(ngettext("%(num)s gewijzigd", "%(num)s gewijzigd", done.done), done)
    code = 422 if form.errors else 200
    return render_template("actions/holders.html", page=page, form=form, back=_board()), code


def _asked() -> set[uuid.UUID]:
    return bulk_forms.ids_of(request.args.getlist("action"))


def _back(said: str, done: Outcome) -> Answer:
    flash(outcome(said, done), "ok" if done.done else "warn")
    return redirect(_board(), 303)


def _board() -> str:
    """The board as it was when something was ticked there."""
    pairs: Mapping[str, Any] = {}
    with suppress(ValueError):
        pairs = read_query(request.args.get("view", "")).pairs()
    return url_for(".board", **pairs)


def outcome(said: str, done: Outcome) -> str:
    """How many were done, and which were not and why, in at most two sentences.

    "1 gewijzigd. Overgeslagen: Politie, termijn 22-06-2026 (was al zo)."
    """
    if not done.skipped:
        return f"{said}."
    named = [_named(one, one.due_on) for one in done.skipped if one.due_on is not None]
    which, more = named[:MOST_NAMED], len(named[MOST_NAMED:])
    if more:
        which.append(ngettext("%(num)s andere", "%(num)s andere", more))
    gone = len(done.skipped) - len(named)
    if gone:
        why = WHY[Skip.GONE]
        which.append(ngettext("%(num)s actie (%(why)s)", "%(num)s acties (%(why)s)", gone, why=why))
    return str(_("%(done)s. Overgeslagen: %(which)s.", done=said, which="; ".join(which)))


def _named(one: Left, due_on: date) -> str:
    return str(
        _(
            "%(organisation)s, termijn %(day)s (%(why)s)",
            organisation=one.organisation,
            day=formats.date_short(due_on, language()),
            why=WHY[one.why],
        )
    )
