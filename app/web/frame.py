"""What the frame around every page needs: menu, who is signed in, language, theme, session end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, g, request, url_for
from flask_babel import gettext as _

from app.access import Actor
from app.access.permissions import Audience
from app.infra import clock
from app.web.i18n import language
from app.web.sessions import seconds_left, settings
from config import Mode

# Rooms without a menu entry of their own belong to that of another.
SAME_PLACE = {
    "access_requests": "cases",
    "agenda": "meetings",
    "case_life": "cases",
    "chasing": "actions",
    "configuration": "tables",
    "delivery": "meetings",
    "emergency": "oversight",
    "exports": "actions",
    "handovers": "cases",
    "health": "delivery",
    "history": "tables",
    "interventions": "cases",
    "ledger": "actions",
    "live": "meetings",
    "logbook": "oversight",
    "minutes": "meetings",
    "papers": "meetings",
    "projection": "meetings",
    "referrals": "triage",
    "replies": "meetings",
    "reports": "meetings",
    "retention": "cases",
    "screening": "cases",
    "series": "meetings",
    "tasks": "cases",
    "zsm": "meetings",
}


# What the log calls a page that is printed; every other is just a page.
PRINTED = {
    "actions.board": "printed-actions",
    "actions.mine": "printed-actions",
    "meetings.show": "printed-agenda",
    "minutes.extract": "printed-minutes",
    "minutes.overview": "printed-minutes",
    "minutes.preview": "printed-minutes",
    "seats.meeting": "printed-agenda",
}
OTHER_PAGE = "printed-page"


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the main menu."""

    label: str
    url: str
    current: bool


def install(app: Flask) -> None:
    """Hand the frame to every template."""
    app.context_processor(_frame)


def _frame() -> dict[str, Any]:
    actor: Actor | None = g.get("actor")
    frame: dict[str, Any] = {
        "language": language(),
        "language_url": url_for("accounts.language"),
        "theme_url": url_for("accounts.theme"),
        "home_url": url_for("home.start"),
        "theme": actor.theme if actor else request.cookies.get("theme", ""),
        "demo": settings().mode is Mode.DEMO,
        "nav": [],
    }
    if actor is not None:
        known = g.known_session
        frame |= {
            "nav": _menu(actor),
            "watch_tabs": _watch_tabs(actor),
            "who": {"name": actor.name, "role": _role(actor)},
            "sign_out_url": url_for("accounts.sign_out"),
            "session_seconds": seconds_left(known),
            "session_url": url_for("accounts.stay"),
            "printed": {
                "url": url_for("papers.printed"),
                "page": PRINTED.get(request.endpoint or "", OTHER_PAGE),
                "meeting": (request.view_args or {}).get("meeting_id", ""),
                "at": clock.now(),
            },
            "footer_links": [
                {"label": _("Waar u bent ingelogd"), "url": url_for("accounts.sessions")},
                {"label": _("Toetsen"), "url": url_for("home.keys")},
                *_demo_links(),
            ],
        }
    return frame


def _demo_links() -> list[dict[str, str]]:
    """The mailbox exists in the demo only."""
    if settings().mode is not Mode.DEMO:
        return []
    return [{"label": _("Postbus van de voorbeeldomgeving"), "url": url_for("calendar.mails")}]


def _role(actor: Actor) -> str:
    if actor.is_administrator:
        return str(_("functioneel beheerder"))
    if actor.chair_table_ids:
        return str(_("voorzitter"))
    if actor.is_staff:
        return str(_("procesregisseur"))
    if actor.is_privacy_officer:
        return str(_("privacy officer"))
    if actor.is_supervisor:
        return str(_("FG"))
    return actor.organisation_name


def _watch_tabs(actor: Actor) -> list[NavItem]:
    """The pages about who opened what, for who has more than one of them."""
    entries = (
        (Audience.LOG_READER, _("Wie opende wat"), "oversight.log"),
        (Audience.OVERSEER, _("Geopend in nood"), "emergency.followed"),
        (Audience.EMERGENCY, _("Noodtoegang"), "emergency.start"),
        (Audience.PRIVACY_OFFICER, _("Toegangslogboek"), "logbook.export"),
        (Audience.PRIVACY_OFFICER, _("Wie werkt er nog"), "recertification.rounds"),
    )
    found = [
        NavItem(label, url_for(endpoint), endpoint == request.endpoint)
        for audience, label, endpoint in entries
        if actor.belongs_to(audience)
    ]
    return found if len(found) > 1 else []


def _menu(actor: Actor) -> list[NavItem]:
    entries = [(_("Start"), "home.start")]
    if actor.is_administrator:
        entries += [
            (_("Organisaties"), "organisations.listing"),
            (_("Mensen"), "people.listing"),
            (_("Overleggen"), "tables.listing"),
            (_("Ruimten"), "rooms.listing"),
            (_("Inlezen"), "imports.partners"),
            (_("Bewaren"), "retention.office"),
            (_("Berichten"), "delivery.undelivered"),
        ]
    elif actor.is_staff:
        entries += [
            (_("Overleggen"), "meetings.listing"),
            (_("Aanmeldingen"), "triage.listing"),
            (_("Casussen"), "cases.listing"),
            (_("Acties"), "actions.board"),
            (_("Antwoorden"), "replies.listing"),
        ]
    else:
        entries += [
            (_("Mijn overleggen"), "seats.meetings"),
            (_("Mijn acties"), "actions.mine"),
        ]
        if actor.may_refer:
            entries.append((_("Aanmeldingen"), "referrals.listing"))
    if not actor.is_administrator and actor.belongs_to(Audience.OVERSEER):
        confirms = actor.belongs_to(Audience.CONFIRMER)
        label = _("Te bevestigen") if confirms else _("Wijzigingen")
        entries.append((label, "people.changes"))
        if not actor.is_staff:
            entries.append((_("Cijfers"), "reports.show"))
            entries.append((_("Bewaren"), "retention.overview"))
            entries.append((_("Inzageverzoeken"), "access_requests.listing"))
    if actor.belongs_to(Audience.LOG_READER):
        entries.append((_("Inzage"), "oversight.log"))
    elif actor.belongs_to(Audience.EMERGENCY):
        entries.append((_("Noodtoegang"), "emergency.start"))
    room = (request.endpoint or "").split(".")[0]
    own = {endpoint.split(".")[0] for _label, endpoint in entries}
    here = room if room in own else SAME_PLACE.get(room, room)
    return [
        NavItem(label, url_for(endpoint), endpoint.split(".")[0] == here)
        for label, endpoint in entries
    ]
