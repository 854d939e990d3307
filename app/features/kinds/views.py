"""The pages of the kinds of case table: all, one with its history, and a change of one part."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from wtforms import SelectChoice  # type: ignore[attr-defined]  # newer than the published types

from app.access import Permission
from app.domain.errors import NotVisible
from app.domain.kind_changes import KindPart
from app.domain.kind_document import Words
from app.domain.kinds import OrganisationKind
from app.domain.local_time import local_date
from app.features.kinds import queries, service
from app.features.kinds.forms import NewKindForm, PartForm
from app.features.kinds.line_forms import form_for
from app.infra import clock
from app.web import kind_words as words
from app.web import labels
from app.web.answers import Answer
from app.web.formats import date_short
from app.web.guard import current_actor, requires
from app.web.i18n import language

bp = Blueprint("kinds", __name__)


@bp.get("/admin/kinds")
@requires(Permission.TABLE_MANAGE)
def listing() -> str:
    """All kinds as they hold now."""
    return render_template("kinds/listing.html", rows=queries.list_kinds())


@bp.route("/admin/kinds/new", methods=["GET", "POST"])
@requires(Permission.TABLE_MANAGE)
def add() -> Answer:
    """Add a kind that begins as a copy of another."""
    form = NewKindForm(data={"like": request.args.get("like", "")})
    names = queries.kind_names()
    choices = [SelectChoice(code, name.of(language())) for code, name in names.items()]
    form.like.choices = [SelectChoice("", _("Kies")), *choices]
    made: list[str] = []
    if form.does(lambda: made.append(_add(form))):
        flash(_("De soort is toegevoegd. Loop de onderdelen na."), "ok")
        return redirect(url_for("kinds.kind", kind_code=made[0]), code=303)
    return render_template("kinds/new.html", form=form), form.status


def _add(form: NewKindForm) -> str:
    name = Words(form.name_nl.data or "", form.name_en.data or "")
    return service.add_kind(current_actor(), name, like=form.like.data)


@bp.get("/admin/kinds/<kind_code>")
@requires(Permission.TABLE_MANAGE)
def kind(kind_code: str) -> str:
    """One kind in plain words, as it holds now or as an earlier or planned version says."""
    page = queries.kind_page(kind_code, request.args.get("version", type=int))
    return render_template(
        "kinds/kind.html",
        page=page,
        document=page.document,
        words=words,
        labels=labels,
        parts=KindPart,
    )


@bp.route("/admin/kinds/<kind_code>/change/<part>", methods=["GET", "POST"])
@requires(Permission.TABLE_MANAGE)
def change(kind_code: str, part: str) -> Answer:
    """Change one part from a day on."""
    if part not in set(KindPart):
        raise NotVisible
    stored = queries.kind_to_change(kind_code)
    form = form_for(KindPart(part), stored.document, _partner(), number=stored.number)
    if not form.is_submitted():
        form.from_on.data = f"{_first_day(stored):%d-%m-%Y}"
    since: list[datetime] = []
    if form.does(lambda: since.append(_change(kind_code, form))):
        day = date_short(since[0], language())
        flash(_("De wijziging geldt vanaf %(day)s.", day=day), "ok")
        return redirect(url_for("kinds.kind", kind_code=kind_code), code=303)
    page = render_template(
        "kinds/change.html", form=form, page=stored, part=KindPart(part), words=words, labels=labels
    )
    return page, form.status


@bp.post("/admin/kinds/<kind_code>/withdraw")
@requires(Permission.TABLE_MANAGE)
def withdraw(kind_code: str) -> Answer:
    """Let the newest version never hold, as its day has not come."""
    version = request.args.get("version", 0, type=int)
    service.withdraw_planned(current_actor(), kind_code, version=version)
    flash(_("De geplande wijziging is ingetrokken: er verandert niets."), "ok")
    return redirect(url_for("kinds.kind", kind_code=kind_code), code=303)


def _change(kind_code: str, form: PartForm) -> datetime:
    assert form.from_on.parsed is not None  # noqa: S101 - the field is needed
    return service.change_kind(
        current_actor(),
        kind_code,
        form.read,
        from_on=form.from_on.parsed,
        version=form.known_version - 1,
    )


def _first_day(stored: queries.KindToChange) -> datetime:
    """Today, or the day of the change that is planned already."""
    now = clock.now()
    first = max(now, stored.from_at or now)
    return datetime.combine(local_date(first), datetime.min.time())


def _partner() -> OrganisationKind:
    """Whose standard disclosures are asked for."""
    asked = request.args.get("partner", "")
    known = asked in set(OrganisationKind)
    return OrganisationKind(asked) if known else OrganisationKind.VEILIG_THUIS
