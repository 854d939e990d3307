"""The pages that show whom one act is done to, and then do it to all of them."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask_babel import ngettext

from app.access import Permission
from app.features.people import several
from app.features.people.blueprint import bp
from app.features.people.forms import SeveralForm
from app.web import labels
from app.web.answers import Answer
from app.web.guard import current_actor, requires
from app.web.stepping_up import fresh


@bp.route("/admin/people/invite-again", methods=["GET", "POST"])
@requires(Permission.PERSON_MANAGE)
@fresh
def invite_several() -> Answer:
    """Mail those who were invited and did not come yet a new one-time link."""
    return _page(several.INVITE, "people/invite_several.html")


@bp.route("/admin/people/block", methods=["GET", "POST"])
@requires(Permission.PERSON_MANAGE)
@fresh
def block_several() -> Answer:
    """Block the accounts that were ticked."""
    return _page(several.BLOCK, "people/block_several.html")


def _page(act: several.Act, template: str) -> Answer:
    ids = request.args.getlist("person", type=uuid.UUID)
    found = several.chosen(current_actor(), act, ids)
    form = SeveralForm()
    form.offer(found)
    if form.does(lambda: several.do(current_actor(), act, form.ids())):
        flash(_done(act, len(form.ids())), "ok")
        return redirect(url_for("people.listing"), code=303)
    page = render_template(template, form=form, found=found, states=labels.ACCOUNT_STATE)
    return page, form.status


def _done(act: several.Act, number: int) -> str:
    if act is several.INVITE:
        one = ngettext(
            "%(num)d uitnodiging wordt verstuurd.",
            "%(num)d uitnodigingen worden verstuurd.",
            number,
        )
    else:
        one = ngettext(
            "%(num)d account is geblokkeerd en uitgelogd.",
            "%(num)d accounts zijn geblokkeerd en uitgelogd.",
            number,
        )
    return str(one)
