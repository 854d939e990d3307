"""Two representatives follow one meeting, each at another item; an idle window gives nothing away."""

import pytest
from playwright.sync_api import Page, expect

from app.domain.kinds import PresenceState
from app.features.accounts.hashing import hash_password
from app.features.accounts.sign_in import secret_binding
from app.infra import clock, crypto
from app.models import AgendaItem, Meeting, Person, Seat
from tests import builders
from tests.accounts import PASSWORD, SECRET, code
from tests.live import change
from tests.seats import later

OWN, OTHER = "Kanarieaanleiding", "Kanarietweede"


@pytest.fixture
def world(live_server):
    """The police sit at the first item, care at the second alone; papers open with the item."""
    made = builders.small_world(open_papers=True)
    change(Meeting, made.meeting.id, started_at=clock.now(), opens_with_item=True)
    for seat in (made.police_seat, made.second_care_seat):
        change(Seat, seat.id, presence=PresenceState.PRESENT)
    change(Seat, made.care_seat.id, removed_at=clock.now())
    section = builders.section(made.second_case, made.types["reason"], made.host, OTHER)
    builders.disclosure(made.second_care_seat, section, made.chair)
    return made


def watch(visitor, world) -> Page:
    """Open the live page; its script asks again when the test says that three seconds passed."""
    visitor.page.clock.install()
    visitor.go(f"/my-meetings/{world.meeting.id}")
    visitor.page.get_by_role("link", name="Volg het overleg").click()
    expect(visitor.page.locator("h1")).to_have_text("Volg het overleg")
    return visitor.page


def three_seconds(*pages: Page) -> None:
    for page in pages:
        page.clock.run_for(3000)


def take_up(item, **more) -> None:
    change(AgendaItem, item.id, opened_at=clock.now(), **more)


def test_each_sees_its_own_item_wait_open_and_close(world, visit):
    one, two = visit(world.police.id), visit(world.care.id)
    police, care = watch(one, world), watch(two, world)
    for page in (police, care):
        expect(page.locator("[data-say]")).to_have_count(1)
        expect(page.locator(".badge", has_text="wacht")).to_be_visible()
        assert "Kanarie" not in page.content()

    take_up(world.item)
    three_seconds(police, care)
    expect(police.get_by_text(OWN)).to_be_visible()
    expect(police.locator("[data-live-voice]")).to_have_text("Bespreking 1: nu aan tafel.")
    builders.decision(world.item, world.chair, "Wij bellen morgen.", to=[world.police_seat])
    builders.note(world.item, world.chair, "Let op de sleutel.", to=[world.police_seat])
    mark = builders.oral_mark(world.police_seat, world.chair)
    three_seconds(police, care)
    expect(police.get_by_text("Wij bellen morgen.")).to_be_visible()
    expect(police.get_by_text("Let op de sleutel.")).to_be_visible()
    police.get_by_role("button", name="Akkoord").click()
    expect(police.get_by_text("U vindt het goed")).to_be_visible()
    one.assert_accessible()

    take_up(world.item, closed_at=clock.now())
    take_up(world.second_item)
    three_seconds(police, care)
    expect(police.locator(".badge", has_text="besproken")).to_be_visible()
    expect(care.get_by_text(OTHER)).to_be_visible()
    assert OTHER not in police.content()
    for word in (OWN, "bellen", "sleutel", str(mark.id), "Bespreking 2"):
        assert word not in care.content(), word


def test_an_idle_page_is_emptied_and_comes_back_where_it_was_after_signing_in(world, visit):
    change(
        Person, world.police.id, password_hash=hash_password(PASSWORD), totp_last_step=1,
        totp_ct=crypto.seal(crypto.ACCOUNTS, SECRET, belongs_to=secret_binding(world.police.id)),
    )  # fmt: skip
    take_up(world.item)
    visitor = visit(world.police.id)
    page = watch(visitor, world)
    expect(page.get_by_text(OWN)).to_be_visible()
    address = page.url
    later(minutes=14)
    three_seconds(page)
    expect(page.get_by_text(OWN)).to_be_visible()
    later(minutes=1)
    three_seconds(page)
    expect(page.get_by_role("heading", name="U bent uitgelogd")).to_be_visible()
    assert OWN not in page.content(), "taken out of the page, not hidden"
    assert world.case.reference not in page.content()

    page.get_by_role("link", name="Opnieuw inloggen").click()
    expect(page.get_by_label("E-mailadres")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("E-mailadres")).to_be_visible()
    assert OWN not in page.content(), "nor does the Back button bring it"
    page.go_forward()
    expect(page.get_by_label("E-mailadres")).to_be_visible()
    page.get_by_label("E-mailadres").fill(world.police.email)
    page.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Verder").click()
    page.locator("input[name=code]").fill(code())
    page.locator("main form button[type=submit]").last.click()
    expect(page.get_by_text(OWN)).to_be_visible()
    assert page.url == address
