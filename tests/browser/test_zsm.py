"""A ZSM line by keyboard only: what is pressed beyond the text itself is counted."""

import pytest
from playwright.sync_api import Page, expect

from app.models import AgendaItem, ItemOutcome
from tests.seats import all_of
from tests.zsm import zsm_world

MOST_KEYS = 20


@pytest.fixture
def world(live_server):
    return zsm_world()


class Keyboard:
    """Types; of what is not text every key counts."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def types(self, text: str) -> None:
        self.page.keyboard.insert_text(text)

    def presses(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1


def test_a_line_takes_at_most_twenty_keys_beyond_its_text(world, visit) -> None:
    visitor = visit(world.coordinator.id)
    page = visitor.go(world.today)
    for number in range(2):
        keys = Keyboard(page)
        expect(page.get_by_label("Nummer")).to_be_focused()
        keys.types(f"10-00000{number}-26")
        keys.presses("Tab")
        keys.types("Aanhouding na bedreiging van een ex-partner.")
        keys.presses("Tab")
        if number == 0:
            keys.presses("P")
        keys.presses("Tab", "A", "Tab")
        keys.types("Contactverbod als voorwaarde.")
        keys.presses("Enter")
        expect(page.locator(".day-list > li")).to_have_count(number + 1)
        assert keys.pressed <= MOST_KEYS
    assert len(all_of(AgendaItem)) == 2
    assert {one.code for one in all_of(ItemOutcome)} == {"advice-given"}
    assert page.evaluate("document.activeElement.id") == "number"
