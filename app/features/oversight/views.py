"""The pages about readers: of everything one watches over, of one case, of the own sections."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.access import Audience, Permission
from app.access.oversight.why import Missing
from app.features.oversight import explaining, queries, searches
from app.features.oversight.forms import SearchForm, WhyForm, search_of
from app.features.oversight.queries import Search
from app.features.oversight.searches import Looked
from app.web import labels, searched, sessions
from app.web.answers import Answer
from app.web.guard import current_actor, requires

bp = Blueprint("oversight", __name__)

# As they stand in the log; anything else there is shown as it stands.
EVENTS: dict[str, Any] = {
    "read": _l("gelezen"),
    "reveal-identity": _l("namen getoond"),
    "copy-print-export": _l("kopie gemaakt"),
    "emergency-procedure": _l("noodtoegang"),
}
OBJECTS: dict[str, Any] = {
    "action": _l("actie"),
    "case": _l("casus"),
    "configuration": _l("inrichting van de regio"),
    "chased-action": _l("actie van de eigen organisatie, neutrale tekst"),
    "decision": _l("afspraak"),
    "emergency-reading": _l("casus"),
    "exclusion": _l("uitsluiting"),
    "input": _l("inbreng"),
    "note": _l("notitie"),
    "question": _l("vraag aan het overleg"),
    "referral": _l("aanmelding"),
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
    Missing.NOT_TAKEN_UP: _l("nog niet aan de orde, of niet aanwezig gemeld"),
    Missing.NOT_ACCEPTED: _l("nog geen akkoord op de geheimhouding"),
    Missing.NOT_ANSWERED: _l("nog niet gezegd of iemand bekend is"),
    Missing.TASK_ENDED: _l("taak is voorbij of nog niet begonnen"),
    Missing.TASK_NOT_ACCEPTED: _l("taak nog niet aanvaard"),
    Missing.NOT_NAMED: _l("de taak noemt deze rubriek niet"),
}
WORDS = {"events": EVENTS, "objects": OBJECTS, "grounds": labels.GROUND, "odd": labels.ODD_READING}


def _asked() -> dict[str, str]:
    """What the address asks besides the page, for the links of the pager: ids only."""
    return {name: request.args[name] for name in ("search", "section") if request.args.get(name)}


def _search(kind: str) -> tuple[SearchForm, Search]:
    """What was looked for: kept under the id in the address, or the section a link names."""
    asked = searched.asked(kind) or {"section": request.args.get("section", "")}
    return search_of(MultiDict(asked), request.args.get("page"))


def _keep(kind: str, case_id: uuid.UUID | None = None) -> uuid.UUID:
    """Keep what was typed; nothing of it stands in the address of what is found."""
    _form, search = search_of(request.form, None)
    looked = Looked(kind=kind, case_id=case_id, reference=search.reference)
    return searches.keep(current_actor(), looked, request.form)


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
    form, search = _search("readers")
    page = queries.log_page(current_actor(), search, most_cases=_usual())
    return _shown("oversight/log.html", page=page, form=form, narrowed=search.is_narrowed)


@bp.post("/readers")
@requires(Permission.LOG_READ)
def search_log() -> Response:
    """Look for a person, a case or a period in it."""
    return redirect(url_for(".log", search=_keep("readers")), 303)


@bp.get("/cases/<uuid:case_id>/readers")
@requires(Permission.LOG_READ)
def of_case(case_id: uuid.UUID) -> Answer:
    """Who opened what of one case."""
    form, search = _search("case-readers")
    page = queries.case_readers(current_actor(), case_id, search, most_cases=_usual())
    return _shown("oversight/case.html", page=page, form=form, narrowed=search.is_narrowed)


@bp.post("/cases/<uuid:case_id>/readers")
@requires(Permission.LOG_READ)
def search_of_case(case_id: uuid.UUID) -> Response:
    """Look for a person or a period in that."""
    search_id = _keep("case-readers", case_id)
    return redirect(url_for(".of_case", case_id=case_id, search=search_id), 303)


@bp.get("/cases/<uuid:case_id>/why")
@requires(Permission.WHY_READ)
def why(case_id: uuid.UUID) -> Answer:
    """Why somebody sees each section of a case, or does not."""
    page = explaining.why_page(current_actor(), case_id, request.args.get("person", ""))
    form = WhyForm(formdata=request.args)
    form.offer(page.people)
    return _shown(
        "oversight/why.html",
        page=page,
        form=form,
        missing=MISSING,
        regimes=labels.REGIME,
        concerned=labels.CONCERNED_ROLE,
    )


@bp.get("/my-readers")
@requires(Permission.OWN_READERS)
def own() -> Answer:
    """Who opened the sections of one's own organisation."""
    form, search = _search("own-readers")
    page = queries.own_readers(current_actor(), search, most_cases=_usual())
    return _shown("oversight/own.html", page=page, form=form, narrowed=search.is_narrowed)


@bp.post("/my-readers")
@requires(Permission.OWN_READERS)
def search_own() -> Response:
    """Look for a person, a case or a period in that."""
    return redirect(url_for(".own", search=_keep("own-readers")), 303)
