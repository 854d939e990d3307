"""One provider process for all tests of this folder, and somebody of its organisation."""

import pytest

from app.infra import openid
from tests import builders, providers
from tests.openid_provider import running


@pytest.fixture(scope="session")
def server():
    with running() as made:
        yield made


@pytest.fixture
def police(app):
    return builders.organisation("POL")


@pytest.fixture
def provider(server, police):
    """Set up for the police; it says what is right."""
    server.says(**providers.right())
    return providers.set_up(server, police)


@pytest.fixture
def anna(police):
    return builders.person(police, "A. de Vries", email="a.devries@politie.example")


@pytest.fixture(autouse=True)
def nothing_kept():
    """What a provider publishes is kept in the process: each test fetches anew."""
    openid.forget()
    yield
    openid.forget()
