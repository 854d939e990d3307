"""The screen in the room, in a window of its own beside the worksheet."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from app.domain.kinds import PresenceState
from app.infra import clock
from app.models import AgendaItem, Meeting, RoomScreen, Seat
from tests import builders
from tests.live import change, stored

SENTENCE = "De gemeente voert de regie tot de volgende bespreking."
# Seconds. The best of two tries: the machine of a test has other things to do as well.
AT_ONCE = 1.0
TRIES = 2


@pytest.fixture
def world(live_server):
    made = builders.small_world(open_papers=True)
    change(Meeting, made.meeting.id, started_at=clock.now())
    for seat in (made.police_seat, made.care_seat):
        change(Seat, seat.id, presence=PresenceState.PRESENT)
    builders.decision(made.item, made.chair, SENTENCE, to=[made.police_seat])
    return made


@pytest.fixture
def chair(world, visit):
    """The worksheet of the chair."""
    visitor = visit(world.chair.id)
    visitor.go(f"/meetings/{world.meeting.id}/live?item={world.item.id}")
    return visitor


@pytest.fixture
def room(world, chair, visit):
    """The window in the room, paired with the code the chair reads out."""
    page = chair.go(f"/meetings/{world.meeting.id}/projection")
    page.get_by_role("button", name="Maak een code").click()
    code = page.locator("[data-code]").inner_text()
    window = visit()
    window.go("/projection").get_by_label("Code").fill(code)
    window.page.get_by_role("button", name="Toon het scherm").click()
    expect(window.page.get_by_role("heading", name=world.table.name)).to_be_visible()
    chair.go(f"/meetings/{world.meeting.id}/live?item={world.item.id}")
    return window


def shown(room) -> Page:
    """The window once it shows the case on the table."""
    room.page.locator("[data-left]").wait_for()
    return room.page


def seconds_until_dark(page: Page) -> float:
    began = time.monotonic()
    page.locator("[data-shown]").first.wait_for(state="detached")
    return time.monotonic() - began


def begin(chair) -> None:
    chair.page.get_by_role("button", name="Begin met bespreken").click()


def push(chair) -> None:
    chair.page.get_by_role("button", name="Zet op het scherm").first.click()


def test_25_the_source_of_the_projection_holds_no_name_number_or_sentence_that_was_not_pushed(
    world, chair, room
):
    empty = room.page.content()
    assert "data-shown" not in empty
    begin(chair)
    held = shown(room).content()
    secret = (
        world.case.reference, world.police.name, world.care.name, world.chair.name, SENTENCE,
        "Kanarie", "Moeder", builders.QUESTION, world.second_case.reference,
    )  # fmt: skip
    assert not [one for one in secret if one in held or one in empty]
    assert room.page.title() == "Projectie"
    assert room.page.url.endswith("/projection/screen")
    push(chair)
    expect(room.page.get_by_text(SENTENCE)).to_be_visible()
    assert not [one for one in secret if one in room.page.content() and one != SENTENCE]
    room.assert_accessible()


def test_26_f8_empties_the_screen_within_a_second_from_both_windows(world, chair, room):
    begin(chair)
    took: dict[str, list[float]] = {"room": [], "worksheet": []}
    for _again in range(TRIES):
        for where, window in (("room", room), ("worksheet", chair)):
            page = shown(room)
            window.page.keyboard.press("F8")
            took[where].append(seconds_until_dark(page))
            chair.page.reload()
            chair.page.get_by_role("button", name="Scherm aan").click()
    assert max(min(tries) for tries in took.values()) < AT_ONCE
    # And it stays so.
    shown(room).keyboard.press("F8")
    time.sleep(AT_ONCE)
    assert room.page.locator("[data-shown]").count() == 0


def test_26_finishing_a_case_darkens_the_room_before_the_next_shows_anywhere(world, chair, room):
    begin(chair)
    push(chair)
    page = shown(room)
    expect(page.get_by_text(SENTENCE)).to_be_visible()
    chair.page.get_by_role("button", name=re.compile("Bespreking afronden")).click()
    expect(chair.page.get_by_text("Wie verlaat het overleg?").first).to_be_visible()
    page.locator("[data-shown]").first.wait_for(state="detached")
    assert SENTENCE not in page.content()
    chair.page.get_by_role("button", name="Ga verder").click()
    next_one = re.compile(world.second_case.reference)
    expect(chair.page.get_by_role("heading", name=next_one)).to_be_visible()
    assert page.locator("[data-shown]").count() == 0


def test_a_window_that_hears_nothing_goes_dark_by_itself(world, chair, room):
    begin(chair)
    page = shown(room)
    page.context.set_offline(True)
    began = time.monotonic()
    page.locator("[data-shown]").first.wait_for(state="detached")
    assert 4 < time.monotonic() - began < 7
    page.context.set_offline(False)
    shown(room)
    room.complaints.clear()


def test_an_answer_about_another_item_is_never_mixed_into_the_page(world, chair):
    """What is typed goes to the item whose head is above it: else the page is left."""
    change(AgendaItem, world.second_item.id, opened_at=clock.now())
    page = chair.page
    shown = page.locator("[data-capture]")
    assert str(world.item.id) in shown.get_attribute("action")
    for form in page.locator("#zaal form").all():
        form.evaluate("(one) => { one.action = one.action.split('?')[0]; }")
    page.keyboard.press("F8")
    expect(page.locator("h1")).to_contain_text(world.second_case.reference)
    expect(shown).to_have_attribute("action", re.compile(str(world.second_item.id)))


def test_f8_on_another_live_page_darkens_the_room_and_leaves_what_is_typed(world, chair):
    change(AgendaItem, world.item.id, opened_at=clock.now())
    builders.save(
        RoomScreen(
            meeting_id=world.meeting.id, item_id=world.item.id, is_blank=False,
            changed_at=clock.now(),
        )
    )  # fmt: skip
    made = builders.decision(world.item, world.chair, SENTENCE, to=[world.police_seat])
    page = chair.go(f"/decisions/{made.id}/edit")
    page.get_by_label("Wat is de afspraak?").fill("Half af")
    with page.expect_popup() as sheet:
        page.keyboard.press("F8")
    expect(sheet.value.locator("#zaal").get_by_text("Scherm leeg").first).to_be_visible()
    assert stored(RoomScreen, world.meeting.id).is_blank
    expect(page.get_by_label("Wat is de afspraak?")).to_have_value("Half af")
