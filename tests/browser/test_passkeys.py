"""A passkey in a real browser: made, alone at the door and to prove who is there, without a mouse.

Chromium brings a device of its own for this, spoken to over the DevTools protocol: it holds a key,
checks who touches it, and says so by itself.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import CDPSession, expect
from sqlalchemy import select

from app.domain.kinds import SignInMethod
from app.infra import wall
from app.infra.db import transaction
from app.models import Passkey, Person, WebSession
from tests import accounts, builders, databases
from tests.browser.keys import Keys
from tests.databases import MOSTLY_SQLITE

# What a laptop with a fingerprint reader is to Chromium.
BUILT_IN = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(params=MOSTLY_SQLITE)
def database(request):
    chosen = request.getfixturevalue(request.param)
    chosen.empty()
    return chosen


@pytest.fixture
def live_server(live_server, monkeypatch) -> Iterator[Any]:
    """The server under a name: a passkey is bound to one, and a number is none."""
    named = live_server.url.replace("127.0.0.1", "localhost")
    config = live_server.app.config
    monkeypatch.setattr(live_server, "url", named)
    monkeypatch.setitem(config, "SETTINGS", replace(config["SETTINGS"], base_url=named))
    with wall.acting_as(databases.TEST):
        yield live_server


@dataclass(slots=True)
class Device:
    """The browser's own device, and what it is told over the DevTools protocol."""

    protocol: CDPSession
    id: str

    def keys(self) -> list[dict[str, Any]]:
        """What it holds."""
        return self._said("WebAuthn.getCredentials")["credentials"]

    def knows_who_touches_it(self, is_so: bool) -> None:
        """Whether the finger is that of its owner."""
        self._said("WebAuthn.setUserVerified", isUserVerified=is_so)

    def _said(self, what: str, **more: Any) -> dict[str, Any]:
        return self.protocol.send(what, {"authenticatorId": self.id, **more})


@pytest.fixture
def named_windows(live_server) -> Iterator[list[Any]]:
    """The windows of the test: whoever takes one over afterwards comes by the number again."""
    made: list[Any] = []
    yield made
    for visitor in made:
        visitor.url = visitor.url.replace("localhost", "127.0.0.1")


@pytest.fixture
def window(live_server, named_windows, visit) -> Callable[..., Any]:
    """A window at the name of the server, signed in or a stranger's."""

    def opened(person_id: Any = None) -> Any:
        visitor = visit(person_id)
        visitor.url = live_server.url
        named_windows.append(visitor)
        return visitor

    return opened


@pytest.fixture
def who(live_server) -> Person:
    return accounts.enrolled(builders.organisation("POL"), name="P. Sleutel")


@pytest.fixture
def owner(window, who) -> Any:
    """The window of somebody who signed in by password and app."""
    return window(who.id)


@contextmanager
def carried(visitor: Any) -> Iterator[Device]:
    """The device of one window, for as long as it is needed."""
    protocol = visitor.page.context.new_cdp_session(visitor.page)
    protocol.send("WebAuthn.enable")
    made = protocol.send("WebAuthn.addVirtualAuthenticator", {"options": BUILT_IN})
    yield Device(protocol, made["authenticatorId"])
    protocol.send("WebAuthn.disable")
    protocol.detach()


@pytest.fixture
def device(owner) -> Iterator[Device]:
    with carried(owner) as made:
        yield made


def add_key(owner: Any, live_server: Any) -> Keys:
    keys = Keys(owner.go("/sessions"))
    keys.press_on("Bekijk of wijzig uw passkeys")
    keys.type_in("Naam", "laptop van het werk")
    keys.press_on("Toevoegen")
    expect(keys.page).to_have_url(f"{live_server.url}/passkeys")
    expect(keys.page.get_by_text("laptop van het werk").first).to_be_visible()
    return keys


def methods() -> list[SignInMethod]:
    """How who signed in did so, oldest first."""
    with transaction() as session:
        return list(session.scalars(select(WebSession.method).order_by(WebSession.created_at)))


