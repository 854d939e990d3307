"""Whom the provider of the organisation signs out is refused at the very next request here."""

from datetime import timedelta

import pytest

from tests import builders, providers
from tests.providers import address_in, right, sign_in
from tests.trials import answers_as_to_nobody


@pytest.fixture
def world(app):
    return builders.small_world()


@pytest.fixture
def inside(client, server, world):
    """The police, who came by the provider a moment ago."""
    domain = world.police.email.partition("@")[2]
    server.says(**right())
    provider = providers.set_up(server, world.police_organisation, domains=domain)
    providers.linked(world.police, provider)
    assert sign_in(client, server, email=world.police.email).status_code == 303
    client.provider_id = provider.id
    return client


def test_after_the_word_of_the_provider_every_address_answers_as_to_nobody(  # noqa: PLR0917 - fixtures, by name
    app, inside, new_client, server, world, deep
):
    def ends():
        told = {"logout_token": server.logout_token()}
        path = f"/sign-in/provider/{inside.provider_id}/signed-out"
        assert new_client().post(path, data=told).status_code == 200

    answers_as_to_nobody(app, world, inside, new_client(), ends, deep=deep)


def test_after_the_provider_knows_nobody_any_more_every_address_answers_as_to_nobody(  # noqa: PLR0917 - fixtures, by name
    app, inside, new_client, server, world, frozen_clock, deep
):
    """Asked within the hour; the page that asked is refused, and every one after it."""

    def ends():
        for _ in range(6):
            frozen_clock.advance(timedelta(minutes=10))
            inside.get("/keys")
        server.says(**right(error="login_required"))
        due = inside.get("/sessions")
        assert due.location.startswith("/sign-in/again?next=")
        answer = inside.get(server.back_at(address_in(inside.get(due.location))))
        assert answer.status_code == 403

    answers_as_to_nobody(app, world, inside, new_client(), ends, deep=deep)
