"""The whole main job in a browser: four people, eight steps, each partner only its own part."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from app.domain.kinds import OrganisationKind
from app.models import CaseTable, Person
from tests import builders

QUESTION = "Wat is nodig om moeder en kind veilig te laten wonen?"
REASON = "Drie meldingen in twee maanden, de laatste op 20 mei."
CHILDREN = "Het kind gaat sinds een week niet naar school."
INPUT = "Wij waren op 20 mei ter plaatse; dat is ons eigen verslag."
AGREED = "De politie rijdt twee keer per week langs."
ACTION = "Rooster doorgeven"
FULL = "Geef het rooster van de wijkagent door aan Veilig Thuis."


@dataclass(frozen=True)
class Table:
    """A table with nothing on it yet, and the people who will sit there."""

    at: CaseTable
    chair: Person
    coordinator: Person
    police: Person
    care: Person


@pytest.fixture
def table(live_server) -> Table:
    host = builders.organisation("GEM", OrganisationKind.MUNICIPALITY, name="Gemeente Deltaland")
    police = builders.organisation("POL", OrganisationKind.POLICE, name="Politie")
    care = builders.organisation("GGZ", OrganisationKind.MENTAL_HEALTH, name="GGZ Delta")
    at = builders.table()
    for of in (host, police, care):
        builders.covenant(of, at)
    types = builders.scheme(at)
    builders.standard(at, OrganisationKind.POLICE, types["reason"])
    return Table(
        at=at,
        chair=builders.chair(host, at, "M. de Graaf"),
        coordinator=builders.coordinator(host, at, "N. de Wit"),
        police=builders.representative(police, at, "A. Yilmaz"),
        care=builders.representative(care, at, "T. Mulder"),
    )


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).first.click()
    page.wait_for_load_state()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name).first.click()
    page.wait_for_load_state()


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(text)


def write_case(page: Page) -> str:
    """Step 1: a case with a question, somebody concerned and two sections. Gives its reference."""
    follow(page, "Casussen")
    follow(page, "Nieuwe casus")
    page.get_by_role("combobox", name="Overleg").select_option(label="MDA++ Deltaland")
    page.get_by_label("Aanbrengende organisatie").select_option(label="Politie")
    page.get_by_role("textbox", name="Vraag aan het overleg").fill(QUESTION)
    press(page, "Casus aanmaken")
    heading(page, "Casus MDA-")
    reference = page.get_by_role("heading", level=1).inner_text().removeprefix("Casus ")
    follow(page, "Betrokkene toevoegen")
    page.get_by_label("slachtoffer").check()
    page.get_by_label("Aanduiding zonder naam").fill("Moeder")
    page.get_by_label("Naam, geboortedatum en adres").fill("Jo Voorbeeld, 1-2-1990")
    press(page, "Opslaan")
    expect(page.get_by_text("Persoonsgegevens afgeschermd")).to_be_visible()
    for kind, source, text in (
        ("Aanleiding", "Gemeente Deltaland", REASON),
        ("Kinderen", "Gemeente Deltaland", CHILDREN),
    ):
        follow(page, "Rubriek toevoegen")
        page.get_by_role("combobox", name="Rubriek").select_option(label=kind)
        page.get_by_label("Bron").select_option(label=source)
        page.get_by_role("textbox", name="Tekst").fill(text)
        press(page, "Opslaan")
        expect(page.get_by_text(text)).to_be_visible()
    return reference


def plan_meeting(page: Page, reference: str) -> str:
    """Step 2: a meeting with the case on its agenda. Gives the address of the preparation page."""
    follow(page, "Overleggen")
    follow(page, "Nieuw overleg")
    page.get_by_label("Casustafel").select_option(label="MDA++ Deltaland")
    page.get_by_label("Datum").fill("3-6-2026")
    page.get_by_label("Begin").fill("13.00")
    page.get_by_role("textbox", name="Einde").fill("15.00")
    press(page, "Overleg plannen")
    heading(page, "Voorbereiding MDA++ Deltaland")
    preparation = page.url
    follow(page, "Casus toevoegen")
    page.get_by_role("combobox", name="Casus").select_option(label=reference)
    press(page, "Zet op de agenda")
    expect(page.locator("#agenda-list")).to_contain_text(reference)
    return preparation


def give_seat(page: Page, preparation: str, organisation: str, person: str) -> None:
    """Step 3: the seat of an organisation at the case, with its occupant."""
    page.goto(preparation)
    page.get_by_role("table", name="Casussen en organisaties").get_by_role(
        "link", name=f"{organisation} bij"
    ).click()
    page.get_by_label("Deelnemer").select_option(label=person)
    press(page, "Geef deelname")
    heading(page, f"{organisation} bij")


def disclose(page: Page, preparation: str) -> None:
    """Step 3: the standard for the police in one act, a deviation for the care organisation."""
    give_seat(page, preparation, "Politie", "A. Yilmaz")
    give_seat(page, preparation, "GGZ Delta", "T. Mulder")
    page.get_by_label("Kinderen").check()
    page.get_by_role("textbox", name="Grondslag").fill("Artikel 6 lid 1 onder e AVG")
    page.get_by_role("textbox", name="Doel").fill("Veiligheidsplan")
    page.get_by_role("textbox", name="Noodzaak").fill(
        "Zonder deze rubriek kan GGZ Delta niets afspreken."
    )
    press(page, "Opslaan")
    heading(page, "Deelname aan MDA-")
    follow(page, "Standaardrubrieken bevestigen")
    press(page, "Stel deze rubrieken open")
    follow(page, "Bekijk als A. Yilmaz")
    heading(page, "Zo ziet A. Yilmaz dit overleg")
    expect(page.locator("#voorbeeld")).to_contain_text(REASON)
    expect(page.locator("#voorbeeld")).not_to_contain_text(CHILDREN)


def invite_ask_and_publish(page: Page, preparation: str) -> None:
    """Step 4: three separate acts."""
    page.goto(preparation)
    follow(page, "Uitnodigingen")
    press(page, "Nodig iedereen uit (2)")
    expect(page.get_by_role("button", name="Nodig iedereen uit")).to_have_count(0)
    follow(page, "Inbreng")
    page.get_by_label("Uiterste datum").fill("3-6-2026")
    page.get_by_label("Uiterste tijd").fill("9.00")
    press(page, "Vraag om inbreng")
    expect(page.locator("#inbreng").get_by_text("ontbreekt").first).to_be_visible()
    page.goto(preparation)
    follow(page, "Controleer en stel open")
    press(page, "Stukken openstellen")
    expect(page.get_by_text("De stukken zijn opengesteld.").first).to_be_visible()


def take_part(page: Page, url: str) -> None:
    """Step 5: agree to confidentiality, read, give input, answer."""
    page.goto(url)
    follow(page, "Vervanger of meer")
    expect(page.get_by_role("heading", name="Geheimhouding")).to_be_visible()
    expect(page.get_by_text(REASON)).to_have_count(0)
    press(page, "Ik ga akkoord met de geheimhouding")
    expect(page.get_by_text(REASON).first).to_be_visible()
    expect(page.get_by_text(QUESTION).first).to_be_visible()
    expect(page.get_by_text(CHILDREN)).to_have_count(0)
    page.goto(url)
    page.locator("#asked").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="Kent u iemand privé?")).to_be_visible()
    expect(page.get_by_text(QUESTION)).to_have_count(0)
    press(page, "Toon namen")
    expect(page.get_by_text("Jo Voorbeeld").first).to_be_visible()
    press(page, "Ik ken niemand van hen privé")
    expect(page.get_by_text(QUESTION).first).to_be_visible()
    page.get_by_label("Bekend, ik schrijf het op").check()
    page.get_by_label("Wat moet het overleg weten?").fill(INPUT)
    press(page, "Dien in")
    heading(page, "Start")
    expect(page.locator("#asked")).to_have_count(0)
    press(page, "Ja, ik kom")
    expect(page.get_by_text("beantwoord").first).to_be_visible()


def lead(page: Page, preparation: str, reference: str) -> None:
    """Step 6: presence, an agreement and an action, then the end."""
    page.goto(preparation)
    follow(page, "Naar de opening")
    press(page, "Start overleg")
    press(page, "Begin met bespreken")
    expect(page.locator("#kop").get_by_text("Nu aan tafel").first).to_be_visible()
    heading(page, reference)
    page.get_by_text("niet genoteerd POL A. Yilmaz").click()
    page.get_by_label("Aanwezigheid van POL A. Yilmaz").select_option(label="aanwezig")
    press(page, "Zet POL A. Yilmaz")
    expect(page.get_by_role("heading", name="Aan tafel")).to_contain_text("1 van 2")
    page.get_by_label("Wat is afgesproken?").fill(f"/b {AGREED}")
    page.keyboard.press("Enter")
    expect(page.locator("#vastgelegd")).to_contain_text(AGREED)
    page.get_by_text("Met een formulier").click()
    page.get_by_text("Actie vastleggen").click()
    page.get_by_label("Actie, neutrale tekst").fill(ACTION)
    page.get_by_label("Inhoudelijke tekst").fill(FULL)
    page.get_by_label("Actiehouder (verplicht)").select_option(label="POL A. Yilmaz")
    page.locator("input[name=due_on]").fill("10-6-2026")
    press(page, "Leg actie vast")
    expect(page.locator("#vastgelegd")).to_contain_text(ACTION)
    press(page, "Bespreking afronden")
    expect(page.get_by_role("button", name="Bespreking afronden")).to_have_count(0)
    press(page, "Ga verder")
    follow(page, "Overleg sluiten")
    press(page, "Sluit het overleg")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Verslag")


def report_done(page: Page, url: str) -> None:
    """Steps 8 and 7: the list of the day, marked as a concept; then the action reported done."""
    page.goto(url + "/my-meetings")
    page.locator("main").get_by_role("link").filter(has_text="2026").first.click()
    follow(page, "Uw afspraken en acties van dit overleg")
    expect(page.locator("main")).to_contain_text("concept", ignore_case=True)
    expect(page.get_by_text(AGREED).first).to_be_visible()
    expect(page.locator("main")).to_contain_text(FULL)
    follow(page, "Mijn acties")
    follow(page, ACTION)
    expect(page.get_by_text(FULL).first).to_be_visible()
    page.get_by_label("Afgerond").check()
    press(page, "Opslaan")
    heading(page, "Mijn acties")


def follow_up(page: Page, url: str) -> None:
    """Step 7: done actions are found on the board."""
    page.goto(url + "/actions?state=done")
    row = page.get_by_role("row").filter(has_text=ACTION)
    expect(row).to_contain_text("Afgerond")
    expect(page.locator("main")).not_to_contain_text(FULL)


def test_the_main_job(table, visit):
    coordinator = visit(table.coordinator.id)
    desk = coordinator.go("/")
    reference = write_case(desk)
    preparation = plan_meeting(desk, reference)
    disclose(desk, preparation)
    invite_ask_and_publish(desk, preparation)

    police = visit(table.police.id)
    take_part(police.page, police.url)
    care = visit(table.care.id)
    care.go("/")
    follow(care.page, "Vervanger of meer")
    press(care.page, "Ik ga akkoord met de geheimhouding")
    expect(care.page.get_by_text(CHILDREN).first).to_be_visible()
    for hidden in (REASON, INPUT):
        expect(care.page.get_by_text(hidden)).to_have_count(0)

    chair = visit(table.chair.id)
    lead(chair.page, preparation, reference)

    report_done(police.page, police.url)
    follow_up(desk, coordinator.url)
    care.go("/my-actions")
    expect(care.page.get_by_text(ACTION)).to_have_count(0)
