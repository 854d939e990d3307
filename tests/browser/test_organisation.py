"""Signing in at one's own organisation in a real browser, with the keyboard alone."""

import pytest
from playwright.sync_api import expect

from app.infra import openid
from tests import builders, providers
from tests.browser.keys import Keys
from tests.openid_provider import running
from tests.providers import right


@pytest.fixture
def server(live_server):
    openid.forget()
    with running() as made:
        yield made
    openid.forget()


def test_there_and_back_with_the_keyboard(live_server, visit, server) -> None:
    police = builders.organisation("POL")
    anna = builders.person(police, "A. de Vries", email="a.devries@politie.example")
    providers.linked(anna, providers.set_up(server, police))
    server.says(**right(asks=True))
    visitor = visit()
    keys = Keys(visitor.go("/sign-in?next=/sessions"))
    page = keys.page

    keys.press_on("Inloggen met uw organisatie")
    visitor.assert_accessible()
    keys.reach("E-mailadres")
    page.keyboard.type("a.devries@politie.example")
    page.keyboard.press("Enter")
    # A page of ours leads on by itself; there somebody presses the button of the organisation.
    expect(page.get_by_role("heading", name="Inloggen bij de politie")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live_server.url}/sessions")
    expect(page.get_by_text("A. de Vries").first).to_be_visible()

    # The window went to the organisation, and nowhere else.
    elsewhere = [one for one in visitor.complaints if one.startswith("asked for ")]
    assert elsewhere
    assert all(one.startswith(f"asked for {server.issuer}/") for one in elsewhere)
    visitor.complaints[:] = [one for one in visitor.complaints if one not in elsewhere]
