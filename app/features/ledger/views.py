"""The pages of the ledger: organisations by name, and one of them with how old its actions are."""

from __future__ import annotations

import uuid

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.access import Permission
from app.domain import charts
from app.domain.charts import Amount, Chart, Plan
from app.domain.promises import Age, Kept
from app.features.ledger import queries
from app.features.ledger.queries import LedgerPage, Row
from app.web.answers import Answer
from app.web.guard import current_actor, requires
from app.web.report_words import period

bp = Blueprint("ledger", __name__)

KEPT = {
    Kept.IN_TIME: _l("op tijd afgerond"),
    Kept.LATE: _l("later afgerond"),
    Kept.SILENT: _l("termijn voorbij, niets gehoord"),
    Kept.NOT_POSSIBLE: _l("niet uitvoerbaar"),
    Kept.NOT_DONE: _l("niet uitgevoerd"),
    Kept.LAPSED: _l("vervallen"),
    Kept.RUNNING: _l("loopt nog"),
}
AGE = {
    Age.NOT_YET: _l("nog niet"),
    Age.TO_5: _l("1–5 werkdagen"),
    Age.TO_10: _l("6–10 werkdagen"),
    Age.TO_20: _l("11–20 werkdagen"),
    Age.MORE: _l("meer dan 20 werkdagen"),
}


@bp.get("/ledger")
@requires(Permission.LEDGER_READ)
def listing() -> Answer:
    """The organisations at a table served, by name; who serves none sees the own organisation."""
    actor = current_actor()
    if not actor.is_staff:
        return _organisation(queries.of_organisation(actor, actor.organisation_id))
    page = queries.of_table(actor, request.args.get("table", None, type=uuid.UUID))
    return render_template("ledger/listing.html", page=page, kept=KEPT)


@bp.get("/ledger/<uuid:organisation_id>")
@requires(Permission.LEDGER_READ)
def organisation(organisation_id: uuid.UUID) -> Answer:
    """One organisation at every table the reader may see it at."""
    return _organisation(queries.of_organisation(current_actor(), organisation_id))


def _organisation(page: LedgerPage) -> Answer:
    drawn = [(row, _ages(row, place)) for place, row in enumerate(page.rows) if row.has_ages]
    past = [KEPT[one] for one in queries.PAST]
    return render_template(
        "ledger/organisation.html", page=page, drawn=drawn, kept=KEPT, past=past, period=period
    )


def _ages(row: Row, place: int) -> Chart:
    """How old what is unfinished is; a small number has no bar."""
    plan = Plan(
        f"ages-{place}",
        str(_("%(table)s: openstaande acties naar termijn", table=row.part.table)),
        (str(_("Termijn voorbij")), str(_("Aantal"))),
    )
    return charts.bars(
        plan,
        [
            Amount(str(AGE[age]), one.words, one.length)
            for age, one in zip(Age, row.ages, strict=True)
        ],
    )
