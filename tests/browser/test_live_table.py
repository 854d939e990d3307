"""A live table with four people at once and the window in the room: chair, secretary, two partners.

Each test has the number of its point in the list of what has to hold. Points 12, 18, 20 and 21 are
in test_capture.py, 25 and 26 in test_projection.py, 13, 19 and 34 in test_worksheet.py, 37 in
test_print.py, 11 in test_watching.py, 17 in test_order.py.
"""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from app.domain.kinds import PresenceState
from app.infra import clock, outbox
from app.models import (
    AgendaItem,
    AuditEvent,
    Bystander,
    Decision,
    Meeting,
    Note,
    RoomScreen,
    Seat,
)
from tests import builders
from tests.browser.keys import Keys
from tests.live import change, every, stored

AGREED = "De gemeente belt morgen."
OTHERS = "Alleen de GGZ doet dit."
PAGES_OF_STAFF = ("/live", "/opening", "/projection", "/minutes", "/papers", "/calls")


@dataclass
class Table:
    """Who sits there, each in a window of their own."""

    chair: Page
    secretary: Page
    police: Page
    care: Page
    room: Page


@pytest.fixture
def world(live_server):
    """Police and care at the first item, care alone at the second; the meeting goes on."""
    made = builders.small_world(open_papers=True)
    change(Meeting, made.meeting.id, started_at=clock.now())
    for seat in (made.police_seat, made.care_seat, made.second_care_seat):
        change(Seat, seat.id, presence=PresenceState.PRESENT)
    return made


def sheet(visitor, world) -> Page:
    return visitor.go(f"/meetings/{world.meeting.id}/live?item={world.item.id}")


@pytest.fixture
def chair(world, visit) -> Page:
    return sheet(visit(world.chair.id), world)


def finish(page: Page, world) -> None:
    """Finish the item on the table and come back to it without saying who leaves."""
    here = page.url
    page.get_by_role("button", name="Bespreking afronden").click()
    expect(
        page.get_by_role("heading", level=1, name=re.compile("verlaat|afgerond"))
    ).to_be_visible()
    page.goto(here)


def capture(page: Page, text: str, to: str) -> None:
    """Write an agreement for an organisation down, and wait until it is stored."""
    field = page.get_by_role("combobox", name="Wat is afgesproken?")
    field.fill(f"/b {text} @{to}")
    field.press("Enter")
    expect(field).to_have_value("")
    expect(page.locator("#vastgelegd")).to_contain_text(text)


@pytest.fixture
def table(world, chair, visit) -> Table:
    chair.get_by_role("button", name="Begin met bespreken").click()
    expect(chair.get_by_text("Nu aan tafel").first).to_be_visible()
    expect(chair.locator("#verloop [aria-current=step]")).to_contain_text("nu aan tafel")
    windows = visit(world.chair.id)
    code = windows.go(f"/meetings/{world.meeting.id}/projection")
    code.get_by_role("button", name="Maak een code").click()
    room = visit()
    room.go("/projection").get_by_label("Code").fill(code.locator("[data-code]").inner_text())
    room.page.get_by_role("button", name="Toon het scherm").click()
    expect(room.page.get_by_role("heading", name=world.table.name)).to_be_visible()
    follow = [
        visit(one.id).go(f"/my-meetings/{world.meeting.id}/live")
        for one in (world.police, world.care)
    ]
    return Table(chair, sheet(visit(world.coordinator.id), world), *follow, room.page)


def test_four_people_and_a_room_each_see_their_own_part_of_one_discussion(table, world):
    """Both write at once; partners get what is theirs; the room gets what was pushed, and no more."""
    capture(table.chair, AGREED, "POL")
    capture(table.secretary, OTHERS, "GGZ")
    sheets = (table.chair, table.secretary)
    for page in sheets:
        page.reload()
        for line in (AGREED, OTHERS):
            expect(page.locator("#vastgelegd")).to_contain_text(line)
    for page, own, foreign in ((table.police, AGREED, OTHERS), (table.care, OTHERS, AGREED)):
        expect(page.get_by_text(own)).to_be_visible()
        assert foreign not in page.content()
    assert AGREED not in table.room.content()
    line = table.chair.locator("#vastgelegd li", has_text=AGREED)
    line.get_by_role("button", name="Zet op het scherm").click()
    expect(table.room.get_by_text(AGREED)).to_be_visible()
    assert OTHERS not in table.room.content()
    table.chair.get_by_role("button", name="Bespreking afronden").click()
    expect(table.room.get_by_text(AGREED)).to_have_count(0)
    for page in (table.police, table.care):
        expect(page.locator(".badge", has_text="besproken").first).to_be_visible()


