"""Proving to be there by signing in anew at one's own organisation."""

from __future__ import annotations

from app.access import Actor, Permission
from app.domain.openid import ProviderRefusal
from app.features.accounts import provider_checks
from app.features.accounts.blueprint import bp
from app.features.accounts.half_proof_views import has_half
from app.features.accounts.provider_views import held_by_browser, onward, refused
from app.web import stepping_up
from app.web.answers import Answer
from app.web.guard import current_actor, requires
from app.web.redirects import next_path


def _offered(actor: Actor) -> str | None:
    known = provider_checks.own(actor.session_id) if actor.session_id else None
    return known.provider.name if known and not has_half(actor) else None


stepping_up.offer(stepping_up.Way("provider", "accounts/_prove_by_provider.html", _offered))


@bp.post("/step-up/organisation")
@requires(Permission.OWN_ACCOUNT)
def step_up_at_provider() -> Answer:
    """To the sign-in page of the organisation, which asks everything anew."""
    browser, held = held_by_browser()
    try:
        sent = provider_checks.ask_proof(current_actor(), browser=browser, onward=next_path() or "")
    except ProviderRefusal as refusal:
        return refused(refusal.fault, None)
    return onward(sent, held)
