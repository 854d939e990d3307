"""A proposed order of the agenda, taken over and taken back with the keyboard alone."""

from datetime import timedelta

from playwright.sync_api import expect

from app.infra import calendar_queue
from tests import builders
from tests.browser.keys import Keys


def test_the_chair_takes_a_proposal_over_and_back(live_server, visit, monkeypatch) -> None:
    monkeypatch.setattr(calendar_queue._Waiting, "delay", timedelta(seconds=30))
    world = builders.small_world()
    third = builders.item(
        world.meeting, builders.case(world.table, world.host), after=world.second_item
    )
    builders.seat(third, world.police_organisation, world.police)
    keys = Keys(visit(world.chair.id).go(f"/meetings/{world.meeting.id}"))
    page = keys.page
    order = page.locator("#agenda-list [data-item] .title > :first-child")
    before = order.all_inner_texts()

    keys.press_on("Volgorde voorstellen")
    expect(page.get_by_text("samen wachten nu 20 min, in het voorstel 0 min")).to_be_visible()
    keys.press_on("Laat zo")
    assert order.all_inner_texts() == before

    keys.press_on("Volgorde voorstellen")
    keys.press_on("Deze volgorde overnemen")
    assert order.all_inner_texts() == [before[1], before[0], before[2]]
    keys.press_on("Ongedaan maken")
    assert order.all_inner_texts() == before