def test_14_a_live_meeting_its_minutes_and_a_finished_action_with_the_keyboard_alone(
    world, chair, visit, frozen_clock
):
    keys = Keys(chair)
    keys.reach("Begin met bespreken", "button")
    chair.keyboard.press("Enter")
    expect(chair.get_by_text("Nu aan tafel").first).to_be_visible()
    keys.reach("Wat is afgesproken?", "input")
    chair.keyboard.type("/a Sleutel halen @POL >+2w")
    chair.keyboard.press("Enter")
    expect(chair.locator("#vastgelegd")).to_contain_text("Sleutel halen")
    keys.press_on("Bespreking afronden")
    keys.press_on("Ga verder")
    keys.press_on("Overleg sluiten")
    keys.press_on("Sluit het overleg")
    keys.press_on("Verslag vaststellen")
    keys.press_on("Stel het verslag vast")
    expect(chair.get_by_text("Vastgesteld op").first).to_be_visible()
    # What is reported comes after what was recorded: at one moment neither is the later.
    frozen_clock.advance(timedelta(minutes=1))
    police = Keys(visit(world.police.id).go("/my-actions"))
    police.press_on("Sleutel halen")
    police.choose("Afgerond")
    police.press_on("Opslaan")
    expect(police.page.get_by_role("button", name="Ongedaan maken")).to_be_visible()


def test_15_the_skip_link_comes_first_and_the_focus_follows_the_reading_order(world, chair):
    keys = Keys(chair)
    chair.evaluate("document.activeElement.blur()")
    chair.keyboard.press("Tab")
    assert keys.focused()["name"] == "Direct naar de inhoud"
    seen = []
    for _ in range(40):
        chair.keyboard.press("Tab")
        if keys.focused()["body"]:
            break
        keys.assert_seen()
        seen.append(chair.evaluate(
            "document.activeElement.closest('main') ? document.activeElement.closest('nav, .work, aside')?.tagName : 'X'"
        ))  # fmt: skip
    inside = [one for one in seen if one in {"NAV", "DIV", "ASIDE"}]
    assert inside == sorted(inside, key=["NAV", "DIV", "ASIDE"].index), inside


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (320, 640)])
def test_16_nothing_with_the_focus_is_hidden_by_what_sticks(world, chair, width, height):
    chair.set_viewport_size({"width": width, "height": height})
    keys = Keys(chair)
    for _ in range(60):
        chair.keyboard.press("Tab")
        if not keys.focused()["body"]:
            keys.assert_seen()


def test_22_the_preview_of_the_minutes_is_what_the_partner_gets(world, visit):
    builders.decision(world.item, world.chair, AGREED, to=[world.police_seat])
    builders.decision(world.item, world.chair, OTHERS, to=[world.care_seat])
    change(AgendaItem, world.item.id, opened_at=clock.now(), closed_at=clock.now())
    change(Meeting, world.meeting.id, closed_at=clock.now(), adopted_at=clock.now())
    preview = visit(world.chair.id).go(
        f"/meetings/{world.meeting.id}/minutes/{world.police_seat.id}"
    )
    own = visit(world.police.id).go(f"/my-meetings/{world.meeting.id}/extract")
    parts = [
        page.locator("[id^=onderdeel-]").evaluate_all("all => all.map((one) => one.outerHTML)")
        for page in (preview, own)
    ]
    assert parts[0] == parts[1] != []
    assert AGREED in "".join(parts[0])
    assert OTHERS not in preview.locator("[id^=onderdeel-]").first.inner_text() + own.content()


def test_23_what_is_hidden_leaves_no_trace_on_live_page_minutes_or_print(world, visit):
    """A note for others, a decision for others, the other item: no heading, no count, no gap."""
    hidden = [
        (Decision, builders.decision(world.item, world.chair, OTHERS, to=[world.care_seat])),
        (Note, builders.note(world.item, world.chair, "Voor de leiding.")),
    ]
    change(AgendaItem, world.item.id, opened_at=clock.now(), closed_at=clock.now())
    change(Meeting, world.meeting.id, closed_at=clock.now(), adopted_at=clock.now())
    police = visit(world.police.id)
    seen = []
    for _ in ("with", "without"):
        shown = ""
        for path in ("/live", "/extract"):
            page = police.go(f"/my-meetings/{world.meeting.id}{path}")
            for media in ("print", "screen"):
                page.emulate_media(media=media)
                shown += page.locator("main").inner_text()
        seen.append(shown)
        for model, row in hidden:
            change(model, row.id, deleted_at=clock.now())
    assert seen[0] == seen[1]
    for word in (OTHERS, "leiding", world.second_case.reference):
        assert word not in seen[0]


