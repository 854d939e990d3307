"""Who came by an organisation proves to be there by signing in anew at it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.infra.db import reading
from app.models import AuditEvent
from tests import builders, providers
from tests.providers import address_in, faults, right, sign_in

LATER = timedelta(minutes=6)
# A page that asks who is there when that was long ago.
ASKS = "/admin/providers/new"


@pytest.fixture
def inside(client, server, police, provider, frozen_clock):
    """An administrator who came by the provider six minutes ago."""
    office = builders.person(police, email="a.devries@politie.example", is_administrator=True)
    providers.linked(office, provider)
    assert sign_in(client, server).status_code == 303
    assert client.get(ASKS).status_code == 200
    frozen_clock.advance(LATER)
    server.says(**right())
    return client


def prove(client, server):
    """By the page that asks it; gives the answer to what came back."""
    asked = client.get(ASKS)
    assert asked.location.startswith("/step-up?next=")
    client.page(asked.location)
    assert "U kwam binnen via Politie" in client.last.text
    address = address_in(client.fill(asked.location, action="/step-up/organisation"))
    assert "prompt=login" in address
    assert "max_age=0" in address
    return client.get(server.back_at(address))


def test_signing_in_there_anew_opens_what_was_asked(inside, server):
    assert prove(inside, server).location == ASKS
    assert inside.get(ASKS).status_code == 200
    with reading() as session:
        kinds = session.scalars(select(AuditEvent.object_kind)).all()
    assert "step-up-provider" in kinds


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ({"claims": {"auth_time": 1_000_000_000}}, "old-proof"),
        ({"claims": {"auth_time": None}}, "old-proof"),
        ({"claims": {"acr": "password"}}, "one-factor"),
        ({"sub": "sub-2"}, "other-person"),
        ({"error": "access_denied"}, "denied"),
    ],
)
def test_what_proves_nothing_opens_nothing(inside, server, told, fault):
    server.says(**right(**told))

    assert prove(inside, server).status_code == 403
    assert faults() == [fault]
    assert inside.get(ASKS).location.startswith("/step-up?")
    # Whoever is signed in stays so.
    assert inside.get("/keys").status_code == 200


def test_who_came_by_password_is_not_offered_it(client, police, provider, frozen_clock):
    office = builders.person(police, email="a.devries@politie.example", is_administrator=True)
    providers.linked(office, provider)
    client.sign_in(office.id)
    frozen_clock.advance(LATER)
    client.page(client.get(ASKS).location)

    assert "U kwam binnen via" not in client.last.text
    assert client.send("/step-up/organisation").status_code == 404
