"""Signing in at one's own organisation: its answer, the hourly question, its word of leaving."""

from __future__ import annotations

import secrets
import uuid
from functools import partial
from typing import Final

from flask import Response, g, jsonify, make_response, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse
from wtforms import StringField

from app.access import Actor
from app.access.administration.providers import ByProvider
from app.access.throttling import Counted, count_try
from app.domain import throttle
from app.domain.errors import NotVisible, Refusal
from app.domain.kinds import CeremonyPurpose
from app.domain.openid import ProviderFault, ProviderRefusal
from app.features.accounts import half_proofs, provider_checks, provider_sign_in
from app.features.accounts.blueprint import bp
from app.features.accounts.forms import LONGEST_EMAIL
from app.features.accounts.half_proof_views import note_half
from app.features.accounts.provider_sign_in import Answered, Question, Sent, Stages
from app.features.accounts.sign_in_views import address, agent, with_session
from app.web import sessions, stepping_up
from app.web.answers import Answer
from app.web.forms import BaseForm, at_most, needed
from app.web.guard import anonymous, public
from app.web.redirects import local_path, next_or_home, next_path

LONGEST_STATE: Final = 200
STAGES: Final = Stages(
    full=sessions.STAGE_FULL, code=sessions.STAGE_PASSWORD, enrol=sessions.STAGE_ENROL
)
NEXT_STEP: Final = {
    sessions.STAGE_PASSWORD: "accounts.code",
    sessions.STAGE_ENROL: "accounts.enrol",
}
SENTENCES: Final = {
    ProviderFault.ANOTHER: _l(
        "Uw organisatie kent u nu onder een ander kenmerk dan eerst. Uit voorzorg is er niet "
        "ingelogd. Uw functioneel beheerder beëindigt de oude koppeling; daarna kunt u weer."
    ),
    ProviderFault.BROWSER: _l(
        "Dit antwoord hoort bij een andere browser of een ander venster. Begin hier opnieuw."
    ),
    ProviderFault.DENIED: _l("Uw organisatie heeft u niet ingelogd. Probeer het opnieuw."),
    ProviderFault.ENDED: _l(
        "De koppeling van uw account met uw organisatie is beëindigd. Vraag uw functioneel "
        "beheerder om haar te herstellen."
    ),
    ProviderFault.LEFT: _l(
        "Uw organisatie meldt dat u daar niet meer bent ingelogd. Daarom bent u hier ook uitgelogd."
    ),
    ProviderFault.NO_ACCOUNT: _l(
        "Voor u is hier geen account. Vraag uw functioneel beheerder om een uitnodiging op het "
        "adres dat uw organisatie van u kent."
    ),
    ProviderFault.OLD_PROOF: _l("Uw organisatie heeft u niet opnieuw laten inloggen."),
    ProviderFault.ONE_FACTOR: _l(
        "Uw organisatie vroeg geen tweede stap. Bewijs op een andere manier dat u het bent."
    ),
    ProviderFault.STATE: _l(
        "Dit antwoord is al gebruikt, of er is hier niet om gevraagd. Begin hier opnieuw."
    ),
    ProviderFault.UNCONFIRMED: _l(
        "Uw organisatie bevestigt uw e-mailadres niet. Uw eigen helpdesk kan dat instellen."
    ),
    ProviderFault.UNREACHABLE: _l(
        "De inlogpagina van uw organisatie antwoordt niet. Probeer het over een paar minuten "
        "opnieuw."
    ),
}
OTHERWISE = _l("Het antwoord van uw organisatie klopt niet. Er is niet ingelogd.")


class OrganisationForm(BaseForm):
    """The address that says which organisation one belongs to."""

    email = StringField(_l("E-mailadres"), [needed(), at_most(LONGEST_EMAIL)])


@bp.route("/sign-in/organisation", methods=["GET", "POST"])
@public
def organisation() -> Answer:
    """To the sign-in page of one's own organisation, by the domain of the address alone."""
    if g.actor is not None:
        return redirect(next_or_home(), code=303)
    form = OrganisationForm()
    if form.validate_on_submit():
        browser, held = held_by_browser()
        question = Question(
            purpose=CeremonyPurpose.SIGN_IN, browser=browser, onward=next_path() or ""
        )
        try:
            sent = provider_sign_in.send_for(form.email.data or "", question)
        except ProviderRefusal as refusal:
            return refused(refusal.fault, None)
        if sent is not None:
            return onward(sent, held)
        form.email.errors = [
            _("Van dit adres kennen wij geen inlogpagina. Log in met uw wachtwoord.")
        ]
    page = render_template("accounts/organisation.html", form=form, next_path=next_path() or "")
    return page, 422 if form.errors else 200


def _cookie_name() -> str:
    return "__Host-casustafel-asked" if sessions.is_secure() else "casustafel-asked"


def held_by_browser() -> tuple[str, str]:
    """What binds a question to this browser: its hash, and what the browser holds."""
    held = request.cookies.get(_cookie_name()) or secrets.token_urlsafe(32)
    return sessions.hash_token(held), held


def onward(sent: Sent, held: str) -> Response:
    """A page that leads on by itself: a form may not, by the content policy, end up elsewhere."""
    response = make_response(render_template("accounts/onward.html", sent=sent))
    response.headers["Refresh"] = f"0; url={sent.address}"
    response.set_cookie(
        _cookie_name(), held, secure=sessions.is_secure(), httponly=True, samesite="Lax", path="/"
    )
    return response