def test_27_titles_and_addresses_hold_no_name_and_no_reference(world, chair, visit):
    told = [one.name for one in (world.police, world.care)] + [
        world.case.reference, world.second_case.reference, "Kanarie",
    ]  # fmt: skip
    visitor = visit(world.chair.id)
    for path in PAGES_OF_STAFF:
        page = visitor.go(f"/meetings/{world.meeting.id}{path}")
        for one in told:
            assert one not in page.title() + page.url, path
        fields = page.locator("textarea, input[type=text]").evaluate_all(
            "all => all.filter((one) => one.autocomplete !== 'off').map((one) => one.name)"
        )
        assert not fields, f"{path} offers what was typed before in {fields}"
    for path in ("/live", "/extract"):
        page = visit(world.police.id).go(f"/my-meetings/{world.meeting.id}{path}")
        for one in told:
            assert one not in page.title() + page.url, path


def test_28_names_show_until_the_item_closes_and_that_is_logged(world, table, visit):
    page = table.chair
    assert "Kanarienaam" not in page.content()
    page.get_by_role("button", name="Toon namen").click()
    expect(page.get_by_text("Kanarienaam").first).to_be_visible()
    page.reload()
    assert "Kanarienaam" in page.content()
    assert "Kanarienaam" not in table.room.content()
    assert "Kanarienaam" not in table.secretary.content()
    finish(page, world)
    assert "Kanarienaam" not in page.content()
    assert any(one.event == "reveal-identity" for one in every(AuditEvent))


def test_29_somebody_without_a_seat_raises_the_gate_and_stays_only_with_a_reason(world, table):
    page = table.chair
    page.get_by_text("Iemand zonder deelname in de zaal?").click()
    page.get_by_label("Wie is er, en van welke organisatie?").fill("M. Extern, GGD")
    page.get_by_role("button", name="Noteer").click()
    expect(
        page.get_by_role("heading", name="Iemand in de zaal heeft hier geen deelname")
    ).to_be_visible()
    page.get_by_role("link", name="Alsnog laten deelnemen").click()
    page.get_by_role("button", name="Laat blijven").click()
    expect(page.get_by_role("alert").get_by_text("Er is een probleem")).to_be_visible()
    reason = "Arts van het kind, op verzoek van de tafel."
    page.get_by_label("Waarom mag deze persoon blijven?").fill(reason)
    page.get_by_role("button", name="Laat blijven").click()
    expect(page.locator("#kop")).to_be_visible()
    expect(
        page.get_by_role("heading", name="Iemand in de zaal heeft hier geen deelname")
    ).to_have_count(0)
    [there] = every(Bystander)
    assert there.is_admitted
    kinds = {one.object_kind for one in every(AuditEvent)}
    assert {"bystander", "bystander-admitted"} <= kinds


def test_30_mail_about_the_minutes_is_neutral_and_opening_its_link_changes_nothing(
    world, table, mails
):
    capture(table.chair, AGREED, "POL")
    page = table.chair
    finish(page, world)
    page.get_by_role("link", name="Overleg sluiten").click()
    page.get_by_role("button", name="Sluit het overleg").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Verslag")
    while outbox.drain():
        pass
    sent = mails(recipient=world.police.email)
    assert sent
    for mail in sent:
        whole = mail.subject + mail.text
        for word in (AGREED, "Kanarie", world.case.reference, world.care.name):
            assert word not in whole
    before = (
        stored(Meeting, world.meeting.id).version,
        stored(RoomScreen, world.meeting.id).is_blank,
    )
    [link] = re.findall(r"https?://\S*/my-meetings/\S+", sent[0].text)
    table.police.goto(link)
    expect(table.police.get_by_text(AGREED)).to_be_visible()
    assert before == (
        stored(Meeting, world.meeting.id).version,
        stored(RoomScreen, world.meeting.id).is_blank,
    )
