"""The pages of the room for imports: choose a file, look at what it comes to, load it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.access import Actor, Permission
from app.domain.errors import Refusal
from app.features.imports import uploads
from app.features.imports.cases import load_cases, own_tables, preview_cases
from app.features.imports.forms import EFFECT, ConfirmForm, UploadForm
from app.features.imports.partners import all_tables, load_partners, preview_partners
from app.features.imports.preview import Does, Preview
from app.infra.sheets import SheetError
from app.web import import_labels
from app.web.answers import Answer
from app.web.guard import current_actor, requires
from app.web.stepping_up import fresh

bp = Blueprint("imports", __name__)

# Good rows beyond these are counted, not listed; bad rows are all named.
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of import: its pages, what it reads with, and where one goes afterwards."""

    name: str
    title: Any
    columns: str
    preview: Callable[[Actor, bytes], Preview]
    load: Callable[[Actor, bytes], Preview]
    tables: Callable[[Actor], tuple[str, ...]]
    after: str


PARTNERS = Kind(
    "partners",
    _l("Ketenpartners inlezen"),
    "Organisatie, Afkorting, Soort, Naam, Functie, E-mailadres, Telefoon, Tafels, "
    "Convenant vanaf, Convenant tot, Opmerking",
    preview_partners,
    load_partners,
    all_tables,
    "organisations.listing",
)
CASES = Kind(
    "cases",
    _l("Casussen inlezen"),
    "Zaaknummer, Tafel, Aangemeld door, Datum aanmelding, Kanaal, Vraag aan de tafel, Huishouden, "
    "Kinderen, Gezin geïnformeerd, Spoed, Status",
    preview_cases,
    load_cases,
    own_tables,
    "cases.listing",
)


@bp.route("/imports/partners", methods=["GET", "POST"])
@requires(Permission.IMPORT_PARTNERS)
@fresh
def partners() -> Answer:
    """Choose a list of partners and look at what it comes to."""
    return _upload(PARTNERS)


@bp.post("/imports/partners/load")
@requires(Permission.IMPORT_PARTNERS)
@fresh
def load_partner_list() -> Answer:
    """Load the list that was looked at."""
    return _load(PARTNERS)


@bp.route("/imports/cases", methods=["GET", "POST"])
@requires(Permission.IMPORT_CASES)
def cases() -> Answer:
    """Choose a list of cases and look at what it comes to."""
    return _upload(CASES)


@bp.post("/imports/cases/load")
@requires(Permission.IMPORT_CASES)
def load_case_list() -> Answer:
    """Load the list that was looked at."""
    return _load(CASES)


def _upload(kind: Kind) -> Answer:
    form, actor = UploadForm(), current_actor()
    if form.validate_on_submit():
        data = form.file.data.read()
        try:
            page = kind.preview(actor, data)
        except SheetError as error:
            form.file.errors = [import_labels.SHEET[error.reason]]
        else:
            if not page.missing_columns:
                uploads.keep(actor.person_id, kind.name, data)
                return _preview(kind, page, ConfirmForm(formdata=None, digest=page.digest))
            names = ", ".join(page.missing_columns)
            form.file.errors = [_("In het bestand ontbreken de kolommen %(names)s.", names=names)]
    return _page(kind, form), 422 if form.errors else 200


def _page(kind: Kind, form: UploadForm) -> str:
    tables = kind.tables(current_actor())
    return render_template("imports/upload.html", form=form, kind=kind, tables=tables)


def _preview(kind: Kind, page: Preview, form: ConfirmForm) -> str:
    return render_template(
        "imports/preview.html", page=page, form=form, kind=kind, does=_does,
        sentence=import_labels.sentence,
        shown=MOST_SHOWN,
    )  # fmt: skip


def _does(one: Does) -> str:
    return str(EFFECT[one.effect]) % {"table": one.about}


def _load(kind: Kind) -> Answer:
    form, actor = ConfirmForm(), current_actor()
    upload = UploadForm(formdata=None)
    if form.validate_on_submit():
        try:
            data = uploads.take(actor.person_id, kind.name, form.digest.data or "")
            loaded = len(kind.load(actor, data).new)
        except Refusal as refusal:
            upload.refuse(refusal)
        else:
            uploads.forget(actor.person_id, kind.name)
            words = ngettext(
                "Er is %(num)s rij ingelezen.", "Er zijn %(num)s rijen ingelezen.", loaded
            )
            flash(words, "ok")
            return redirect(url_for(kind.after), 303)
    return _page(kind, upload), 422
