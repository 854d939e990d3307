"""The page of the access log: the privacy officer takes a copy out, after proving to be there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from itertools import islice
from typing import Final

from flask import Blueprint, Response, current_app, render_template
from flask_babel import gettext as _

from app.access import Permission
from app.access.logbook.export import Line
from app.features.logbook import queries
from app.features.logbook.forms import JSON, ExportForm
from app.web import stepping_up
from app.web.answers import Answer
from app.web.guard import current_actor, requires

bp = Blueprint("logbook", __name__)
LINES_AT_ONCE: Final = 1_000


@bp.route("/access-log", methods=["GET", "POST"])
@requires(Permission.LOG_EXPORT)
@stepping_up.own_proof
def export() -> Answer:
    """How far the log is sealed, and a copy of a stretch of it."""
    actor = current_actor()
    page = queries.log_page(actor)
    form = ExportForm(page.tables, days=page.days)
    lines: list[Iterator[Line]] = []

    def take() -> None:
        wanted = queries.wanted_of(form.to_command())
        stepping_up.use_up()
        lines.append(queries.begin_copy(actor, wanted))

    if form.does(take):
        return _file(lines[0], str(form.kind.data))
    proved = stepping_up.has_own_proof()
    shown = render_template("logbook/export.html", page=page, form=form, proved=proved)
    return shown, form.status


def _file(lines: Iterator[Line], kind: str) -> Response:
    """The copy, sent while it is read; the name says nothing about what was asked."""
    if kind == JSON:
        body, mimetype = queries.as_json(lines), "application/json"
    else:
        body, mimetype = queries.as_csv(_headings(), lines), "text/csv"
    answer = Response(_in_parts(body, current_app.app_context), mimetype=mimetype)
    answer.headers["Content-Disposition"] = f"attachment; filename=toegangslogboek.{kind}"
    return answer


def _in_parts(
    body: Iterator[bytes], context: Callable[[], AbstractContextManager[object]]
) -> Iterator[bytes]:
    """Read part by part, each in a context of its own: the request is over by then."""
    while True:
        with context():
            part = b"".join(islice(body, LINES_AT_ONCE))
        if not part:
            return
        yield part


def _headings() -> dict[str, str]:
    return {
        "number": _("Nummer"),
        "time": _("Tijdstip (UTC)"),
        "event": _("Gebeurtenis"),
        "outcome": _("Uitkomst"),
        "user_id": _("Gebruiker (id)"),
        "user_name": _("Gebruiker"),
        "organisation_id": _("Organisatie (id)"),
        "organisation": _("Organisatie"),
        "role": _("Rol"),
        "on_behalf_of_id": _("Namens (id)"),
        "on_behalf_of": _("Namens"),
        "on_behalf_of_organisation_id": _("Namens organisatie (id)"),
        "on_behalf_of_organisation": _("Namens organisatie"),
        "ground": _("Grond"),
        "object_kind": _("Soort object"),
        "object_id": _("Object (id)"),
        "table_id": _("Overlegtafel (id)"),
        "table": _("Overlegtafel"),
        "meeting_id": _("Overleg (id)"),
        "item_id": _("Bespreking (id)"),
        "case_id": _("Casus (id)"),
        "section_id": _("Rubriek (id)"),
        "reason": _("Reden"),
        "access_point": _("Toegangspunt (IP-adres)"),
        "source": _("Bron van de regel"),
    }
