"""Is it up: for load balancers. And how the parts are, for the functional administrator."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _

from app.access import Permission
from app.features.health import work
from app.infra import clock
from app.web.guard import anonymous, requires
from app.web.sessions import settings

bp = Blueprint("health", __name__)


@bp.get("/health")
@anonymous
def alive() -> Response:
    """That this process answers, and nothing else: no database is asked, nobody is recognised."""
    return Response("ok\n", mimetype="text/plain", headers={"Cache-Control": "no-store"})


@bp.get("/admin/installation")
@requires(Permission.MAIL_MANAGE)
def installation() -> str:
    """When each part last worked; numbers and moments, no message."""
    seen = work.look()
    return render_template("health/installation.html", page=seen, parts=_parts(seen))


def _parts(seen: work.Work) -> list[dict[str, object]]:
    of = seen.messages
    has_mailbox = settings().imap_host is not None
    waits_long = work.is_late(of.oldest_ready_at or clock.now(), work.READY_WITHIN)
    return [
        _part(
            _("Achtergrondwerk"),
            seen.worker_at,
            is_late=work.is_late(seen.worker_at, work.WORKER_WITHIN),
            todo=_("Zo gaat er geen bericht uit. Vraag uw systeembeheerder het te starten."),
        ),
        _part(
            _("Laatste bericht verstuurd"),
            of.sent_at,
            is_late=waits_long,
            todo=_("Er wachten berichten. Vraag uw systeembeheerder naar de mailserver te kijken."),
        ),
        _part(
            _("Antwoorden uit de postbus gehaald"),
            seen.mailbox_at,
            is_late=has_mailbox and work.is_late(seen.mailbox_at, work.WORKER_WITHIN),
            todo=_("Antwoorden op uitnodigingen blijven liggen zolang dit niet lukt."),
            is_unused=not has_mailbox,
        ),
        _part(
            _("Logboek verzegeld"),
            seen.sealed_at,
            is_late=work.is_late(seen.sealed_at, work.SEALED_WITHIN),
            todo=_("Dit hoort elk uur te gebeuren."),
        ),
        _part(
            _("Reservekopie van de gegevens"),
            seen.data_backup_at,
            is_late=work.is_late(seen.data_backup_at, work.BACKUP_WITHIN),
            todo=_("Dit hoort elke dag te gebeuren."),
        ),
        _part(
            _("Reservekopie van de sleutels"),
            seen.key_backup_at,
            is_late=work.is_late(seen.key_backup_at, work.BACKUP_WITHIN),
            todo=_("Dit hoort elke dag: zonder de sleutels is geen tekst meer te lezen."),
        ),
    ]


def _part(
    name: str, at: datetime | None, *, is_late: bool, todo: str, is_unused: bool = False
) -> dict[str, object]:
    return {
        "name": name,
        "at": at,
        "is_late": is_late,
        "is_unused": is_unused,
        "todo": todo if is_late else "",
    }
