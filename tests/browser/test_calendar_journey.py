"""A table's rhythm in a browser: planned, one meeting moved, one cancelled, and a reply by mail."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from app.domain.kinds import OrganisationKind
from app.infra import outbox
from config import Mode
from tests import builders


@pytest.fixture
def table(live_server, monkeypatch):
    """A table with a chair and the police, in an application that has its demo mailbox."""
    settings = live_server.app.config["SETTINGS"]
    monkeypatch.setitem(live_server.app.config, "SETTINGS", replace(settings, mode=Mode.DEMO))
    host = builders.organisation("GEM", OrganisationKind.MUNICIPALITY, name="Gemeente Deltaland")
    police = builders.organisation("POL", OrganisationKind.POLICE, name="Politie")
    at = builders.table()
    for of in (host, police):
        builders.covenant(of, at)
    builders.scheme(at)
    case = builders.case(at, police)
    return {
        "case": case,
        "chair": builders.chair(host, at, "M. de Graaf"),
        "police": builders.representative(police, at, "A. Yilmaz"),
        "police_organisation": police,
    }


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_load_state()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name).first.click()
    page.wait_for_load_state()


def plan_a_series(page: Page) -> None:
    """Every other Thursday, looked at before it is planned."""
    follow(page, "Overleggen")
    follow(page, "Reeksen")
    follow(page, "Nieuwe reeks")
    page.get_by_label("op vaste dagen van de week").check()
    page.get_by_label("donderdag").check()
    page.get_by_label("Om de hoeveel weken of maanden?").fill("2")
    page.get_by_label("Eerste dag").fill("4-6-2026")
    page.get_by_label("Laatste dag").fill("31-7-2026")
    page.get_by_label("Begin").fill("13.00")
    page.get_by_role("textbox", name="Einde").fill("15.00")
    page.get_by_label("Plaats").fill("Zaal 2")
    press(page, "Bekijk de dagen")
    shown = page.locator("#voorbeeld")
    expect(shown).to_contain_text("5 overleggen:")
    expect(shown).to_contain_text("donderdag 18 juni 2026")
    expect(shown).to_contain_text("M. de Graaf (Gemeente Deltaland)")
    press(page, "Zo plannen")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Reeks van MDA++ Deltaland")


def mails_read(page: Page) -> list[str]:
    """The subjects in the demo mailbox, newest first."""
    while outbox.drain():
        pass
    follow(page, "Postbus van de voorbeeldomgeving")
    links = page.locator("main table a[href^='/demo/mail/']")
    return [text.removeprefix("Openen: ") for text in links.all_inner_texts()]


def test_a_series_is_planned_changed_and_answered(table, visit: Callable) -> None:
    chair = visit(table["chair"].id).go("/")
    plan_a_series(chair)
    series = chair.url
    assert mails_read(chair) == ["Overlegreeks vanaf 04-06 13:00"]

    chair.goto(series)
    follow(chair, "donderdag 18 juni 2026")
    follow(chair, "Wijzig tijd of plaats")
    chair.get_by_label("Datum").fill("19-6-2026")
    press(chair, "Opslaan")
    moved = chair.url
    chair.goto(series)
    expect(chair.locator("#overleggen")).to_contain_text("verplaatst; stond op donderdag 18 juni")
    assert "Gewijzigd: overleg 19-06 13:00" in mails_read(chair)

    chair.goto(series)
    follow(chair, "donderdag 16 juli 2026")
    follow(chair, "Overleg afzeggen")
    press(chair, "Overleg afzeggen")
    chair.goto(series)
    expect(chair.locator("#overleggen")).not_to_contain_text("16 juli")
    assert "Vervallen: overleg 16-07 13:00" in mails_read(chair)

    chair.goto(moved)
    follow(chair, "Casus toevoegen")
    chair.get_by_role("combobox", name="Casus").select_option(label=table["case"].reference)
    press(chair, "Zet op de agenda")
    chair.get_by_role("table", name="Casussen en organisaties").get_by_role(
        "link", name="Politie bij"
    ).click()
    chair.get_by_label("Deelnemer").select_option(label="A. Yilmaz")
    press(chair, "Geef deelname")
    chair.goto(f"{moved}/invitations")
    press(chair, "Nodig iedereen uit (1)")
    assert "Uitnodiging overleg 19-06 13:00" in mails_read(chair)

    follow(chair, "Uitnodiging overleg 19-06 13:00")
    expect(chair.locator("#calendar")).to_contain_text("Overleg")
    press(chair, "Accepteren")
    expect(chair.get_by_text("Beantwoord, zoals een agendaprogramma dat doet.")).to_be_visible()
    chair.goto(f"{moved}/invitations")
    expect(chair.locator("#uitnodigingen")).to_contain_text("komt per e-mail")
