"""A provider that is set up for an organisation, and what visitors do with it."""

import uuid
from typing import Any

from sqlalchemy import select

from app.access.administration.providers import secret_binding
from app.infra import clock, crypto, openid
from app.infra.db import reading
from app.models import AuditEvent, IdentityProvider, LinkedIdentity, Organisation, Person
from tests import builders
from tests.openid_provider import CLIENT_ID, CLIENT_SECRET, Provider

STRONG = "phishing-resistant"


def set_up(at: Provider, of: Organisation, **more: Any) -> IdentityProvider:
    """The provider as an administrator would have added it; the second factor there counts."""
    openid.forget()
    provider_id = uuid.uuid4()
    sealed = crypto.seal(crypto.ACCOUNTS, CLIENT_SECRET, belongs_to=secret_binding(provider_id))
    right = {
        "name": "Politie", "issuer": at.issuer, "client_id": CLIENT_ID, "client_secret_ct": sealed,
        "domains": "politie.example", "second_factors": f"mfa {STRONG}", "made_at": clock.now(),
    }  # fmt: skip
    return builders.save(IdentityProvider(id=provider_id, organisation_id=of.id, **(right | more)))


def linked(
    who: Person, to: IdentityProvider, subject: str = "sub-1", **more: Any
) -> LinkedIdentity:
    """Somebody who signed in there before."""
    return builders.save(
        LinkedIdentity(
            provider_id=to.id, subject=subject, person_id=who.id, linked_at=clock.now(), **more
        )
    )


def right(**more: Any) -> dict[str, Any]:
    """What a provider is told to say at the clock of the test: that the second factor was used."""
    claims = {"acr": STRONG, **more.pop("claims", {})}
    return {"now": clock.now().timestamp(), "claims": claims, **more}


def sent_to(client: Any, email: str = "a.devries@politie.example", *, path: str = "/sign-in/organisation") -> str:  # fmt: skip
    """Where the sign-in page sends somebody with this address."""
    answer = client.fill(path, {"email": email})
    assert answer.status_code == 200, client.last.text
    return address_in(answer)


def address_in(answer: Any) -> str:
    """Where a page that leads on leads to."""
    assert "Refresh" in answer.headers, answer.text
    return answer.headers["Refresh"].removeprefix("0; url=")


def sign_in(client: Any, at: Provider, **more: Any) -> Any:
    """There and back; gives the answer to what came back."""
    return client.get(at.back_at(sent_to(client, **more)))


def faults() -> list[str]:
    """Why somebody did not get in, as the log has it, oldest first."""
    failed = select(AuditEvent.outcome).where(
        AuditEvent.event == "sign-in-failed", AuditEvent.object_kind == "identity-provider"
    )
    with reading() as session:
        return list(session.scalars(failed.order_by(AuditEvent.id)))