@bp.get("/sign-in/provider/<uuid:provider_id>/answer")
@public
def provider_answer(provider_id: uuid.UUID) -> Answer:
    """What the organisation answers, once, to the browser that asked."""
    browser, _held = held_by_browser()
    try:
        answered = provider_sign_in.take_answer(
            provider_id, request.args.get("state", "")[:LONGEST_STATE], browser
        )
    except ProviderRefusal as refusal:
        return refused(refusal.fault, provider_id)
    try:
        return _answer_to(answered)
    except ProviderRefusal as refusal:
        return refused(refusal.fault, provider_id)


def _answer_to(answered: Answered) -> BaseResponse:
    if answered.question.purpose is CeremonyPurpose.RECHECK:
        return _still_there(answered)
    if answered.question.purpose is CeremonyPurpose.STEP_UP:
        return _proved(answered)
    identity = provider_sign_in.identity_of(answered, request.args)
    signed = provider_sign_in.sign_in(
        answered, identity, stages=STAGES, address=address(), open_by=_open_by
    )
    to = local_path(answered.question.onward)
    if signed.stage in NEXT_STEP:
        return with_session(url_for(NEXT_STEP[signed.stage], next=to), signed.token)
    return with_session(to or url_for("home.start"), signed.token)


def _open_by(session: Session, person_id: uuid.UUID, *, stage: str, by: ByProvider) -> str:
    return sessions.start(session, person_id, stage=stage, address=address(), agent=agent(), by=by)


def _still_there(answered: Answered) -> BaseResponse:
    """The hourly question was answered: on with the page, or the session is over."""
    try:
        identity = provider_sign_in.identity_of(answered, request.args)
    except ProviderRefusal as refusal:
        if refusal.fault is not ProviderFault.DENIED or g.actor is None:
            raise
        provider_checks.end_session(g.actor, answered.provider.id)
        raise ProviderRefusal(ProviderFault.LEFT) from None
    provider_checks.still_there(g.actor, answered, identity)
    return redirect(local_path(answered.question.onward) or url_for("home.start"), code=303)


def _proved(answered: Answered) -> BaseResponse:
    """Somebody signed in there anew, for what only the person behind the screen may do."""
    identity = provider_sign_in.identity_of(answered, request.args, anew=True)
    actor: Actor | None = g.actor
    note = partial(stepping_up.note_proof, by="provider")
    to = local_path(answered.question.onward)
    try:
        provider_checks.prove(actor, answered, identity, note=note)
    except ProviderRefusal as refusal:
        half = refusal.fault is ProviderFault.ONE_FACTOR
        if actor is None or not half or not half_proofs.can_be_made_whole(actor):
            raise
        note_half(actor)
        return redirect(url_for("accounts.step_up", next=to), code=303)
    return redirect(to or url_for("home.start"), code=303)


@bp.get("/sign-in/again")
@public
def ask_again() -> Answer:
    """Ask the organisation, without a page of its own, whether somebody is still there."""
    known: sessions.KnownSession | None = g.known_session
    if g.actor is None or known is None or not known.ask_provider:
        return redirect(next_or_home(), code=303)
    browser, held = held_by_browser()
    try:
        sent = provider_checks.ask_again(g.actor, browser=browser, onward=next_path() or "")
    except ProviderRefusal as refusal:
        return refused(refusal.fault, None)
    return onward(sent, held)


@bp.post("/sign-in/provider/<uuid:provider_id>/signed-out")
@anonymous
def provider_signed_out(provider_id: uuid.UUID) -> Answer:
    """A provider's own word that somebody is signed out (OpenID Connect Back-Channel Logout)."""
    try:
        provider_checks.take_in(provider_id, request.form.get("logout_token", ""))
    except (ProviderRefusal, NotVisible) as refusal:
        fault = refusal.fault if isinstance(refusal, ProviderRefusal) else ProviderFault.TOKEN
    else:
        return Response(status=200, mimetype="application/json", response="{}")
    try:
        _count(f"logout:{address()}")
    except Refusal:
        return _logout_refused("temporarily_unavailable", "", status=429)
    return _logout_refused("invalid_request", fault.value, status=400)


def _logout_refused(error: str, description: str, *, status: int) -> Response:
    response = jsonify(error=error, error_description=description)
    response.status_code = status
    return response


@bp.record_once
def _own_proof(setup: BlueprintSetupState) -> None:
    """A provider holds no form token: what it sends is signed."""
    setup.app.extensions["csrf"].exempt(provider_signed_out)


def _count(key: str) -> None:
    """Count a try from outside against its address; Refusal TOO_MANY_TRIES."""
    count_try((Counted(throttle.SIGN_IN_ADDRESS, key, forgiven=False),))


def refused(fault: ProviderFault, provider_id: uuid.UUID | None) -> Answer:
    """Say what was wrong; noted in the log, unless somebody tries without end."""
    try:
        _count(f"provider:{address()}")
    except Refusal:
        return _refused_page(fault), 429
    provider_sign_in.record_failure(provider_id, fault, address=address())
    return _refused_page(fault), 502 if fault is ProviderFault.UNREACHABLE else 403


def _refused_page(fault: ProviderFault) -> str:
    return render_template(
        "accounts/provider_refused.html",
        sentence=SENTENCES.get(fault, OTHERWISE),
        word=fault.value,
        with_word=fault not in SENTENCES,
        signed_in=g.actor is not None and fault is not ProviderFault.LEFT,
    )
