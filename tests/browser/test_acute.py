"""Samen op in Acuut on a phone: what cannot be sent waits in memory alone, and goes in order."""

import pytest
from playwright.sync_api import expect

from app.access.disclosure import section_binding
from app.domain.kinds import TableKind
from app.infra import crypto
from app.infra.crypto import Sealed
from app.models import Referral, Section
from tests import builders
from tests.live import every

STORED = """async () => JSON.stringify([
  {...localStorage}, {...sessionStorage}, (await indexedDB.databases()).map((one) => one.name)])"""
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def visitor(live_server, visit):
    """Somebody of the police on duty, with a phone."""
    world = builders.small_world()
    spot = builders.table("Acuut Deltaland", "ACU", kind=TableKind.ON_THE_SPOT)
    builders.scheme(spot)
    builders.section_type(spot, "agreements", "Afspraken ter plaatse", 9, is_plan=True)
    action = builders.table("Actie-overleg Deltaland", "ACT", kind=TableKind.ACTION)
    builders.coordinator(world.host, action)
    made = visit(builders.representative(world.police_organisation, spot).id)
    made.page.set_viewport_size(PHONE)
    made.go("/acute")
    return made


def send(page, agreed: str) -> None:
    page.get_by_label("Wat is afgesproken").fill(agreed)
    page.get_by_label("Actie-overleg Deltaland").check()
    page.get_by_label("Ja", exact=True).check()
    page.get_by_role("button", name="Versturen").click()


def test_what_is_typed_without_a_network_waits_marked_and_goes_in_order(visitor):
    page, waiting = visitor.page, visitor.page.locator("#rij")
    agreed = "Vader slaapt elders\nMorgen belt Veilig Thuis", "Sleutel is ingeleverd"
    page.context.set_offline(True)
    for text in agreed:
        send(page, text)
        expect(page.get_by_label("Wat is afgesproken")).to_have_value("")
    expect(waiting).to_contain_text("Nog niet verstuurd (2)")
    expect(waiting).to_contain_text("Morgen belt Veilig Thuis")
    assert page.evaluate(STORED) == "[{},{},[]]"
    assert not every(Referral)
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.evaluate("() => { location.href = '/' }")
    page.wait_for_timeout(100)
    assert asked == ["beforeunload"]
    sent = []
    page.on("request", lambda one: one.method == "POST" and sent.append(one.post_data))
    page.context.set_offline(False)
    expect(waiting).to_be_hidden()
    expect(page.locator("#gemeld li")).to_have_count(2)
    texts = {crypto.unseal(Sealed(one.text_ct, section_binding(one.id))) for one in every(Section)}
    assert set(agreed) <= texts
    assert ["Vader slaapt" in one for one in sent[:2]] == [True, False]
    assert page.evaluate(STORED) == "[{},{},[]]"
    visitor.complaints[:] = [
        one for one in visitor.complaints if "ERR_INTERNET_DISCONNECTED" not in one
    ]

    cookies = page.context.cookies()
    page.context.clear_cookies(name="casustafel")
    send(page, "Blijft staan")
    expect(waiting).to_contain_text("U bent uitgelogd")
    expect(waiting).not_to_contain_text("Blijft staan")
    page.context.add_cookies(cookies)
    page.evaluate("() => window.dispatchEvent(new Event('online'))")
    expect(waiting).to_be_hidden()
    assert len(every(Referral)) == 3

    page.get_by_label("Wat is afgesproken").fill("Zonder ja of nee")
    page.get_by_label("Actie-overleg Deltaland").check()
    page.get_by_role("button", name="Versturen").click()
    mistake = page.locator("#formulier .failed")
    expect(mistake).not_to_have_count(0)
    page.get_by_label("Ja", exact=True).check()
    page.get_by_role("button", name="Versturen").click()
    expect(mistake).to_have_count(0)
    expect(page.get_by_label("Wat is afgesproken")).to_have_value("")
    expect(waiting).to_be_hidden()
    assert len(every(Referral)) == 4
    visitor.assert_accessible()
