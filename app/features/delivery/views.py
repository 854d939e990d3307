"""The pages about messages that did not arrive, and the mail log of a meeting."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.access import Permission
from app.access.messages import undelivered as access_undelivered
from app.domain.kinds import MailState
from app.features.delivery import queries, service
from app.web.guard import current_actor, requires

bp = Blueprint("delivery", __name__)

# By the first part of the kind that fits, in this order.
KINDS: dict[str, Any] = {
    "account.invite": _l("Link om in te loggen"),
    "account.welcome": _l("Link om in te loggen"),
    "account.recovery_codes": _l("Bericht over het account"),
    "account.recovery_used": _l("Bericht over het account"),
    "account.recover": _l("Link om in te loggen"),
    "account": _l("Bericht over het account"),
    "actions": _l("Herinnering aan acties"),
    "calendar.cancel": _l("Afzegging"),
    "calendar.series": _l("Vaste reeks in de agenda"),
    "calendar": _l("Uitnodiging in de agenda"),
    "emergency": _l("Noodtoegang"),
    "handovers": _l("Bericht over een overdracht"),
    "minutes": _l("Verslag"),
    "notices.asked": _l("Vraag om inbreng"),
    "notices.deadline": _l("Andere termijn voor inbreng"),
    "notices.input_deadline": _l("Andere termijn voor inbreng"),
    "notices.input": _l("Vraag om inbreng"),
    "notices.freed": _l("Deelname is vrij"),
    "notices.free": _l("Deelname is vrij"),
    "notices.seat": _l("Deelname is vrij"),
    "notices": _l("Stukken zijn open"),
    "plans": _l("Herinnering aan een evaluatie"),
    "referrals": _l("Bericht over een aanmelding"),
}
REASONS: dict[str, Any] = {
    "answer-lost": _l("De mailserver gaf geen antwoord. Misschien kwam het bericht toch aan."),
    "busy": _l("Een ander deel van Casustafel was er nog mee bezig."),
    "fault": _l("Er ging iets mis in Casustafel."),
    "folder": _l("De map voor berichten is niet te beschrijven."),
    "leak-place": _l("Tegengehouden: de plaats van het overleg noemt iets uit een casus."),
    "leak-subject": _l("Tegengehouden: het onderwerp noemt iets uit een casus."),
    "leak-file": _l("Tegengehouden: een bestandsnaam noemt iets uit een casus."),
    "lost": _l("Het versturen werd telkens afgebroken."),
    "unreachable": _l("De mailserver is niet bereikbaar."),
}
STATES: dict[MailState, Any] = {
    MailState.SENDING: _l("onderweg"),
    MailState.UNSURE: _l("niet zeker"),
    MailState.SENT: _l("verstuurd"),
    MailState.FAILED: _l("niet aangekomen"),
}
STATE_KINDS = {MailState.SENT: "ok", MailState.FAILED: "err", MailState.UNSURE: "warn"}


def kind_text(kind: str) -> str:
    """What a message was for."""
    return str(next((text for start, text in KINDS.items() if kind.startswith(start)), kind))


def reason_text(code: str) -> str:
    """Why it did not arrive. For a stopped message only the place is told, never the word."""
    if code in REASONS:
        return str(REASONS[code])
    what, _sign, rest = code.partition("-")
    if what == "leak":
        place, _sign, line = rest.partition("-")
        if place in {"text", "html"} and line:
            return str(_("Tegengehouden: regel %(line)s noemt iets uit een casus.", line=line))
        return str(_("Tegengehouden: %(place)s noemt iets uit een casus.", place=line or place))
    refused = {
        "recipient": _("De mailserver weigert dit adres (%(code)s).", code=rest),
        "message": _("De mailserver weigert het bericht (%(code)s).", code=rest),
        "server": _("De mailserver neemt niets aan (%(code)s).", code=rest),
    }
    return str(refused.get(what, code))


WORDS = {
    "kind_text": kind_text,
    "reason_text": reason_text,
    "states": STATES,
    "state_kinds": STATE_KINDS,
}


@bp.get("/admin/messages")
@requires(Permission.MAIL_MANAGE)
def undelivered() -> str:
    """Every message the post gave up, without case or meeting."""
    page = queries.all_given_up(request.args.get("page"))
    return render_template("delivery/undelivered.html", page=page, **WORDS)


@bp.post("/admin/messages/<uuid:message_id>/again")
@requires(Permission.MAIL_MANAGE)
def again(message_id: uuid.UUID) -> Response:
    """Try once more."""
    service.try_again(current_actor(), message_id)
    return _sent_again(url_for(".undelivered"))


@bp.post("/admin/messages/<uuid:message_id>/drop")
@requires(Permission.MAIL_MANAGE)
def drop(message_id: uuid.UUID) -> Response:
    """Let it lapse."""
    service.drop(current_actor(), message_id)
    return _dropped(url_for(".undelivered"))


@bp.get("/meetings/<uuid:meeting_id>/messages")
@requires(Permission.MEETING_READ)
def messages(meeting_id: uuid.UUID) -> str:
    """What was sent about a meeting, and what did not arrive."""
    asked, asked_given_up = request.args.get("page"), request.args.get("given_up")
    page = queries.read_messages(current_actor(), meeting_id, asked, asked_given_up)
    return render_template("delivery/messages.html", page=page, **WORDS)


@bp.post("/meetings/<uuid:meeting_id>/messages/<uuid:message_id>/again")
@requires(Permission.INVITATION_SEND)
def again_at_meeting(meeting_id: uuid.UUID, message_id: uuid.UUID) -> Response:
    """Try once more, by staff of the table."""
    service.try_again(current_actor(), message_id, load=service.at_meeting(meeting_id))
    return _sent_again(url_for(".messages", meeting_id=meeting_id))


@bp.post("/meetings/<uuid:meeting_id>/messages/<uuid:message_id>/drop")
@requires(Permission.INVITATION_SEND)
def drop_at_meeting(meeting_id: uuid.UUID, message_id: uuid.UUID) -> Response:
    """Let it lapse, by staff of the table."""
    service.drop(current_actor(), message_id, load=service.at_meeting(meeting_id))
    return _dropped(url_for(".messages", meeting_id=meeting_id))


@bp.get("/stopped-messages")
@requires(Permission.INVITATION_SEND)
def stopped() -> str:
    """What was stopped for what it says of a case, at every table served."""
    page = queries.all_stopped(current_actor(), request.args.get("page"))
    return render_template("delivery/stopped.html", page=page, **WORDS)


@bp.get("/unseen-messages")
@requires(Permission.MAIL_OVERSEE)
def unseen() -> str:
    """What was stopped and no staff may know of, for who can have somebody act."""
    rows = queries.all_unseen(current_actor())
    return render_template("delivery/unseen.html", rows=rows, kind_text=kind_text)


@bp.post("/stopped-messages/<uuid:message_id>/again")
@requires(Permission.INVITATION_SEND)
def again_stopped(message_id: uuid.UUID) -> Response:
    """Try once more; it is looked at anew."""
    service.try_again(current_actor(), message_id, load=access_undelivered.load_stopped)
    return _sent_again(url_for(".stopped"))


@bp.post("/stopped-messages/<uuid:message_id>/drop")
@requires(Permission.INVITATION_SEND)
def drop_stopped(message_id: uuid.UUID) -> Response:
    """Let it lapse."""
    service.drop(current_actor(), message_id, load=access_undelivered.load_stopped)
    return _dropped(url_for(".stopped"))


def _sent_again(back_to: str) -> Response:
    flash(_("Het bericht wordt opnieuw verstuurd."), "ok")
    return redirect(back_to, 303)


def _dropped(back_to: str) -> Response:
    flash(_("Het bericht is vervallen."), "ok")
    return redirect(back_to, 303)
