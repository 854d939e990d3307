"""The list of questions that wait for an answer, with a reminder to those chosen."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.access import Permission
from app.features.facts import chasing
from app.features.facts.blueprint import bp
from app.features.facts.forms import ChaseForm
from app.web.answers import Answer
from app.web.guard import current_actor, requires


@bp.route("/input-waiting", methods=["GET", "POST"])
@requires(Permission.INPUT_ASK)
def chase() -> Answer:
    """Which organisation has not answered what since when, per meeting or per table."""
    asked = {name: _id(name) for name in ("meeting", "table")}
    page = chasing.chase_page(current_actor(), meeting_id=asked["meeting"], table_id=asked["table"])
    form = ChaseForm()
    form.offer(page.rows)
    done: list[tuple[int, int]] = []
    if form.does(lambda: done.append(chasing.remind(current_actor(), form.to_ids()))):
        flash(_done_text(*done[0]), "ok")
        return redirect(url_for(".chase", meeting=asked["meeting"], table=asked["table"]), 303)
    return render_template("facts/chase.html", page=page, form=form, asked=asked), form.status


def _id(name: str) -> uuid.UUID | None:
    return request.args.get(name, None, type=uuid.UUID)


def _done_text(sent: int, skipped: int) -> str:
    text = ngettext("Aan %(num)d vraag herinnerd.", "Aan %(num)d vragen herinnerd.", sent)
    if not skipped:
        return str(text)
    left_out = _("%(num)s overgeslagen: korter dan 48 uur geleden herinnerd.", num=skipped)
    return f"{text} {left_out}"
