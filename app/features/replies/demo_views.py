"""Answering an invitation from the demo mailbox, through the same door as real mail."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.access import Permission
from app.domain.errors import NotVisible
from app.features.replies.blueprint import bp
from app.features.replies.service import receive
from app.infra import demo_reply, ics, mailbox
from app.web.guard import requires
from app.web.sessions import settings
from config import Mode


@bp.post("/demo/mail/<name>/answer")
@requires(Permission.MAILBOX_DEMO)
def answer_demo(name: str) -> Response:
    """Send back what a calendar program would."""
    folder = settings().mail_folder
    if settings().mode is not Mode.DEMO or folder is None:
        raise NotVisible
    mail = mailbox.read_mail(folder, name)
    answer = request.form.get("answer", "")
    if mail is None or mail.calendar_method != "REQUEST" or answer not in demo_reply.ANSWERS:
        raise NotVisible
    raw = demo_reply.write_reply(mail, ics.read_event(mail.calendar), answer)
    receive(raw, authserv_id=demo_reply.AUTHSERV_ID)
    flash(_("Beantwoord, zoals een agendaprogramma dat doet."), "ok")
    return redirect(url_for("calendar.mail", name=name), 303)
