"""The own slot as a calendar file, and the demo mailbox."""

from __future__ import annotations

import uuid
from pathlib import Path

from flask import Response, render_template

from app.access import Permission
from app.domain.errors import NotVisible
from app.features.calendar import (
    feed_views,  # noqa: F401 - they hang their pages on bp
    queries,
)
from app.features.calendar.blueprint import bp
from app.infra.mail import ATTACHMENT_NAME
from app.web.guard import current_actor, requires
from app.web.sessions import settings
from config import Mode


@bp.get("/my-meetings/<uuid:meeting_id>/calendar/<uuid:invitation_id>.ics")
@requires(Permission.OWN_MEETING)
def own_slot(meeting_id: uuid.UUID, invitation_id: uuid.UUID) -> Response:
    """The own, live entry of one stretch; the same file name for everybody."""
    data = queries.own_slot_file(current_actor(), meeting_id, invitation_id)
    answer = Response(data, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{ATTACHMENT_NAME}"'
    return answer


@bp.get("/demo/mail")
@requires(Permission.MAILBOX_DEMO)
def mails() -> str:
    """Every mail of the demo region."""
    return render_template("calendar/mails.html", mails=queries.demo_mails(_demo_folder()))


@bp.get("/demo/mail/<name>")
@requires(Permission.MAILBOX_DEMO)
def mail(name: str) -> str:
    """One mail with its calendar part."""
    page = queries.demo_mail(_demo_folder(), name)
    if page is None:
        raise NotVisible
    return render_template("calendar/mail.html", page=page)


def _demo_folder() -> Path:
    """Where the demo keeps its mail; there is no such page outside the demo."""
    folder = settings().mail_folder
    if settings().mode is not Mode.DEMO or folder is None:
        raise NotVisible
    return folder


# It adds its routes to bp.
