"""A coordinator clears what is late with the keyboard alone: found, ticked, checked, changed."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from app.infra import clock
from tests import builders
from tests.browser.keys import Keys


@pytest.fixture
def world(live_server) -> builders.World:
    made = builders.small_world(open_papers=True)
    late = clock.today() - timedelta(days=3)
    for safe in ("Rooster doorgeven", "Plan bijwerken"):
        builders.action(
            made.item, made.police_organisation, made.police, made.chair, safe=safe, due_on=late
        )
    return made


def test_a_coordinator_clears_late(world, visit) -> None:
    keys = Keys(visit(world.coordinator.id).go("/"))
    page = keys.page
    keys.press_on("2 acties zijn te laat")
    expect(page.get_by_text("3 dagen te laat").first).to_be_visible()
    keys.press_on("Kies alles op deze bladzijde")
    keys.press_on("Wijzig termijn")
    keys.type_in("Nieuwe termijn", f"{clock.today() + timedelta(days=7):%d-%m-%Y}")
    keys.press_on("Wijzig termijn")
    expect(page.get_by_text("2 gewijzigd.")).to_be_visible()
    expect(page.get_by_text("Geen actie past bij deze filters.")).to_be_visible()
