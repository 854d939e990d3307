"""The capture line in a browser, by the numbers of the acceptance list: 12, 18, 20, 21."""

import time

import pytest
from playwright.sync_api import Page, expect

from app.domain.kinds import PresenceState
from app.infra import clock
from app.infra.db import transaction
from app.models import Action, AuditEvent, Decision, Meeting, Note, Seat
from tests import builders
from tests.live import every, text_of

STORED = """async () => JSON.stringify([
  {...localStorage}, {...sessionStorage}, (await indexedDB.databases()).map((one) => one.name)])"""


@pytest.fixture
def world(live_server):
    made = builders.small_world(open_papers=True)
    recl = builders.organisation("RECL", name="Reclassering")
    builders.seat(made.item, recl, builders.person(recl, "S. Bakker"))
    with transaction() as session:
        session.get_one(Meeting, made.meeting.id).started_at = clock.now()
        session.get_one(Seat, made.police_seat.id).presence = PresenceState.PRESENT
    return made


@pytest.fixture
def chair(world, visit):
    visitor = visit(world.chair.id)
    visitor.go(f"/meetings/{world.meeting.id}/live?item={world.item.id}")
    return visitor


@pytest.fixture
def page(chair) -> Page:
    return chair.page


COOKIE = "casustafel"


def line_of(page: Page):
    return page.get_by_role("combobox", name="Wat is afgesproken?")


def answers_are_no_fault(chair, world) -> None:
    """Chromium calls a question with status 422 an error; here it is an answer."""
    chair.documents.add(f"{chair.url}/meetings/{world.meeting.id}/items/{world.item.id}/capture")


def test_20_a_line_is_saved_within_a_second_and_the_focus_stays(page):
    line = line_of(page)
    line.focus()
    page.keyboard.type("/a Plan delen @rec >vr")
    expect(page.locator("#line-reads")).to_contain_text(
        "Leest als: actie voor S. Bakker (RECL), uiterlijk vr 05-06-2026"
    )
    before = time.monotonic()
    page.keyboard.press("Enter")
    expect(page.locator("#vastgelegd")).to_contain_text("Plan delen")
    assert time.monotonic() - before < 1
    expect(line).to_be_focused()
    expect(line).to_have_value("")
    expect(page.locator("[data-part][role=status]")).to_have_text(
        "Vastgelegd: actie, uiterlijk vr 05-06-2026."
    )
    page.keyboard.type("/n Volgende keer eerder beginnen")
    expect(page.get_by_role("radio", name="Notitie")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.locator("[data-part][role=status]")).to_have_text("Vastgelegd: notitie.")
    assert (len(every(Action)), len(every(Note))) == (1, 1)


def test_20_who_could_be_two_and_a_past_date_are_asked_first(chair, page, world):
    builders.seat(world.item, world.police_organisation, world.police_colleague)
    page.reload()
    answers_are_no_fault(chair, world)
    line = line_of(page)
    line.fill("Bel terug @pol >3-5")
    line.press("Enter")
    reads = page.locator("#line-reads")
    expect(reads).to_contain_text("Er zijn meer deelnemers die u kunt bedoelen.")
    expect(reads).to_contain_text("Deze datum is voorbij.")
    expect(line).to_have_value("Bel terug @pol >3-5")
    assert not every(Action)
    page.get_by_role("radio", name="C. Jansen (POL)").check()
    page.get_by_label("Uiterlijk").first.fill("12-6-2026")
    chair.assert_accessible()
    page.get_by_role("button", name="Vastleggen", exact=False).first.click()
    expect(page.locator("#vastgelegd")).to_contain_text("C. Jansen")
    expect(line).to_be_focused()
    expect(line).to_have_value("")
    assert every(Action)[0].person_id == world.police_colleague.id


def test_the_page_that_reads_back_without_a_script_is_readable(chair, page):
    line_of(page).fill("/a Bel @ggz >3-5")
    with page.expect_navigation():
        page.evaluate("document.querySelector('[data-capture]').submit()")
    expect(page.get_by_text("Deze datum is voorbij.")).to_be_visible()
    chair.assert_accessible()


def test_21_names_are_chosen_with_the_keys_of_a_combobox(chair, page):
    line, box = line_of(page), page.get_by_role("listbox", name="Wie")
    options = box.get_by_role("option")
    chosen = box.locator("[aria-selected=true]")
    line.focus()
    page.keyboard.type("/a Bel @")
    expect(options).to_have_count(3)
    expect(line).to_have_attribute("aria-expanded", "true")
    expect(chosen).to_contain_text("T. Mulder")
    for key, name in (
        ("ArrowDown", "A. Yilmaz"), ("End", "S. Bakker"), ("ArrowDown", "T. Mulder"),
        ("ArrowUp", "S. Bakker"), ("Home", "T. Mulder"),
    ):  # fmt: skip
        page.keyboard.press(key)
        expect(chosen).to_contain_text(name)
        expect(line).to_have_attribute("aria-activedescendant", chosen.get_attribute("id"))
    options.last.hover()
    expect(chosen).to_contain_text("T. Mulder")
    chair.assert_accessible()
    line.focus()
    page.keyboard.type("b")
    expect(options).to_have_count(1)
    page.keyboard.press("Tab")
    expect(line).to_have_value("/a Bel @RECL ")
    expect(line).to_be_focused()
    expect(box).to_be_hidden()
    page.keyboard.type("en @mu")
    page.keyboard.press("Enter")
    expect(line).to_have_value("/a Bel @RECL en @GGZ ")
    assert not every(Action), "Enter took the name and saved nothing"
    page.keyboard.type("@")
    options.nth(1).click()
    expect(line).to_have_value("/a Bel @RECL en @GGZ @POL ")


