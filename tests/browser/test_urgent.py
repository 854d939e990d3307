"""The urgent table on a phone: form, calls, worksheet, in the taps of five minutes."""

import re

import pytest
from playwright.sync_api import Page, expect

from app.domain.kinds import TableRoleName
from app.models import Case, Meeting, TableContact
from tests import builders
from tests.seats import all_of, change

PHONE = {"width": 390, "height": 844}
TALL_ENOUGH = """() => [...document.querySelectorAll("main .taps button, main a.call, main .form button")]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44)
  .map((one) => one.textContent.trim())"""
SIDEWAYS = "document.documentElement.scrollWidth - innerWidth"


@pytest.fixture
def world(live_server):
    made = builders.small_world()
    builders.role(made.police_colleague, made.table, TableRoleName.REPRESENTATIVE)
    for position, who in enumerate((made.police, made.police_colleague), 1):
        builders.save(
            TableContact(
                table_id=made.table.id, organisation_id=made.police_organisation.id,
                position=position, person_id=who.id, phone=f"06-1234567{position}",
            )
        )  # fmt: skip
    change(Meeting, Meeting.id == made.meeting.id, cancelled_at=made.meeting.starts_at)
    return made


def fits(page: Page) -> None:
    assert page.evaluate(SIDEWAYS) <= 0, page.url
    assert page.evaluate(TALL_ENOUGH) == [], page.url


def test_five_minutes_on_a_phone(world, visit) -> None:
    visitor = visit(world.coordinator.id)
    visitor.page.set_viewport_size(PHONE)
    page = visitor.go("/")
    fits(page)
    page.get_by_role("link", name="Spoedoverleg").first.click()
    page.get_by_role("link", name="MDA++ Deltaland: acuut overleg").click()
    fits(page)
    page.get_by_label("Bij een nieuwe casus: wie brengt in?").select_option(label="Politie")
    page.get_by_label(re.compile("^Vraag aan het overleg")).fill("Wat is er vannacht nodig?")
    page.get_by_role("button", name="Start het spoedoverleg").click()
    # The call sheet: the first does not answer, the second comes and takes the seat.
    expect(page.get_by_role("heading", level=1)).to_have_text("Belblad")
    fits(page)
    police = page.locator(".sheet", has=page.get_by_role("heading", name="Politie"))
    expect(police.locator("li.next")).to_contain_text("A. Yilmaz")
    expect(police.get_by_role("link", name="06-12345671")).to_have_attribute(
        "href", "tel:0612345671"
    )
    police.get_by_role("button", name="Geen gehoor A. Yilmaz").click()
    expect(police.locator("li.next")).to_contain_text("C. Jansen")
    police.get_by_role("button", name="Komt C. Jansen").click()
    police.get_by_role("button", name="Wijs aan als deelnemer C. Jansen").click()
    expect(police).to_contain_text("deelnemer: C. Jansen")
    fits(page)
    # And on to the meeting itself, which may begin.
    page.get_by_role("link", name="Naar het overleg").click()
    assert page.evaluate(SIDEWAYS) <= 0, page.url
    page.locator("a[href$='/opening']").first.click()
    assert page.evaluate(SIDEWAYS) <= 0, page.url
    page.get_by_role("button", name="Start overleg").first.click()
    (made,) = all_of(Meeting, Meeting.id != world.meeting.id)
    assert made.started_at is not None
    # The worksheet of the meeting that has begun.
    visitor.go(f"/meetings/{made.id}/live")
    expect(page.get_by_text("Wat is er vannacht nodig?")).to_be_visible()
    assert page.evaluate(SIDEWAYS) <= 0, page.url
    known = {world.case.id, world.second_case.id}
    (reference,) = (one.reference for one in all_of(Case) if one.id not in known)
    for seen in visitor.documents:
        assert reference not in seen, "no case reference in any address"
    assert reference not in page.title()
    visitor.page.set_viewport_size({"width": 1280, "height": 900})
