"""From the mailbox of the demo to the preparation page, as three people see it in a browser."""

from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from app.infra import clock, outbox
from app.infra.calendar_queue import queue_calendar
from app.infra.db import transaction
from config import Mode
from tests import builders


@pytest.fixture
def invited(live_server, monkeypatch):
    """A table in the demo, its invitations sent."""
    settings = live_server.app.config["SETTINGS"]
    monkeypatch.setitem(live_server.app.config, "SETTINGS", replace(settings, mode=Mode.DEMO))
    world = builders.small_world()
    with transaction() as session:
        queue_calendar(session, world.meeting.id, [world.police.id])
    outbox.drain()
    clock._current.advance(timedelta(minutes=2))
    outbox.drain()
    return world


def test_an_answer_from_the_mailbox_shows_in_the_preparation(invited, visit) -> None:
    police, coordinator = visit(invited.police.id), visit(invited.coordinator.id)
    page = police.go("/demo/mail")
    page.get_by_role("link", name="Uitnodiging overleg").first.click()
    page.get_by_role("button", name="Afwijzen").click()
    expect(page.get_by_text("Beantwoord, zoals een agendaprogramma dat doet.")).to_be_visible()

    seen = coordinator.go(f"/meetings/{invited.meeting.id}/invitations")
    missed = seen.locator("#afgezegd")
    expect(missed).to_contain_text("A. Yilmaz")
    expect(missed).to_contain_text("1 van 2 deelnemers komen.")
    missed.get_by_role("link", name="Wijs vervanger aan").click()
    expect(seen.get_by_role("heading", level=1)).to_contain_text("Politie")

    clock._current.advance(timedelta(minutes=1))
    page.get_by_role("button", name="Accepteren").click()
    seen = coordinator.go(f"/meetings/{invited.meeting.id}/invitations")
    expect(seen.locator("#afgezegd")).to_have_count(0)
    expect(seen.get_by_text("per e-mail").first).to_be_visible()
    for visitor in (police, coordinator):
        visitor.assert_content()