def test_18_escape_closes_the_listbox_and_leaves_what_was_typed(page):
    line, box = line_of(page), page.get_by_role("listbox", name="Wie")
    line.focus()
    page.keyboard.type("/a Bel @y")
    expect(box).to_be_visible()
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    expect(line).to_be_focused()
    expect(line).to_have_value("/a Bel @y")
    page.keyboard.press("Escape")
    expect(line).to_have_value("/a Bel @y")
    page.keyboard.press("ArrowDown")
    expect(box).to_be_visible()


def test_12_without_a_network_lines_wait_in_memory_and_go_in_order(chair, page):
    line, waiting = line_of(page), page.locator(".waiting")
    page.context.set_offline(True)
    for text in ("/b Eerst", "/b Daarna", "/b Tenslotte"):
        line.fill(text)
        line.press("Enter")
        expect(line).to_have_value("")
    expect(waiting).to_contain_text("Nog niet opgeslagen (3)")
    expect(waiting.locator(".pre")).to_have_text("/b Eerst\n/b Daarna\n/b Tenslotte")
    assert page.evaluate(STORED) == "[{},{},[]]"
    assert not every(Decision)
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.evaluate("() => { location.href = '/' }")
    page.wait_for_timeout(100)
    assert asked == ["beforeunload"]
    page.context.set_offline(False)
    expect(waiting).to_be_hidden()
    for text in ("Eerst", "Daarna", "Tenslotte"):
        expect(page.locator("#vastgelegd")).to_contain_text(text)
    texts = {one.id: text_of(one) for one in every(Decision)}
    log = sorted(every(AuditEvent), key=lambda row: row.id)
    written = [row for row in log if row.object_kind == "decision" and row.event != "read"]
    assert [texts[row.object_id] for row in written] == ["Eerst", "Daarna", "Tenslotte"]
    assert page.evaluate(STORED) == "[{},{},[]]"
    chair.complaints[:] = [
        one for one in chair.complaints if "ERR_INTERNET_DISCONNECTED" not in one
    ]


def test_who_was_signed_out_keeps_the_line_and_it_goes_after_signing_in(chair, page, world, visit):
    line, waiting = line_of(page), page.locator(".waiting")
    cookies = page.context.cookies()
    page.context.clear_cookies(name=COOKIE)
    line.fill("/b Blijft staan")
    line.press("Enter")
    expect(waiting).to_contain_text("Nog niet opgeslagen (1). U bent uitgelogd.")
    expect(waiting).to_contain_text("Blijft staan")
    expect(waiting.get_by_role("link", name="Log in")).to_be_visible()
    assert not every(Decision)
    # The bar of the session empties the page; what waits goes on standing there.
    page.evaluate("""() => { document.querySelector("main").replaceChildren();
      document.dispatchEvent(new Event("emptied")); }""")
    expect(page.locator("main")).to_contain_text("Nog niet opgeslagen (1)")
    assert "Blijft staan" not in page.content(), "whoever comes by reads nothing"
    page.context.add_cookies(visit(world.coordinator.id).page.context.cookies())
    chair.documents.add(f"{chair.url}/meetings/{world.meeting.id}/items/{world.item.id}/capture")
    with page.expect_response(lambda answer: answer.status == 400):
        page.evaluate("() => window.dispatchEvent(new Event('online'))")
    assert "Blijft staan" not in page.content(), "nor whoever signs in there"
    page.context.add_cookies(cookies)
    page.evaluate("() => window.dispatchEvent(new Event('online'))")
    expect(waiting).to_be_hidden()
    assert [text_of(one) for one in every(Decision)] == ["Blijft staan"]


def test_a_line_that_can_never_be_saved_lets_the_others_go(chair, page, world):
    line, reads = line_of(page), page.locator("#line-reads")
    answers_are_no_fault(chair, world)
    reached = []

    def answer(route):
        if not reached:
            route.abort("internetdisconnected")
        elif "Verloren" in route.request.post_data:
            route.fulfill(status=404, content_type="text/html", body="Niet gevonden")
        else:
            route.continue_()

    page.route("**/capture", answer)
    for text in ("/b Verloren", "/b Daarna"):
        line.fill(text)
        line.press("Enter")
    expect(page.locator(".waiting")).to_contain_text("Nog niet opgeslagen (2)")
    reached.append(True)
    page.evaluate("() => window.dispatchEvent(new Event('online'))")
    expect(page.locator("#vastgelegd")).to_contain_text("Daarna")
    expect(reads).to_have_text("Deze regel kan niet worden opgeslagen.")
    expect(line).to_have_value("/b Verloren")
    expect(page.locator(".waiting")).to_be_hidden()
    chair.complaints[:] = [
        one for one in chair.complaints if "ERR_INTERNET_DISCONNECTED" not in one
    ]
