"""The pages about readers: of everything one watches over, of one case, of the own sections."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import lazy_gettext as _l

from app.access import Audience, Permission
from app.access.oversight.why import Missing
from app.features.oversight import explaining, queries
from app.features.oversight.forms import WhyForm, search_of
from app.web import labels, sessions
from app.web.answers import Answer
from app.web.guard import current_actor, requires

bp = Blueprint("oversight", __name__)

# As they stand in the log; anything else there is shown as it stands.
EVENTS: dict[str, Any] = {
    "read": _l("gelezen"),
    "reveal-identity": _l("namen getoond"),
    "copy-print-export": _l("kopie gemaakt"),
    "emergency-procedure": _l("noodinzage"),
}
OBJECTS: dict[str, Any] = {
    "action": _l("actie"),
    "case": _l("casus"),
    "decision": _l("afspraak"),
    "emergency-reading": _l("casus"),
    "exclusion": _l("uitsluiting"),
    "input": _l("inbreng"),
    "question": _l("vraag aan het overleg"),
    "section": _l("rubriek"),
}
MISSING: dict[Missing, Any] = {
    Missing.NOT_ACTIVE: _l("het account is niet actief"),
    Missing.ADMINISTRATOR: _l("een beheerder ziet geen casus"),
    Missing.KEPT_OUT: _l("uitgesloten of teruggetrokken"),
    Missing.NO_GROUND: _l("geen deelname, taak of rol die dit opent"),
    Missing.OTHER_ORGANISATION: _l("hoort nu bij een andere organisatie"),
    Missing.SEAT_ENDED: _l("deelname is voorbij of nog niet begonnen"),
    Missing.OFF_AGENDA: _l("staat niet meer op deze agenda"),
    Missing.NO_COVENANT: _l("geen geldig convenant"),
    Missing.NOT_DISCLOSED: _l("niet verstrekt"),
    Missing.SOURCE_UNDECIDED: _l("de bron heeft nog niet beslist"),
    Missing.NOT_PUBLISHED: _l("stukken zijn nog niet opengesteld"),
    Missing.OUTSIDE_WINDOW: _l("buiten de inzageperiode"),
    Missing.NOT_ACCEPTED: _l("nog geen akkoord op de geheimhouding"),
    Missing.NOT_ANSWERED: _l("nog niet gezegd of iemand bekend is"),
    Missing.TASK_ENDED: _l("taak is voorbij of nog niet begonnen"),
    Missing.TASK_NOT_ACCEPTED: _l("taak nog niet aanvaard"),
    Missing.NOT_NAMED: _l("de taak noemt deze rubriek niet"),
}
WORDS = {"events": EVENTS, "objects": OBJECTS, "grounds": labels.GROUND, "odd": labels.ODD_READING}


def _asked() -> dict[str, str]:
    """What the address asks besides the page, for the links of the pager."""
    return {name: value for name, value in request.args.items() if name != "page" and value}


def _usual() -> int:
    """How many cases in an hour are nothing special."""
    return sessions.settings().alarm_cases_per_hour


def _shown(template: str, **more: Any) -> str:  # noqa: ANN401 - whatever the page needs
    actor = current_actor()
    return render_template(
        template,
        asked=_asked(),
        follows=actor.belongs_to(Audience.OVERSEER),
        serves=actor.is_staff,
        **WORDS,
        **more,
    )


@bp.get("/readers")
@requires(Permission.LOG_READ)
def log() -> Answer:
    """Who opened what, at everything the reader watches over."""
    form, search = search_of(request.args)
    page = queries.log_page(current_actor(), search, most_cases=_usual())
    return _shown("oversight/log.html", page=page, form=form, narrowed=search.is_narrowed)


@bp.get("/cases/<uuid:case_id>/readers")
@requires(Permission.LOG_READ)
def of_case(case_id: uuid.UUID) -> Answer:
    """Who opened what of one case."""
    form, search = search_of(request.args)
    page = queries.case_readers(current_actor(), case_id, search, most_cases=_usual())
    return _shown("oversight/case.html", page=page, form=form, narrowed=search.is_narrowed)


@bp.get("/cases/<uuid:case_id>/why")
@requires(Permission.WHY_READ)
def why(case_id: uuid.UUID) -> Answer:
    """Why somebody sees each section of a case, or does not."""
    page = explaining.why_page(current_actor(), case_id, request.args.get("person", ""))
    form = WhyForm(formdata=request.args)
    form.offer(page.people)
    return _shown(
        "oversight/why.html", page=page, form=form, missing=MISSING, regimes=labels.REGIME
    )


@bp.get("/my-readers")
@requires(Permission.OWN_READERS)
def own() -> Answer:
    """Who opened the sections of one's own organisation."""
    form, search = search_of(request.args)
    page = queries.own_readers(current_actor(), search, most_cases=_usual())
    return _shown("oversight/own.html", page=page, form=form, narrowed=search.is_narrowed)
