"""The main job with the keyboard alone: Tab, Enter, Space, arrows; the focus always to be seen."""

import re

import pytest
from playwright.sync_api import Page, expect

from app.infra import clock
from app.infra.db import transaction
from app.models import AgendaItem, Meeting
from tests import builders
from tests.browser.keys import Keys

INPUT = "Wij waren op 20 mei ter plaatse."
AGREED = "De politie rijdt twee keer per week langs."
ACTION = "Rooster doorgeven"


@pytest.fixture
def world(live_server) -> builders.World:
    made = builders.small_world(answered=False)
    builders.disclosure(made.police_seat, made.sections["identity"], made.coordinator)
    return made


@pytest.fixture
def sit_down(visit):
    """``sit_down(person, path)`` opens a page and gives the keyboard in front of it."""

    def make(person, path: str) -> Keys:
        return Keys(visit(person.id).go(path))

    return make


def test_a_representative(world, sit_down) -> None:
    with transaction() as session:
        meeting = session.get_one(Meeting, world.meeting.id)
        meeting.published_at = meeting.opens_at = clock.now()
        meeting.closes_at = meeting.ends_at
    builders.input_request(world.police_seat, world.coordinator)
    keys = sit_down(world.police, "/")
    page = keys.page

    keys.press_on("Ja, ik kom")
    expect(page.get_by_text("beantwoord").first).to_be_visible()
    keys.press_on("Open uw overleg")
    keys.press_on("Ik ga akkoord met de geheimhouding")
    keys.press_on("Kijk of u iemand kent")
    keys.press_on("Toon namen")
    keys.press_on("Ik ken niemand van hen privé")
    expect(page.get_by_text("Kanarieaanleiding")).to_be_visible()

    page.goto(page.url.split("/my-")[0] + "/")
    keys.press_on("Geef inbreng")
    keys.press_on("Dien in")
    keys.assert_on_summary()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert keys.focused()["type"] == "radio", "Enter on a line of the summary goes to its field"
    keys.choose("Bekend, ik schrijf het op")
    keys.type_in("Wat moet het overleg weten?", INPUT)
    keys.press_on("Dien in")
    expect(page.get_by_role("heading", level=1)).to_have_text("Start")

    page.goto(f"{page.url}my-meetings/{world.meeting.id}")
    keys.press_on("Kies een vervanger")
    keys.choose("C. Jansen")
    keys.press_on("Draag de deelname over")
    expect(page.get_by_text("Uw vervanger neemt de deelname over.")).to_be_visible()


def test_a_coordinator(world, sit_down) -> None:
    builders.standard(world.table, world.police_organisation.kind, world.types["children"])
    keys = sit_down(world.coordinator, f"/meetings/{world.meeting.id}")
    page, reference = keys.page, world.case.reference

    told, said = page.locator("[data-agenda-live]"), ""
    for way in ("later", "eerder"):
        keys.reach(f"{reference} {way}")
        page.keyboard.press("Enter")
        expect(told).not_to_have_text(said)
        said = told.inner_text()
        assert re.fullmatch(rf"{reference} staat nu op plaats \d van \d, om \d\d\.\d\d uur\.", said)
        assert keys.focused()["name"] == f"{reference} {way}", "the focus stays on the button"
        keys.assert_seen()

    keys.reach("bij", within="a.cell")
    first = keys.focused()["name"]
    page.keyboard.press("ArrowRight")
    keys.assert_seen()
    assert keys.focused()["name"] != first
    page.keyboard.press("ArrowLeft")
    assert keys.focused()["name"] == first

    page.goto(f"{page.url.split('/meetings')[0]}/items/{world.item.id}/standard")
    keys.reach("Kinderen")
    page.keyboard.press("Space")
    page.keyboard.press("Space")
    keys.press_on("Stel deze rubrieken open")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Deelname")

    page.goto(f"{page.url.split('/items')[0]}/meetings/{world.meeting.id}")
    keys.press_on("Controleer en stel open")
    keys.press_on("Stukken openstellen")
    expect(page.get_by_text("De stukken zijn opengesteld.").first).to_be_visible()


def test_a_chair(world, sit_down) -> None:
    keys = sit_down(world.chair, f"/meetings/{world.meeting.id}/live?item={world.item.id}")
    page = keys.page
    keys.press_on("Naar de opening")
    keys.press_on("De rest is aanwezig")
    expect(page.get_by_role("heading", name="2. Presentie")).to_be_visible()
    keys.press_on("Start overleg")
    keys.reach("Begin met bespreken", "button")
    page.keyboard.press("Enter")
    keys.type_in("Wat is afgesproken?", f"/b {AGREED}")
    page.keyboard.press("Enter")
    expect(page.locator("#vastgelegd")).to_contain_text(AGREED)
    page.keyboard.press("Shift+Tab")
    keys.unfold("Met een formulier")
    keys.unfold("Actie vastleggen")
    keys.press_on("Leg actie vast")
    keys.assert_on_summary()
    keys.type_in("Actie, neutrale tekst", ACTION)
    keys.reach("Actiehouder")
    page.keyboard.type("POL")
    keys.type_in("Uiterlijk", "10-6-2026")
    keys.press_on("Leg actie vast")
    expect(page.locator("#vastgelegd")).to_contain_text(ACTION)
    keys.press_on("Bespreking afronden")
    with transaction() as session:
        assert session.get_one(AgendaItem, world.item.id).closed_at


def test_the_skip_link_comes_first_and_leads_to_the_content(world, sit_down) -> None:
    keys = sit_down(world.coordinator, "/meetings")
    page: Page = keys.page
    page.keyboard.press("Tab")
    assert keys.focused()["name"] == "Direct naar de inhoud"
    keys.assert_seen()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