def test_a_key_is_made_and_signs_in_alone_with_the_keyboard(
    live_server, owner, device, who, frozen_clock
) -> None:
    keys = add_key(owner, live_server)
    owner.assert_accessible()
    (held,) = device.keys()
    assert (held["rpId"], held["isResidentCredential"]) == ("localhost", True)
    frozen_clock.advance(timedelta(seconds=1))
    keys.press_on("Uitloggen")
    expect(keys.page).to_have_url(f"{live_server.url}/sign-in")

    keys = Keys(owner.go("/sign-in?next=/sessions"))
    keys.press_on("Inloggen met passkey")
    expect(keys.page).to_have_url(f"{live_server.url}/sessions")
    expect(keys.page.get_by_text("P. Sleutel").first).to_be_visible()
    assert methods() == [SignInMethod.PASSWORD, SignInMethod.PASSKEY]
    with transaction() as session:
        (key,) = session.scalars(select(Passkey))
        assert key.sign_count == device.keys()[0]["signCount"] > 0


def test_a_key_proves_who_is_there_with_the_keyboard(
    live_server, owner, device, frozen_clock
) -> None:
    add_key(owner, live_server)
    frozen_clock.advance(timedelta(minutes=6))
    keys = Keys(owner.go("/passkeys"))
    expect(keys.page.get_by_role("heading", name="Bent u het nog?")).to_be_visible()
    owner.assert_accessible()
    keys.press_on("Bevestig met uw passkey")
    expect(keys.page).to_have_url(f"{live_server.url}/passkeys")
    expect(keys.page.get_by_text("laptop van het werk").first).to_be_visible()


def test_a_finger_the_device_does_not_know_opens_nothing_and_says_so(
    live_server, owner, device, who
) -> None:
    keys = add_key(owner, live_server)
    keys.press_on("Uitloggen")
    device.knows_who_touches_it(False)
    keys = Keys(owner.go("/sign-in"))
    keys.reach("Inloggen met passkey", "button")
    keys.page.keyboard.press("Enter")
    failed = "Het is niet gelukt, of u hebt het afgebroken"
    expect(keys.page.get_by_role("status").filter(has_text=failed)).to_be_visible()
    expect(keys.page).to_have_url(f"{live_server.url}/sign-in")
    assert methods() == [SignInMethod.PASSWORD]


def test_the_second_step_after_the_password_is_a_key_with_the_keyboard(
    live_server, owner, device, who
) -> None:
    keys = add_key(owner, live_server)
    keys.press_on("Uitloggen")
    keys = Keys(owner.go("/sign-in?next=/sessions"))
    keys.type_in("E-mailadres", who.email)
    keys.type_in("Wachtwoord", accounts.PASSWORD)
    with keys.page.expect_navigation():
        keys.page.keyboard.press("Enter")
    keys.press_on("Andere manier: passkey")
    expect(keys.page).to_have_url(f"{live_server.url}/sessions")
    assert SignInMethod.PASSKEY in methods()


@pytest.mark.parametrize("after_a_password", [False, True])
def test_an_account_is_opened_by_a_key_with_the_keyboard(
    live_server, window, after_a_password
) -> None:
    """By the link of the invitation alone, or as second step instead of an app."""
    _who, token = accounts.invited(builders.organisation("POL"), name="I. Nieuw")
    stranger = window()
    with carried(stranger) as device:
        keys = Keys(stranger.go(f"/welcome/{token}"))
        if after_a_password:
            keys.type_in("Nieuw wachtwoord", accounts.PASSWORD)
            with keys.page.expect_navigation():
                keys.page.keyboard.press("Enter")
        expect(keys.page.get_by_role("heading", name="Of kies een passkey")).to_be_visible()
        stranger.assert_accessible()
        keys.type_in("Naam", "laptop van het werk")
        keys.press_on("Passkey maken")
        expect(keys.page.get_by_role("heading", name="Bewaar uw herstelcodes")).to_be_visible()
        assert device.keys()[0]["isResidentCredential"]
        keys.press_on("Ik heb ze bewaard, verder")
        keys = Keys(stranger.go("/passkeys"))
        expect(keys.page.get_by_text("laptop van het werk").first).to_be_visible()
        keys.press_on("Uitloggen")
        keys = Keys(stranger.go("/sign-in?next=/sessions"))
        keys.press_on("Inloggen met passkey")
        expect(keys.page).to_have_url(f"{live_server.url}/sessions")
    assert methods()[-1] is SignInMethod.PASSKEY
