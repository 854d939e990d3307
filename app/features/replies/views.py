"""The pages of the room for answers by mail."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.access import Actor, Permission
from app.domain.errors import Refusal
from app.features.replies import (
    deciding,
    demo_views,  # noqa: F401 - they hang their pages on bp
    queries,
)
from app.features.replies.blueprint import bp
from app.web import labels
from app.web.answers import Answer
from app.web.errors import sentence_of
from app.web.guard import current_actor, requires


@bp.get("/replies")
@requires(Permission.REPLY_READ)
def listing() -> Answer:
    """The answers that wait for somebody to look at them."""
    page = queries.waiting_replies(current_actor(), request.args.get("page"))
    return render_template("replies/listing.html", page=page, labels=labels)


@bp.get("/replies/<uuid:reply_id>")
@requires(Permission.REPLY_READ)
def show(reply_id: uuid.UUID) -> Answer:
    """One answer with what was written."""
    return _page(reply_id)


@bp.post("/replies/<uuid:reply_id>/take-over")
@requires(Permission.REPLY_DECIDE)
def take_over(reply_id: uuid.UUID) -> Answer:
    """Let a held answer count after all."""
    done = _("Overgenomen. De genodigde krijgt de vraag of dit klopt.")
    return _done(deciding.take_over, reply_id, done)


@bp.post("/replies/<uuid:reply_id>/put-aside")
@requires(Permission.REPLY_DECIDE)
def put_aside(reply_id: uuid.UUID) -> Answer:
    """Nothing more is to be done with it."""
    return _done(deciding.put_aside, reply_id, _("Afgehandeld."))


def _done(act: Callable[[Actor, uuid.UUID], None], reply_id: uuid.UUID, words: str) -> Answer:
    try:
        act(current_actor(), reply_id)
    except Refusal as refusal:
        return _page(reply_id, refusal=sentence_of(refusal), status=422)
    flash(words, "ok")
    return redirect(url_for(".listing"), 303)


def _page(reply_id: uuid.UUID, *, refusal: str = "", status: int = 200) -> Answer:
    page = queries.read_reply(current_actor(), reply_id)
    return render_template("replies/show.html", page=page, labels=labels, refusal=refusal), status
