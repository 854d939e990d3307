"""The pages of the room for the sign-in pages of partners."""

from __future__ import annotations

import uuid
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.access import Permission
from app.domain.errors import Refusal
from app.domain.openid import ProviderFault
from app.features.providers import queries, service, trying
from app.features.providers.forms import NewProviderForm, ProviderForm
from app.features.providers.trying import Missing, Trial
from app.infra.outward import OutwardFault
from app.web.answers import Answer
from app.web.errors import sentence_of
from app.web.guard import current_actor, requires
from app.web.stepping_up import fresh

bp = Blueprint("providers", __name__)

FAULTS: Final = {
    OutwardFault.CERTIFICATE: _l("Het certificaat van de server klopt niet."),
    OutwardFault.INSIDE: _l(
        "De naam leidt naar een intern adres. Zulke adressen worden nooit opgevraagd."
    ),
    OutwardFault.NAME: _l("De naam van de server bestaat niet. Staat het adres goed?"),
    OutwardFault.NOT_HTTPS: _l("Het adres begint niet met https."),
    OutwardFault.NO_JSON: _l("Op het adres staat iets anders dan de gegevens van een inlogpagina."),
    OutwardFault.SENDS_ON: _l("De server stuurt door naar een ander adres. Vul dat adres zelf in."),
    OutwardFault.SILENT: _l("De server antwoordt niet. Mag Casustafel daar naartoe?"),
    OutwardFault.STATUS: _l("Op het adres is niets te vinden. Staat het adres goed?"),
    OutwardFault.TOO_LONG: _l("Het antwoord is te lang."),
    OutwardFault.TOO_SLOW: _l("Het antwoord duurt te lang."),
    ProviderFault.ISSUER: _l(
        "De inlogpagina noemt zich anders dan het adres hier. Elk teken telt, ook een schuine "
        "streep aan het eind."
    ),
    ProviderFault.UNUSABLE: _l("Er ontbreken adressen of openbare sleutels (RSA of EC)."),
}
MISSING: Final = {
    Missing.CLIENT_ID: _l("Er is nog geen client-id ingevuld: zolang logt niemand hier in."),
    Missing.FACTORS: _l(
        "Geen waarde van acr of amr telt. Na de inlogpagina vraagt Casustafel dus zelf een code."
    ),
    Missing.LOGOUT: _l(
        "De inlogpagina zegt niet dat zij uitloggen doorgeeft. Dan wordt elk uur gevraagd of "
        "iemand er nog is."
    ),
    Missing.PKCE: _l("De inlogpagina zegt niet dat zij PKCE met S256 kent. Vraag dat na."),
}


@bp.get("/admin/providers")
@requires(Permission.PROVIDER_MANAGE)
def listing() -> str:
    """All sign-in pages."""
    page = queries.list_providers(request.args.get("page"))
    return render_template("providers/listing.html", page=page)


@bp.route("/admin/providers/new", methods=["GET", "POST"])
@requires(Permission.PROVIDER_MANAGE)
@fresh
def add() -> Answer:
    """Add a sign-in page; the addresses to hand over show once it is there."""
    form = NewProviderForm()
    form.organisation.choices = [("", _("Kies een organisatie")), *queries.organisation_choices()]
    if form.validate_on_submit():
        try:
            provider_id = service.add_provider(
                current_actor(), form.organisation_id, form.issuer.data or "", form.to_command()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("De inlogpagina is toegevoegd."), "ok")
            return redirect(url_for(".edit", provider_id=provider_id), code=303)
    return render_template("providers/add.html", form=form), form.status


@bp.route("/admin/providers/<uuid:provider_id>", methods=["GET", "POST"])
@requires(Permission.PROVIDER_MANAGE)
@fresh
def edit(provider_id: uuid.UUID) -> Answer:
    """One sign-in page: what to hand over, what to fill in, and who is linked."""
    stored = queries.provider_page(current_actor(), provider_id, request.args.get("page"))
    form = ProviderForm(obj=stored)
    if form.does(
        lambda: service.change_provider(
            current_actor(), provider_id, form.to_command(), version=form.known_version
        )
    ):
        flash(_("De wijziging is opgeslagen."), "ok")
        return redirect(url_for(".edit", provider_id=provider_id), code=303)
    return _page(stored, form), form.status


@bp.post("/admin/providers/<uuid:provider_id>/try")
@requires(Permission.PROVIDER_MANAGE)
@fresh
def try_out(provider_id: uuid.UUID) -> Answer:
    """Fetch what the sign-in page publishes and say what is wrong with it."""
    trial = trying.try_out(current_actor(), provider_id)
    stored = queries.provider_page(current_actor(), provider_id, None)
    return _page(stored, ProviderForm(formdata=None, obj=stored), trial=trial)


@bp.post("/admin/providers/<uuid:provider_id>/end")
@requires(Permission.PROVIDER_MANAGE)
@fresh
def end(provider_id: uuid.UUID) -> Answer:
    """Nobody signs in there from now on."""
    return _set_in_use(provider_id, in_use=False)


@bp.post("/admin/providers/<uuid:provider_id>/reopen")
@requires(Permission.PROVIDER_MANAGE)
@fresh
def reopen(provider_id: uuid.UUID) -> Answer:
    """Take a sign-in page into use again."""
    return _set_in_use(provider_id, in_use=True)


def _set_in_use(provider_id: uuid.UUID, *, in_use: bool) -> Answer:
    try:
        service.set_in_use(current_actor(), provider_id, in_use=in_use)
    except Refusal as refusal:
        return _refused(provider_id, refusal)
    flash(_("De wijziging is opgeslagen."), "ok")
    return redirect(url_for(".edit", provider_id=provider_id), code=303)


@bp.post("/admin/providers/<uuid:provider_id>/links/<uuid:link_id>/end")
@requires(Permission.PROVIDER_MANAGE)
@fresh
def end_link(provider_id: uuid.UUID, link_id: uuid.UUID) -> Answer:
    """Somebody's identity there counts no more, until another is linked or this one restored."""
    return _set_link(provider_id, link_id, in_use=False)


@bp.post("/admin/providers/<uuid:provider_id>/links/<uuid:link_id>/restore")
@requires(Permission.PROVIDER_MANAGE)
@fresh
def restore_link(provider_id: uuid.UUID, link_id: uuid.UUID) -> Answer:
    """Somebody's identity there counts again."""
    return _set_link(provider_id, link_id, in_use=True)


def _set_link(provider_id: uuid.UUID, link_id: uuid.UUID, *, in_use: bool) -> Answer:
    try:
        service.set_link(current_actor(), provider_id, link_id, in_use=in_use)
    except Refusal as refusal:
        return _refused(provider_id, refusal)
    flash(_("De wijziging is opgeslagen. Wie het betreft, krijgt bericht."), "ok")
    return redirect(url_for(".edit", provider_id=provider_id), code=303)


def _refused(provider_id: uuid.UUID, refusal: Refusal) -> Answer:
    stored = queries.provider_page(current_actor(), provider_id, None)
    form = ProviderForm(formdata=None, obj=stored)
    return _page(stored, form, refusal=sentence_of(refusal)), 422


def _page(
    stored: queries.ProviderPage,
    form: ProviderForm,
    *,
    trial: Trial | None = None,
    refusal: str = "",
) -> str:
    return render_template(
        "providers/edit.html",
        page=stored,
        form=form,
        trial=trial,
        fault=FAULTS.get(trial.fault) if trial and trial.fault else None,
        missing=[MISSING[one] for one in trial.missing] if trial else [],
        refusal=refusal,
    )
